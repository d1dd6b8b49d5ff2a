"""A house whose clock is moved by hand through whole days, with every pass of the clock's door at each step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.context import Installation
from bot.people.models import Person
from bot.registry import READINGS, renderers
from bot.sandbox.core import Sandbox
from handlers import register
from schedules.changes import push_changes
from schedules.reminders import plant, push_befores, push_evenings
from schedules.timetable import push_mornings
from tests.support.house import OPERATOR, HandClock, TestHouse, build_house

STEP = timedelta(minutes=15)


@dataclass
class Clockwork:
    """A house, the address of its database, and the zone in which its people read the clock."""

    house: TestHouse
    url: str
    zone: ZoneInfo

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self.house.clock.at

    async def tick(self) -> None:
        """Let every pass look at the clock once, and everything that is owed be delivered."""
        await plant(self.house.turns)
        await push_mornings(self.house.turns)
        await push_evenings(self.house.turns)
        await push_befores(self.house.turns)
        await push_changes(self.house.turns)
        await self.house.settle()

    async def run(self, until: datetime, step: timedelta = STEP) -> None:
        """Move the clock to an instant, step by step."""
        while self.now < until:
            self.house.clock.at = min(self.now + step, until)
            await self.tick()

    async def restart(self, *, down: timedelta = timedelta(0)) -> None:
        """Let the process die and begin anew on the same database, after so long a while."""
        clock, sandbox = self.house.clock, self.house.sandbox
        clock.at += down
        self.house.database.close()
        self.house = await build(self.url, clock, sandbox)
        await self.tick()

    def heard(self, person: Person, since: datetime | None = None) -> list[str]:
        """What a person was sent, each with its local day and time and its first line."""
        messages = [one for one in self.house.person(person.telegram_id or 0).chat if one["from"]["is_bot"]]
        found = []
        for message in messages:
            at = datetime.fromtimestamp(message["date"], tz=UTC)
            if since is None or at >= since:
                found.append(f"{at.astimezone(self.zone):%a %H:%M} {first_line(message['text'])}")
        return found


def first_line(text: str) -> str:
    """The first line of a message."""
    return text.split("\n")[0]


async def build(url: str, clock: HandClock, sandbox: Sandbox | None = None) -> TestHouse:
    """A house with every handler and renderer, which reads that clock; so does its Telegram, which outlives it."""
    made = dict(renderers(Installation("camp_bot", frozenset({OPERATOR}))))
    telegram = sandbox or Sandbox(clock=clock.now)
    return await build_house(
        url, register, at=clock.at, renderers=made, readings=dict(READINGS), sandbox=telegram, clock=clock
    )


async def open_chats(clockwork: Clockwork, people: Sequence[Person]) -> None:
    """Let each person write once, so that the bot may write to them."""
    for person in people:
        await clockwork.house.person(person.telegram_id or 0, person.name).say("/cancel")
