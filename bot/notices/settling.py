"""Carries back what became of copies in the outbox to the notice. Sends nothing."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from bot.notices import rules
from bot.notices.dispatch import key_of
from bot.notices.drafting import parts_of
from bot.notices.models import Amendment, Kind, Notice, Recipient, State
from bot.outbox.models import Outbox
from bot.rows import run_many

OUTBOX = Outbox.__table__  # type: ignore[attr-defined]
RECIPIENT = Recipient.__table__  # type: ignore[attr-defined]
PAGE = 100
"""So many copies are looked at in one transaction: about ten milliseconds' work, so that replies need not wait."""

_SETTLE = (
    update(RECIPIENT)
    .where(RECIPIENT.c.notice_id == bindparam("notice"), RECIPIENT.c.person_id == bindparam("person"))
    .values(state=bindparam("to"), error=bindparam("why"), numbers=bindparam("sent_as"), settled_at=bindparam("at"))
)
_SETTLE_AMENDMENT = (
    update(RECIPIENT)
    .where(RECIPIENT.c.notice_id == bindparam("notice"), RECIPIENT.c.person_id == bindparam("person"))
    .values(amendment=bindparam("to"))
)


def collect(session: Session, notice: Notice, now: datetime, after: int = 0) -> int | None:
    """Note what became of a page of copies that may have been dealt with, of people with higher numbers than ``after``.

    Returns the last number looked at where it is worth looking further: the courier goes by the same order.
    """
    people = _people(session, notice, after)
    messages = _messages(session, notice)
    rows = _settled(session, notice, people, messages, now)
    if rows:
        run_many(session.connection(), _SETTLE, rows)
    return people[-1] if rows and len(people) == PAGE else None


def _settled(
    session: Session, notice: Notice, people: Sequence[int], messages: int, now: datetime
) -> list[dict[str, Any]]:
    rows = []
    for person_id, sent in _sent(session, notice.id or 0, people, messages).items():
        outcome = rules.outcome_of([one.status for one in sent], [one.error for one in sent])
        if outcome is not None:
            state, why = outcome
            rows.append(
                {
                    "notice": notice.id,
                    "person": person_id,
                    "to": state,
                    "why": why[:200],
                    "sent_as": _numbers(sent),
                    "at": max((one.settled_at for one in sent if one.settled_at), default=now),
                }
            )
    return rows


def collect_amendments(session: Session, notice: Notice) -> bool:
    """Note how far corrections and withdrawals are; whether it is worth looking again at once.

    Each by the revision that was put into the outbox for it: a newer one may have been asked for meanwhile.
    """
    if notice.revision == 0:
        return False
    messages = _messages(session, notice)
    rows = []
    for revision, people in _amended(session, notice).items():
        for person_id, sent in _sent(session, notice.id or 0, people, messages, revision).items():
            outcome = rules.outcome_of([one.status for one in sent], [one.error for one in sent])
            if outcome is not None:
                fine = outcome[0] in (State.SENT, State.CANCELLED)
                to = Amendment.DONE if fine else Amendment.FAILED
                rows.append({"notice": notice.id, "person": person_id, "to": to})
    if rows:
        run_many(session.connection(), _SETTLE_AMENDMENT, rows)
    return len(rows) == PAGE


def _messages(session: Session, notice: Notice) -> int:
    """How many messages a copy has at most: below an album the buttons have one of their own."""
    parts = parts_of(session, notice.id or 0)
    return len(parts) + sum(part.kind == Kind.ALBUM for part in parts[-1:])


def _amended(session: Session, notice: Notice) -> dict[int, list[int]]:
    query = select(RECIPIENT.c.revision, RECIPIENT.c.person_id).where(
        RECIPIENT.c.notice_id == notice.id, RECIPIENT.c.amendment == Amendment.QUEUED
    )
    found: dict[int, list[int]] = defaultdict(list)
    for revision, person_id in session.connection().execute(query.order_by(RECIPIENT.c.person_id).limit(PAGE)):
        found[revision].append(person_id)
    return found


def _people(session: Session, notice: Notice, after: int) -> Sequence[int]:
    query = select(RECIPIENT.c.person_id).where(
        RECIPIENT.c.notice_id == notice.id, RECIPIENT.c.state == State.QUEUED, RECIPIENT.c.person_id > after
    )
    return session.connection().execute(query.order_by(RECIPIENT.c.person_id).limit(PAGE)).scalars().all()


def _sent(
    session: Session, notice_id: int, people: Sequence[int], messages: int, revision: int = 0
) -> Mapping[int, list[Any]]:
    """What the outbox knows of these people's copies, of at most so many messages, in order."""
    found: dict[int, list[Any]] = defaultdict(list)
    keys = {
        key_of(notice_id, person_id, position, revision): person_id
        for person_id in people
        for position in range(messages)
    }
    for row in _rows(session, list(keys)):
        found[keys[row.key]].append(row)
    for rows in found.values() if messages > 1 else ():
        rows.sort(key=lambda row: int(row.key.split(":")[3]))
    return found


def _rows(session: Session, keys: Sequence[str]) -> list[Any]:
    query = select(
        OUTBOX.c.key, OUTBOX.c.status, OUTBOX.c.error, OUTBOX.c.message_id, OUTBOX.c.album, OUTBOX.c.settled_at
    ).where(OUTBOX.c.key.in_(bindparam("keys", expanding=True)))
    return list(session.connection().execute(query, {"keys": list(keys)}))


def _numbers(sent: Sequence[Any]) -> str:
    """The numbers of a copy's messages, one list a message; nothing where none has arrived."""
    numbers = [numbers_of(one) for one in sent]
    return json.dumps(numbers if any(numbers) else [])


def numbers_of(row: Any) -> list[int]:
    """The numbers that Telegram gave to the messages of one outbox row."""
    if row.album:
        return [int(number) for number in json.loads(row.album)]
    return [row.message_id] if row.message_id is not None else []
