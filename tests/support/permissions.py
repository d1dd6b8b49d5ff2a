"""Walking every handler with every role: two camps, one of each kind of person, a row in every table for either camp.

Everything of the first camp has the number 1, everything of the second the number 2, so that a button of which nothing
is known can be pressed with a camp's own numbers and with another's. What is tried is rolled back each time.
"""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import event
from sqlmodel import Session
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
from bot.timetable.models import Activity
from bot.turn import Turn
from handlers import register
from tests.support.permission_rows import MARKS, NOW, OTHER, OWN, seed_all
from tests.support.permission_scene import seed_scene
from tests.support.storage import lay_tables

assert schema  # the tables must be known before they are made

OPERATOR = 900
STRANGER = 999
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
        yield Action(pattern.action)


class World:
    """The two camps, and ways to try things in them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        lay_tables(database)
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
        self.seeded, self.unseeded = seed_all(session)
        seed_scene(session)


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
