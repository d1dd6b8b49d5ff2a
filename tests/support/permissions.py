"""Walking every handler with every role: two camps, one of each kind of person, a row in every table for either camp.

Everything of the first camp has the number 1, everything of the second the number 2, so that a button of which nothing
is known can be pressed with a camp's own numbers and with another's. What is tried is rolled back each time.
"""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Table, UniqueConstraint, event
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel
from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot import schema
from bot.context import CohortApplication, Installation, build_application, run_now
from bot.conversation import Conversation
from bot.database import Database
from bot.errors import Gone, Refusal
from bot.fallback import messages as fallback
from bot.i18n import translator
from bot.people import service as people
from bot.people.models import Cohort, Membership, Organisation, Person, Role
from bot.tables import metadata
from bot.timetable.models import Activity
from bot.turn import Turn
from handlers import register

assert schema  # the tables must be known before they are made

NOW = datetime(2026, 12, 7, 1, 5, tzinfo=UTC)
OPERATOR = 900
STRANGER = 999
OWN, OTHER = 1, 2
MARKS = {OWN: "Alpha", OTHER: "Omega"}
"""What stands in every name and title of a camp, so that a word of the other camp is recognised wherever it is said."""
ROLES = ("stranger", *(role.value for role in Role), "operator")
LOST = json.dumps(str(fallback.render_lost(translator("en")).text), ensure_ascii=False)
"""What is said where no handler takes a button: as good as refused, since a dialogue is not open."""
HARMLESS = frozenset({"outbox", "dialogue", "guess", "secret"})
"""Tables that any press may touch: what is said, where a dialogue stands, wrong tries, keys made when needed."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be asked of the bot: a command, or a button's ``feature:action``."""

    name: str
    is_command: bool = False


@dataclass(slots=True)
class Outcome:
    """What came of one try."""

    refusal: str = ""
    said: list[str] = field(default_factory=list)
    wrote: set[str] = field(default_factory=set)

    @property
    def passed(self) -> bool:
        """Whether no guard stopped it."""
        return not self.refusal

    @property
    def is_gone(self) -> bool:
        """Whether there was nothing behind the numbers, so that the try says nothing about roles."""
        return self.refusal == Gone.__name__

    def leaks(self, mark: str) -> bool:
        """Whether a word of that camp was said."""
        return any(mark in text for text in self.said)


def actions_of(application: CohortApplication) -> list[Action]:
    """Every command and every button that any handler takes, also inside dialogues."""
    found = {action for handlers in application.handlers.values() for one in handlers for action in _walk(one)}
    return sorted(found, key=lambda action: (not action.is_command, action.name))


def _walk(handler: Any) -> Iterator[Action]:
    if isinstance(handler, Conversation):
        inner = [*handler._entry_points, *(one for ones in handler._states.values() for one in ones)]  # noqa: SLF001
        for one in (*inner, *handler._fallbacks):  # noqa: SLF001
            yield from _walk(one)
    elif isinstance(handler, CommandHandler):
        yield from (Action(f"/{name}", is_command=True) for name in handler.commands)
    elif isinstance(handler, CallbackQueryHandler) and handler.pattern is not None:
        pattern: Any = handler.pattern
        yield Action(pattern.pattern.removeprefix("^").removesuffix("(:|$)"))


