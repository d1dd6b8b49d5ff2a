"""What a handler is given: the turn, the time, who speaks, a translator, and ways to say things.

Nothing here talks to Telegram: ``reply``, ``edit`` and ``answer`` record outbox rows, which are inserted in the
transaction of the turn and delivered by the courier after the commit. ``CohortApplication`` is the one place where
python-telegram-bot's application is bent to that: errors propagate, tasks are refused.
"""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NoReturn

from msgspec import Struct
from sqlmodel import Session
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, CallbackContext, ContextTypes, ExtBot

from bot import buttons, i18n
from bot.conversation import Dialogues, Place, key_of
from bot.errors import NotLinked
from bot.menu import Menu
from bot.outbox import calls
from bot.outbox.calls import Message
from bot.people.service import Speaker
from bot.telegram import OfflineRequest
from bot.turn import Turn

HOUSE_TOKEN = "0:inside"  # noqa: S105 - the bot that handlers see has no token to leak


class Installation(Struct, frozen=True):
    """What a handler may know of the installation: no secret, nothing that changes while the bot runs."""

    bot_username: str
    operators: frozenset[int] = frozenset()
    public_url: str = ""
    time_zone: str = "Asia/Shanghai"

    def is_operator(self, telegram_id: int | None) -> bool:
        """Whether the account may do everything."""
        return telegram_id in self.operators

    def deep_link(self, payload: str) -> str:
        """The address that opens the bot with ``/start payload``."""
        return f"https://t.me/{self.bot_username}?start={payload}"


class Fetched(Struct, frozen=True):
    """What the courier brought back: not an update of Telegram's, so a ``TypeHandler`` takes it."""

    purpose: str
    subject: int
    chat_id: int
    result: dict[str, Any]


class Blocked(Struct, frozen=True):
    """Telegram said that the person has blocked the bot."""

    chat_id: int


class Context(CallbackContext[Any, Any, Any, Any]):
    """The context of one update. Only ``turn`` touches the database; building it does not."""

    def __init__(self, application: Any, chat_id: int | None = None, user_id: int | None = None) -> None:
        super().__init__(application, chat_id, user_id)
        self.received: Update | None = None
        self.scene: CohortApplication = application
        """The application, which is where the worker sets the scene for each update."""
        self._place: Place | None = None

    @classmethod
    def from_update(cls, update: object, application: Any) -> "Context":
        """Remember the update; python-telegram-bot swallows what this raises, so it does nothing else."""
        context: Context = super().from_update(update, application)
        context.received = update if isinstance(update, Update) else None
        return context

    @property
    def turn(self) -> Turn:
        """The transaction this update is part of."""
        return self.scene.turn

    @property
    def installation(self) -> Installation:
        """What is known of this installation."""
        return self.scene.installation

    @property
    def is_operator(self) -> bool:
        """Whether an operator speaks."""
        user = self.received.effective_user if self.received else None
        return self.installation.is_operator(user.id if user else None)

    @property
    def session(self) -> Session:
        """The session of the turn."""
        return self.turn.session

    @property
    def now(self) -> datetime:
        """The instant at which the update is being processed."""
        return self.turn.now

    @property
    def at(self) -> datetime:
        """The update's own time: its message's date, or for a press the instant intake received it."""
        return self.scene.at

    @property
    def received_at(self) -> datetime:
        """The instant at which intake received the update, by our own clock."""
        return self.scene.received_at

    @property
    def speaker(self) -> Speaker | None:
        """The person whose account spoke, if it is linked to anybody."""
        return self.scene.speaker

    @property
    def t(self) -> i18n.Translator:
        """The translator for whoever spoke."""
        if self.speaker and self.speaker.language:
            return i18n.translator(self.speaker.language)
        user = self.received.effective_user if self.received else None
        return i18n.translator(i18n.guess_language(user.language_code if user else None))

    @property
    def place(self) -> Place:
        """Where the person stands in the open dialogue; ``place.notes`` is kept with it."""
        if self._place is None:
            key = key_of(self.received) if self.received else None
            self._place = (self.scene.dialogues.at(key) if key else None) or Place("", "")
        return self._place

    @place.setter
    def place(self, place: Place) -> None:
        self._place = place

    @property
    def text(self) -> str:
        """What was typed; empty for anything else."""
        message = self.received.message if self.received else None
        return (message.text if message else None) or ""

    @property
    def data(self) -> str | None:
        """The data of the pressed button."""
        query = self.received.callback_query if self.received else None
        return query.data if query else None

    def numbers(self, count: int) -> list[int]:
        """The ids of the pressed button, as exactly ``count`` numbers; raises Gone where it was tampered with."""
        return buttons.numbers(self.data, count)

    @property
    def chat_id(self) -> int:
        """The chat the update came from; where a press does not tell, the private chat of whoever pressed."""
        assert self.received is not None  # noqa: S101 - only updates have a chat
        place = self.received.effective_chat or self.received.effective_user
        assert place is not None  # noqa: S101 - of the kinds that handlers answer
        return place.id

    def reply(self, message: Message) -> str:
        """Say something new where the update came from."""
        return self.turn.send(self.chat_id, message)

    def edit(self, message: Message) -> None:
        """Change the message whose button was pressed; where there is none, say it anew."""
        query = self.received.callback_query if self.received else None
        if query is not None and query.message is not None:
            self.turn.edit(self.chat_id, query.message.message_id, message)
        else:
            self.reply(message)

    def answer(self, text: str | None = None, *, alert: bool = False) -> None:
        """Answer the pressed button; without a call of this the worker answers it with nothing."""
        query = self.received.callback_query if self.received else None
        if query is not None and not self.scene.answered:
            self.scene.answered = True
            self.turn.record(calls.answer_callback(self.chat_id, query.id, text, alert))

    def require_linked(self) -> Speaker:
        """Whoever speaks; raises NotLinked for a stranger."""
        if self.speaker is None:
            raise NotLinked
        return self.speaker

    def ask(self, question: Message) -> None:
        """Put a question of a dialogue, and take the buttons off the one before it."""
        self.retire_prompt()
        self.place.notes |= {"prompt": self.reply(question), "asked": question.text}

    def retire_prompt(self) -> None:
        """Take the buttons off the question that waits for an answer."""
        notes = self.place.notes
        if "prompt" in notes:
            self.turn.edit(self.chat_id, notes.pop("prompt"), Message(notes.pop("asked")))

    def end_dialogue(self) -> None:
        """Leave whatever dialogue is open."""
        if self.received and (key := key_of(self.received)):
            self.scene.dialogues.end(key)


