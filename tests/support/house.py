"""A whole house for tests: database, worker and courier over the sandbox in process, turned by hand.

Nothing runs by itself: ``settle`` lets intake, worker and courier work until all three have nothing to do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session
from telegram import Bot

from bot import schema
from bot.context import CohortApplication, Installation, build_application
from bot.database import Database
from bot.inbox.deposit import deposit
from bot.inbox.intake import Health, Intake, Poller
from bot.inbox.worker import Worker
from bot.outbox import ledger
from bot.outbox.delivery import Again, Delivery, Moved, Reading, Renderer, Unreached, Wait
from bot.outbox.ledger import Claim, Exchange, Settlement
from bot.sandbox.core import Sandbox
from bot.sandbox.params import Upload
from bot.sandbox.request import SandboxRequest
from bot.turn import Turn, Turns
from tests.support.storage import lay_tables

MONDAY = datetime(2026, 12, 7, 0, 0, tzinfo=UTC)
OPERATOR = 900
EVERYTHING = Exchange([], [], Claim(500, 500))

assert schema  # the tables must be known before they are made


class HandClock:
    """A clock that moves only when told."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at


@dataclass
class Person:
    """Somebody with a phone, as the sandbox knows them."""

    id: int
    house: "TestHouse"

    async def say(self, text: str) -> list[dict[str, Any]]:
        """Type something and return what the bot says to it."""
        return await self.house.after(self.id, lambda: self.house.sandbox.say(self.id, text))

    async def press(self, label: str) -> list[dict[str, Any]]:
        """Press the newest button with that label (or part of it) and return what is then in the chat and new."""
        message_id, data = self.house.find_button(self.id, label)
        return await self.house.after(self.id, lambda: self.house.sandbox.press(self.id, message_id, data))

    async def press_data(self, message_id: int, data: str) -> list[dict[str, Any]]:
        """Press a button by its data."""
        return await self.house.after(self.id, lambda: self.house.sandbox.press(self.id, message_id, data))

    async def send_file(self, name: str, content: bytes) -> list[dict[str, Any]]:
        """Send a document."""
        return await self.house.after(
            self.id, lambda: self.house.sandbox.send_file(self.id, self.house.upload(name, content))
        )

    @property
    def chat(self) -> list[dict[str, Any]]:
        """Everything in the chat as Telegram's Message objects, oldest first."""
        return [row["wire"] for row in self.house.sandbox.world.messages.of_chat[self.id].values()]

    @property
    def last(self) -> str:
        """The text of the bot's newest message."""
        return next(
            (
                message.get("text") or message.get("caption") or ""
                for message in reversed(self.chat)
                if message["from"]["is_bot"]
            ),
            "",
        )

    @property
    def labels(self) -> list[str]:
        """The labels of all buttons of the bot's newest message that has any."""
        return next(
            (
                [button["text"] for button in buttons]
                for message in reversed(self.chat)
                if (buttons := buttons_of(message))
            ),
            [],
        )