class World:
    """The two camps, and ways to try things in them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        metadata().create_all(database.connect())
        self.accounts = {"stranger": STRANGER, "operator": OPERATOR}
        database.write_now(self._fill)
        identity = {"id": 1, "is_bot": True, "first_name": "Camp", "username": "camp_bot"}
        installation = Installation("camp_bot", frozenset({OPERATOR}), "https://camp.example.org", "Asia/Shanghai")
        self.application = build_application(installation, identity)
        register(self.application)
        asyncio.run(self.application.initialize())
        self._wrote: set[str] = set()
        event.listen(database.connect(), "after_cursor_execute", self._note)

    def try_(self, role: str, action: Action, ids: Sequence[int | str] = ()) -> Outcome:
        """Send a command or press a button as somebody of that role in the first camp."""
        account = self.accounts[role]
        if action.is_command:
            return self._process(account, _message(account, action.name))
        data = ":".join((action.name, *map(str, ids)))
        return self._process(account, _press(account, data))

    def _process(self, account: int, raw: dict[str, Any]) -> Outcome:
        update = Update.de_json(raw, self.application.bot)
        outcome = Outcome()
        with Session(self.database.connect(), expire_on_commit=False) as session:
            turn = Turn(session, NOW, cause="try")
            self._enter(turn, account)
            session.flush()
            self._wrote.clear()
            try:
                run_now(self.application.process_update(update))
                turn_said = list(turn.outgoing)
                self.application.dialogues.store(session, NOW)
                turn.flush()
                session.flush()
            except Refusal as refusal:
                outcome.refusal, turn_said = type(refusal).__name__, []
            except Exception as error:  # noqa: BLE001 - made-up rows may break what no guard has stopped
                outcome.said.append(f"!{type(error).__name__}")
                turn_said = []
            outcome.wrote = set(self._wrote) - HARMLESS
            outcome.said += [_words(call) for call in turn_said]
            if any(LOST in text for text in outcome.said):
                outcome.refusal, outcome.said = Gone.__name__, []
            session.rollback()
        return outcome

    def _enter(self, turn: Turn, account: int) -> None:
        is_operator = account == OPERATOR
        speaker = people.find_speaker(turn.session, account, is_operator=is_operator)
        self.application.dialogues.load(turn.session, [(account, account)], NOW)
        self.application.enter(turn, NOW, speaker, NOW)

    def _note(self, _: Any, cursor: Any, statement: str, *__: Any) -> None:
        words = statement.replace('"', "").split()
        verb = words[0].upper()
        if verb in ("INSERT", "UPDATE", "DELETE") and cursor.rowcount != 0:
            self._wrote.add(words[2] if verb != "UPDATE" else words[1])

    def _fill(self, session: Session) -> None:
        session.add(Organisation(id=1, name=people.OFFICE))
        session.flush()
        for number, mark in MARKS.items():
            session.add(_cohort(number, mark))
            session.flush()
            session.add(_activity(number, mark))
            session.add(_person(number, f"{mark} trainee", 100 + number, mark))
            session.flush()
            session.add(_membership(number, number, Role.TRAINEE, f"{mark} group"))
        self.accounts[Role.TRAINEE.value] = 101
        for number, role in enumerate([one for one in Role if one is not Role.TRAINEE], start=3):
            session.add(_person(number, f"Alpha {role}", 100 + number, "Alpha"))
            session.flush()
            session.add(_membership(OWN, number, role, "Alpha group" if role is Role.GROUP_LEADER else None))
            self.accounts[role.value] = 100 + number
        session.add(_person(20, "Omega coordinator", 120, "Omega"))
        session.add(_person(21, "Ops", OPERATOR, None))
        session.flush()
        session.add(_membership(OTHER, 20, Role.COORDINATOR, None))
        session.flush()
        self.seeded, self.unseeded = _seed_all(session)


def _seed_all(session: Session) -> tuple[list[str], list[str]]:
    """Give every table that is still empty a row for either camp; which could be given one, and which not."""
    seeded: list[str] = []
    unseeded: list[str] = []
    models = {model.__tablename__: model for model in _models(SQLModel)}
    for table in metadata().sorted_tables:
        if table.name in HARMLESS | {"inbox", "outbox", "ownership", "change"} or _has_rows(session, table):
            continue
        done = all(_seed(session, table, models.get(table.name), number) for number in MARKS)
        (seeded if done else unseeded).append(table.name)
    return seeded, unseeded


def _seed(session: Session, table: Table, model: Any, number: int) -> bool:
    row = {column.name: _value(column, model, number) for column in table.columns}
    try:
        with session.begin_nested():
            session.connection().execute(table.insert(), row)
    except IntegrityError as error:
        UNSEEDED[table.name] = str(error.orig)
        return False
    return True


def _value(column: Any, model: Any, number: int) -> Any:
    if column.foreign_keys:
        (key,) = column.foreign_keys
        return number if column.nullable is False or key.column.table.name in ("cohort", "activity", "person") else None
    if column.name == "id":
        return number
    known = SEEDS.get(f"{column.table.name}.{column.name}")
    if known is not None:
        return known.replace("@", MARKS[number]) if isinstance(known, str) else known
    if _is_unique(column) or (column.primary_key and not column.foreign_keys):
        return date(2026, 12, 6 + number) if "date" in type(column.type).__name__.lower() else _by_type(column, number)
    default = (
        model.model_fields[column.name].default if model is not None and column.name in model.model_fields else None
    )
    if column.nullable or (default is not None and "Undefined" not in type(default).__name__):
        return default
    return _by_type(column, number)


UNSEEDED: dict[str, str] = {}
_QUESTION = '{"feedback":["",""],"is_true":true,"kind":"true_false","stem":"@ question"}'
SEEDS: dict[str, Any] = {
    "quiz_exam.opens_at": NOW - timedelta(hours=1), "quiz_exam.closes_at": NOW + timedelta(hours=1),
    "import.content": "{}", "import.kind": "roster", "import.status": "previewed", "appeal.before": "late",
    "bank_question.content": _QUESTION, "question_version.content": _QUESTION, "bank_question.kind": "true_false",
    "timetable_version.content": "[]", "timetable_version.cause": "import",
    "preference.quiet_from": 1320, "preference.quiet_until": 420,
}  # fmt: skip
"""Values that a made-up row needs, where the model has no default that fits."""


def _is_unique(column: Any) -> bool:
    """Whether a single column must differ from row to row."""
    alone = [one.columns for one in column.table.constraints if isinstance(one, UniqueConstraint)]
    alone += [one.columns for one in column.table.indexes if one.unique]
    return any(list(columns.keys()) == [column.name] for columns in alone)


def _by_type(column: Any, number: int) -> Any:
    kind = type(column.type).__name__.lower()
    known = {"datetime": NOW, "date": date(2026, 12, 7), "time": time(9), "bool": False, "int": number, "float": 1.0}
    return next((value for word, value in known.items() if word in kind), f"{MARKS[number]} {column.name}"[:40])


def _models(base: Any) -> Iterator[Any]:
    for model in base.__subclasses__():
        if getattr(model, "__tablename__", None) and getattr(model, "__table__", None) is not None:
            yield model
        yield from _models(model)


def _has_rows(session: Session, table: Table) -> bool:
    return session.connection().execute(table.select().limit(1)).first() is not None


def _cohort(number: int, mark: str) -> Cohort:
    return Cohort(
        id=number,
        organisation_id=1,
        name=f"{mark} camp",
        starts_on=date(2026, 12, 7),
        ends_on=date(2026, 12, 9),
        time_zone="Asia/Shanghai",
        language="en",
        created_at=NOW,
    )


def _activity(number: int, mark: str) -> Activity:
    return Activity(
        id=number,
        cohort_id=number,
        starts_at=NOW - timedelta(minutes=5),
        ends_at=NOW + timedelta(hours=2),
        title=f"{mark} lecture",
        place=f"{mark} room",
    )


def _person(number: int, name: str, account: int, unit: str | None) -> Person:
    return Person(id=number, organisation_id=1, name=name, telegram_id=account, linked_at=NOW, language="en", unit=unit)


def _membership(cohort_id: int, person_id: int, role: Role, group: str | None) -> Membership:
    return Membership(
        cohort_id=cohort_id, person_id=person_id, role=role, group_name=group, joined_at=NOW - timedelta(days=1)
    )


def _message(account: int, text: str) -> dict[str, Any]:
    entity = {"type": "bot_command", "offset": 0, "length": len(text)}
    return {"update_id": 1, "message": _in_chat(account) | {"from": _user(account), "text": text, "entities": [entity]}}


def _press(account: int, data: str) -> dict[str, Any]:
    bot = {"id": 1, "is_bot": True, "first_name": "Camp", "username": "camp_bot"}
    message = _in_chat(account) | {"from": bot, "text": "a button"}
    query = {"id": "1", "from": _user(account), "chat_instance": "1", "data": data[:64], "message": message}
    return {"update_id": 1, "callback_query": query}


def _in_chat(account: int) -> dict[str, Any]:
    chat = {"id": account, "type": "private", "first_name": "Somebody"}
    return {"message_id": 5, "date": int(NOW.timestamp()), "chat": chat}


def _user(account: int) -> dict[str, Any]:
    return {"id": account, "is_bot": False, "first_name": "Somebody", "language_code": "en"}


def _words(call: dict[str, Any]) -> str:
    payload = json.loads(call["payload"])
    return json.dumps(payload, ensure_ascii=False)