Foresight = Callable[[Session, Sequence[object], Mapping[int, int]], None]
"""``(session, events, people by account)``: reads at once what the events of a batch are about to ask for."""


class CohortApplication(Application[Any, Context, Any, Any, Any, Any]):
    """python-telegram-bot's application inside one transaction: never started, no tasks, errors go to the worker."""

    def __init__(self, *, dialogues: Dialogues, installation: Installation, **options: Any) -> None:
        super().__init__(**options)
        self.dialogues = dialogues
        self.installation = installation
        self.menu = Menu()
        self.foresight: list[Foresight] = []
        self.turn: Turn
        self.at = self.received_at = datetime.min.replace(tzinfo=UTC)
        self.speaker: Speaker | None = None
        self.answered = False

    def enter(self, turn: Turn, at: datetime, speaker: Speaker | None, received_at: datetime | None = None) -> None:
        """Set the scene for the next update."""
        self.turn, self.at, self.speaker, self.answered = turn, at, speaker, False
        self.received_at = received_at or at

    async def process_error(self, update: object, error: Exception, *_: Any, **__: Any) -> bool:
        """Let a handler's error reach the worker, which rolls back."""
        raise error

    def create_task(self, coroutine: Any, update: object | None = None, *, name: str | None = None) -> NoReturn:
        """Refuse: a task would outlive the transaction."""
        coroutine.close()
        raise RuntimeError("a handler may not start a task: its work would not be part of the transaction")


def build_application(installation: Installation, identity: dict[str, Any]) -> CohortApplication:
    """python-telegram-bot's application as the worker uses it: no updater, no jobs, a bot that refuses the network."""
    builder: Any = ApplicationBuilder()
    application: CohortApplication = (
        builder.application_class(CohortApplication, {"dialogues": Dialogues(), "installation": installation})
        .bot(ExtBot(HOUSE_TOKEN, request=OfflineRequest(identity), get_updates_request=OfflineRequest(identity)))
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=Context))
        .build()
    )
    return application


def run_now(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Run a coroutine that must not wait.

    Raises:
        RuntimeError: it tried to wait for something, which inside a transaction nothing may.
    """
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise RuntimeError("a handler tried to wait inside the transaction")
