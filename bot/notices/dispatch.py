"""Carries notices to the outbox a little at a time. Words nothing, decides little.

Only so much stands in the outbox as the courier sends in a few seconds; so a pause or a correction finds nearly
everything still here. Keys make it safe: a copy is named by notice, person and part, a correction also by its
revision, so that a crash or a second pass inserts nothing twice.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import and_, bindparam, delete, func, or_, select, update
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.notices import rules
from bot.notices.drafting import parts_of
from bot.notices.messages import copies
from bot.notices.messages.copies import Reader
from bot.notices.models import Amendment, Kind, Notice, Part, Recipient, State, Status
from bot.notices.printing import PAGE_WITH_FIELDS, Printer
from bot.outbox.calls import Call
from bot.outbox.models import Outbox
from bot.outbox.models import Status as Sent
from bot.turn import Turn

T = TypeVar("T")
OUTBOX = Outbox.__table__  # type: ignore[attr-defined]
RECIPIENT = Recipient.__table__  # type: ignore[attr-defined]
NOTICE = Notice.__table__  # type: ignore[attr-defined]
HAS_SOMETHING = or_(
    RECIPIENT.c.state.in_((State.SENT, State.UNKNOWN)),
    and_(RECIPIENT.c.state == State.FAILED, RECIPIENT.c.numbers != "[]"),
)
"""That at least one message of a copy has arrived, or may have."""
ROOM = 2000
"""So many copies of one notice stand in the outbox at most: two seconds' worth at Telegram's highest rate."""

AT_ONCE = 400
"""So many keys or people stand in one statement at most."""


def active(session: Session) -> Sequence[int]:
    """The notices that have begun and are not reported yet."""
    query = select(NOTICE.c.id).where(NOTICE.c.started_at.is_not(None), NOTICE.c.reported_at.is_(None))
    return session.connection().execute(query.order_by(NOTICE.c.id)).scalars().all()


def key_of(notice_id: int, person_id: int, position: int, revision: int = 0) -> str:
    """The outbox key of one message of a copy, or of its correction."""
    return f"notice:{notice_id}:{person_id}:{position}" + (f":r{revision}" if revision else "")


_NEXT = (
    select(RECIPIENT.c.person_id, RECIPIENT.c.telegram_id, RECIPIENT.c.language)
    .where(
        RECIPIENT.c.notice_id == bindparam("notice"),
        RECIPIENT.c.state == State.WAITING,
        or_(RECIPIENT.c.due_at.is_(None), RECIPIENT.c.due_at <= bindparam("now")),
    )
    .order_by(RECIPIENT.c.person_id)
    .limit(bindparam("room"))
)


def feed(turn: Turn, notice: Notice) -> int:
    """Put the next copies into the outbox; how many."""
    session = turn.session
    if notice.status != Status.SENDING:
        return 0
    printer = Printer(session, notice, turn.now)
    room = min(printer.page, max(ROOM - _queued(session, notice), 0))
    page = session.connection().execute(_NEXT, {"notice": notice.id, "now": turn.now, "room": room}).all()
    for one, made in printer.print_copies(page):
        _record(turn, notice, one.person_id, made, 0)
    _set(session, notice, [one.person_id for one in page], state=State.QUEUED, revision=notice.revision)
    return len(page)


def feed_amendments(turn: Turn, notice: Notice) -> int:
    """Put the next corrections or withdrawals of sent copies into the outbox; how many."""
    session = turn.session
    if notice.revision == 0 or notice.status == Status.PAUSED:
        return 0
    printer = Printer(session, notice, turn.now)
    query = (
        find(Recipient)
        .where(
            Recipient.notice_id == notice.id,
            HAS_SOMETHING,
            Recipient.revision < notice.revision,
            Recipient.amendment != Amendment.QUEUED,
        )
        .order_by(col(Recipient.person_id))
        .limit(PAGE_WITH_FIELDS)
    )
    page = session.exec(query).all()
    for one, reader in zip(page, printer.readers(page), strict=True):
        _amend(turn, notice, one, printer.versions[one.language], reader)
    session.flush()
    return len(page)


def _amend(turn: Turn, notice: Notice, one: Recipient, parts: Sequence[Part], reader: Reader) -> None:
    numbers = json.loads(one.numbers)
    one.revision = notice.revision
    if not numbers:
        one.amendment = Amendment.FAILED
    elif notice.recalled_at is not None:
        may_delete = one.settled_at is not None and turn.now - one.settled_at < rules.DELETABLE_FOR
        made = copies.render_withdrawal(parts, numbers, reader, may_delete=may_delete)
        one.amendment = Amendment.QUEUED if may_delete else Amendment.TOO_LATE
        _record(turn, notice, one.person_id, made, notice.revision)
    else:
        rows = copies.rows_of(notice, parts, one.answer, reader.t)
        made = copies.render_correction(notice, parts, numbers, reader, rows)
        one.amendment = Amendment.QUEUED if made else Amendment.DONE
        _record(turn, notice, one.person_id, made, notice.revision)
    turn.session.add(one)


def _record(turn: Turn, notice: Notice, person_id: int, made: Iterable[Call], revision: int) -> None:
    for position, call in enumerate(made):
        turn.record(call, key_of(notice.id or 0, person_id, position, revision))


def _queued(session: Session, notice: Notice) -> int:
    query = select(func.count()).where(RECIPIENT.c.notice_id == notice.id, RECIPIENT.c.state == State.QUEUED)
    total: int = session.connection().execute(query).scalar_one()
    return total


def _set(session: Session, notice: Notice, people: Sequence[int], **values: Any) -> None:
    if people:
        statement = update(RECIPIENT).where(RECIPIENT.c.notice_id == notice.id, RECIPIENT.c.person_id.in_(people))
        session.execute(statement.values(**values))
        session.expire_all()


def take_back(session: Session, notice: Notice) -> int:
    """Take what the courier has not claimed yet out of the outbox again; how many messages that were.

    A copy of which a message is on its way or has arrived goes on: nobody shall get half a notice.
    """
    first, beyond = f"notice:{notice.id}:", f"notice:{notice.id};"
    query = select(OUTBOX.c.key).where(OUTBOX.c.key >= first, OUTBOX.c.key < beyond, OUTBOX.c.status == Sent.NEW)
    keys = session.connection().execute(query).scalars().all()
    begun = _begun(session, notice, sorted({int(key.split(":")[2]) for key in keys if ":r" not in key}))
    taken = [key for key in keys if ":r" in key or int(key.split(":")[2]) not in begun]
    for chunk in _chunks(taken):
        session.execute(delete(OUTBOX).where(OUTBOX.c.key.in_(chunk), OUTBOX.c.status == Sent.NEW))
    for chunk in _chunks(sorted({int(key.split(":")[2]) for key in taken if ":r" not in key})):
        _set(session, notice, chunk, state=State.WAITING)
    for chunk in _chunks(sorted({int(key.split(":")[2]) for key in taken if ":r" in key})):
        _set(session, notice, chunk, amendment=Amendment.NONE, revision=max(notice.revision - 1, 0))
    return len(taken)


def _begun(session: Session, notice: Notice, people: Sequence[int]) -> set[int]:
    """Those of whose copy the courier has at least one message; a copy of one message has begun when it is claimed."""
    parts = parts_of(session, notice.id or 0)
    messages = len(parts) + sum(part.kind == Kind.ALBUM for part in parts[-1:])
    if messages == 1:
        return set()
    keys = {
        key_of(notice.id or 0, person_id, position): person_id for person_id in people for position in range(messages)
    }
    found = set()
    for chunk in _chunks(list(keys)):
        query = select(OUTBOX.c.key).where(OUTBOX.c.key.in_(chunk), OUTBOX.c.status != Sent.NEW)
        found |= {keys[key] for key in session.connection().execute(query).scalars()}
    return found


def _chunks(values: Sequence[T]) -> Iterable[Sequence[T]]:
    return (values[first : first + AT_ONCE] for first in range(0, len(values), AT_ONCE))


def is_finished(session: Session, notice: Notice) -> bool:
    """Whether nothing of the notice is under way or waiting any more."""
    owed = and_(
        HAS_SOMETHING,
        or_(RECIPIENT.c.revision < notice.revision, RECIPIENT.c.amendment == Amendment.QUEUED),
    )
    query = select(RECIPIENT.c.person_id).where(
        RECIPIENT.c.notice_id == notice.id,
        or_(RECIPIENT.c.state.in_((State.WAITING, State.QUEUED)), owed),
    )
    return session.connection().execute(query.limit(1)).first() is None