def buttons_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The inline buttons under a message, row by row."""
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


class TestHouse:
    """The parts of a house, in process, with hand-moved time."""

    __test__ = False

    def __init__(
        self,
        database: Database,
        sandbox: Sandbox,
        clock: HandClock,
        application: CohortApplication,
        renderers: dict[str, Renderer],
        readings: dict[str, Reading],
    ) -> None:
        self.database = database
        self.sandbox = sandbox
        self.clock = clock
        self.application = application
        self.turns = Turns(database, clock)
        self.bot = Bot(sandbox.token, request=SandboxRequest(sandbox), get_updates_request=SandboxRequest(sandbox))
        self.worker = Worker(database, application, clock, application.installation.operators)
        self.intake = Intake(database, clock, "bot:1", lambda: None)
        self.poller = Poller(self.bot, self.intake, clock, Health())
        self.delivery = Delivery(self.bot, database, renderers, readings)

    def person(self, person_id: int, name: str = "小王", language: str = "en") -> Person:
        """Somebody new or known by that Telegram id."""
        self.sandbox.add_person(name, language_code=language, person_id=person_id)
        return Person(person_id, self)

    async def after(self, person_id: int, act: Callable[[], object]) -> list[dict[str, Any]]:
        """Do something as a person, let the house settle, and return the bot's messages that are new or edited."""
        chat = self.person(person_id)
        before = {message["message_id"]: message for message in chat.chat}
        act()
        await self.settle()
        return [
            message
            for message in chat.chat
            if message["from"]["is_bot"] and before.get(message["message_id"]) != message
        ]

    async def settle(self) -> None:
        """Work until inbox and outbox have nothing left that may go now."""
        while await self.fetch() or await self.worker.run_once() or await self._deliver():
            pass

    def write(self, work: Callable[[Session], Any]) -> Any:
        """Change the database directly."""
        return self.database.write_now(work)

    def take(self, work: Callable[[Turn], Any]) -> Any:
        """Take a turn directly."""
        return self.turns.take_now(work)

    def read(self, work: Callable[[Session], Any]) -> Any:
        """Look into the database."""
        return self.database.read_now(work)

    @staticmethod
    def upload(name: str, content: bytes) -> Upload:
        """A file as a phone uploads it."""
        return Upload(name, content)

    def find_button(self, person_id: int, label: str) -> tuple[int, str]:
        """Message and data of the newest button whose label has ``label`` in it."""
        chat = self.person(person_id).chat
        for message in reversed(chat):
            for button in buttons_of(message):
                if label in button["text"] and "callback_data" in button:
                    return message["message_id"], button["callback_data"]
        raise AssertionError(f"no button {label!r} among {[b['text'] for m in chat for b in buttons_of(m)]}")

    async def fetch(self) -> int:
        """Take in what waits at Telegram, without processing it; how many there were."""
        options = {"offset": self.poller._offset, "timeout": 0}  # noqa: SLF001 - one batch without the long wait
        updates = await self.bot.do_api_request("getUpdates", api_kwargs=options)
        if updates:
            await self.intake.store(updates)
            self.poller._offset = max(update["update_id"] for update in updates) + 1  # noqa: SLF001
        return len(updates)

    async def _deliver(self) -> int:
        now = self.clock.now()
        parcels = await self.database.write(lambda s: ledger.exchange(s, EVERYTHING, deposit, now))
        for parcel in parcels:
            outcome = await self.delivery.deliver(parcel)
            while isinstance(outcome, Wait | Unreached | Again | Moved):
                parcel.attempts += 1
                parcel.chat_id = outcome.chat_id if isinstance(outcome, Moved) else parcel.chat_id
                outcome = await self.delivery.deliver(parcel)
            assert isinstance(outcome, Settlement), outcome
            await self.database.write(lambda s, done=outcome: ledger.settle(s, [done], deposit, now))  # type: ignore[misc]
        return len(parcels)


async def build_house(
    database_url: str,
    register: Callable[[CohortApplication], None],
    *,
    at: datetime = MONDAY,
    renderers: dict[str, Renderer] | None = None,
    readings: dict[str, Reading] | None = None,
    sandbox: Sandbox | None = None,
    clock: HandClock | None = None,
) -> TestHouse:
    """Put a house together on an empty database."""
    database = Database(database_url)
    lay_tables(database)
    clock = clock or HandClock(at)
    sandbox = sandbox or Sandbox(clock=clock.now)
    bot = sandbox.world.bot
    installation = Installation(bot["username"], frozenset({OPERATOR}), "https://camp.example.org", "Asia/Shanghai")
    application = build_application(installation, bot)
    register(application)
    await application.initialize()
    house = TestHouse(database, sandbox, clock, application, dict(renderers or {}), dict(readings or {}))
    OPEN.append(house)
    return house


OPEN: list[TestHouse] = []
"""Houses of the running test; a fixture in ``conftest`` closes them, so that no test need."""


def close_houses() -> None:
    """Close every house that the test opened."""
    while OPEN:
        OPEN.pop().database.close()
