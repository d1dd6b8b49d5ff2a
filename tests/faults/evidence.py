"""What a storm left behind, and the verdict on it: what was lost, doubled, disordered or said too often.

``judge`` is a plain function of what was collected, so that the mutation checks can show that it finds what it is for.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from bot import invariants
from bot.audit.models import Change
from bot.inbox.models import Inbox, Kind, Status
from bot.outbox.models import Outbox
from bot.outbox.models import Status as Sending
from bot.recurrence.models import Recurrence
from tests.faults.doors.handlers import COUNTED

CHANGE = Change.__table__  # type: ignore[attr-defined]
INBOX = Inbox.__table__  # type: ignore[attr-defined]
OUTBOX = Outbox.__table__  # type: ignore[attr-defined]
RECURRENCE = Recurrence.__table__  # type: ignore[attr-defined]

NUMBERED = re.compile(r"^n(\d+)$")
SHOWN = 5


@dataclass(frozen=True)
class Evidence:
    """What was found.

    ``received``: the numbers in done inbox rows; ``effects``: (number, chat) as they were counted; ``sent``: how often
    each (chat, text) reached Telegram; ``open_rows``: inbox and outbox rows that are not settled.
    """

    received: Counter[int] = field(default_factory=Counter)
    effects: tuple[tuple[int, int], ...] = ()
    sent: Counter[tuple[int, str]] = field(default_factory=Counter)
    open_rows: int = 0
    violations: tuple[str, ...] = ()


def collect(session: Session, calls: Iterable[Mapping[str, Any]]) -> Evidence:
    """Read the database, and Telegram's side of it: every ``sendMessage`` that had its effect."""
    connection = session.connection()
    effects = connection.execute(CHANGE.select().where(CHANGE.c.action == COUNTED).order_by(CHANGE.c.id))
    return Evidence(
        received=Counter(_received(connection.execute(INBOX.select().where(INBOX.c.kind == Kind.UPDATE)))),
        effects=tuple((row.subject_id, row.cohort_id) for row in effects),
        sent=Counter((int(call["params"]["chat_id"]), str(call["params"]["text"])) for call in calls),
        open_rows=count_open(session),
        violations=tuple(f"{found.invariant}: {found.text} {found.examples}" for found in invariants.check(session)),
    )


def count_open(session: Session) -> int:
    """How many rows of inbox and outbox still wait for something, and how many pushes are still to come."""
    connection = session.connection()
    waiting = connection.execute(INBOX.select().where(INBOX.c.status == Status.NEW)).all()
    owed = connection.execute(OUTBOX.select().where(OUTBOX.c.status.in_((Sending.NEW, Sending.SENDING)))).all()
    planned = connection.execute(RECURRENCE.select().where(RECURRENCE.c.due_at.is_not(None))).all()
    return len(waiting) + len(owed) + len(planned)


def count_in_flight(session: Session) -> int:
    """How many calls the bot had claimed and not marked: each of them may be made a second time."""
    return len(session.connection().execute(OUTBOX.select().where(OUTBOX.c.status == Sending.SENDING)).all())


def first_waiting(session: Session) -> int | None:
    """The number of the first inbox row that waits, if any does."""
    query = select(func.min(INBOX.c.seq)).where(INBOX.c.status == Status.NEW)
    return session.connection().execute(query).scalar()


def judge(
    evidence: Evidence, said: Mapping[int, int], expected: Iterable[tuple[int, str]] = (), in_flight: int = 0
) -> list[str]:
    """Everything that is wrong. ``said`` is which number was said in which chat, in order; ``expected`` what had to be
    said besides; ``in_flight`` how many messages may have been sent once more than owed."""
    owed = {(chat, f"got n{number}") for number, chat in said.items()} | set(expected)
    effects = Counter(number for number, _ in evidence.effects)
    repeated = sum(evidence.sent[one] - 1 for one in owed if evidence.sent[one] > 1)
    found = [
        _many("updates are not in the inbox", set(said) - set(evidence.received)),
        _many("updates stand in the inbox twice", {one for one, times in evidence.received.items() if times > 1}),
        _many("effects were lost", set(said) - set(effects)),
        _many("effects were doubled", {number for number, times in effects.items() if times > 1}),
        _many("chats were served out of order", _disordered(evidence.effects)),
        _many("messages were never sent", {one for one in owed if not evidence.sent[one]}),
        _many("messages were sent that nobody owes", set(evidence.sent) - owed),
        [f"{repeated} messages were sent again, with {in_flight} in flight"] if repeated > in_flight else [],
        [f"{evidence.open_rows} rows still wait"] if evidence.open_rows else [],
        list(evidence.violations),
    ]
    return [line for lines in found for line in lines]


def _received(rows: Iterable[Any]) -> Iterable[int]:
    for row in rows:
        text = (json.loads(row.body).get("message") or {}).get("text") or "" if row.body else ""
        if row.status == Status.DONE and (number := NUMBERED.match(text)):
            yield int(number[1])


def _disordered(effects: Iterable[tuple[int, int]]) -> set[int]:
    last: dict[int, int] = {}
    wrong = set()
    for number, chat in effects:
        if number < last.get(chat, -1):
            wrong.add(chat)
        last[chat] = max(number, last.get(chat, -1))
    return wrong


def _many(text: str, things: set[Any]) -> list[str]:
    return [f"{len(things)} {text}: {sorted(things)[:SHOWN]}"] if things else []
