"""Carries notices to the outbox a little at a time, and what became of them back. Words nothing, decides little.

Only so much stands in the outbox as the courier sends in a few seconds; so a pause or a correction finds nearly
everything still here. Keys make it safe: a copy is named by notice, person and part, a correction also by its
revision, so that a crash or a second pass inserts nothing twice.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, or_, select, update
from sqlmodel import Session, col
from sqlmodel import select as find

from bot import i18n
from bot.notices import rules
from bot.notices.drafting import languages_of, parts_of
from bot.notices.messages import copies
from bot.notices.messages.copies import Reader
from bot.notices.models import Amendment, Notice, Part, Recipient, State, Status
from bot.notices.outlook import known_of_people
from bot.notices.rules import Known
from bot.outbox.calls import Call
from bot.outbox.models import Outbox
from bot.outbox.models import Status as Sent
from bot.turn import Turn

OUTBOX = Outbox.__table__  # type: ignore[attr-defined]
RECIPIENT = Recipient.__table__  # type: ignore[attr-defined]
NOTICE = Notice.__table__  # type: ignore[attr-defined]
ROOM = 2000
"""So many copies of one notice stand in the outbox at most: two seconds' worth at Telegram's highest rate."""
PAGE = 400
"""So many copies are written in one transaction."""


def active(session: Session) -> Sequence[int]:
    """The notices that have begun and are not reported yet."""
    query = select(NOTICE.c.id).where(NOTICE.c.started_at.is_not(None), NOTICE.c.reported_at.is_(None))
    return session.connection().execute(query.order_by(NOTICE.c.id)).scalars().all()


def key_of(notice_id: int, person_id: int, position: int, revision: int = 0) -> str:
    """The outbox key of one message of a copy, or of its correction."""
    return f"notice:{notice_id}:{person_id}:{position}" + (f":r{revision}" if revision else "")


def feed(turn: Turn, notice: Notice) -> int:
    """Put the next copies into the outbox; how many."""
    session = turn.session
    if notice.status != Status.SENDING:
        return 0
    room = min(PAGE, ROOM - _queued(session, notice))
    query = (
        find(Recipient)
        .where(
            Recipient.notice_id == notice.id,
            Recipient.state == State.WAITING,
            or_(col(Recipient.due_at).is_(None), col(Recipient.due_at) <= turn.now),
        )
        .order_by(col(Recipient.person_id))
        .limit(max(room, 0))
    )
    page = session.exec(query).all()
    readers = _readers(session, notice, page, turn.now)
    versions = _versions(session, notice)
    for one in page:
        made = copies.render_copy(notice, versions[one.language], readers[one.person_id])
        _record(turn, notice, one.person_id, made, 0)
    _set(session, notice, [one.person_id for one in page], state=State.QUEUED, revision=notice.revision)
    return len(page)


def feed_amendments(turn: Turn, notice: Notice) -> int:
    """Put the next corrections or withdrawals of sent copies into the outbox; how many."""
    session = turn.session
    if notice.revision == 0 or notice.status == Status.PAUSED:
        return 0
    query = (
        find(Recipient)
        .where(
            Recipient.notice_id == notice.id,
            col(Recipient.state).in_((State.SENT, State.UNKNOWN)),
            Recipient.revision < notice.revision,
            Recipient.amendment != Amendment.QUEUED,
        )
        .order_by(col(Recipient.person_id))
        .limit(PAGE)
    )
    page = session.exec(query).all()
    readers = _readers(session, notice, page, turn.now)
    versions = _versions(session, notice)
    for one in page:
        _amend(turn, notice, one, versions[one.language], readers[one.person_id])
    session.flush()
    return len(page)


def _amend(turn: Turn, notice: Notice, one: Recipient, parts: Sequence[Part], reader: Reader) -> None:
    numbers = json.loads(one.numbers)
    one.revision = notice.revision
    if not numbers:
        one.amendment = Amendment.FAILED
    elif notice.recalled_at is not None:
        may_delete = one.settled_at is not None and turn.now - one.settled_at < rules.DELETABLE_FOR
        made = copies.render_withdrawal(numbers, reader, may_delete=may_delete)
        one.amendment = Amendment.QUEUED if may_delete else Amendment.TOO_LATE
        _record(turn, notice, one.person_id, made, notice.revision)
    else:
        made = copies.render_correction(notice, parts, numbers, reader)
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


def _versions(session: Session, notice: Notice) -> dict[str, Sequence[Part]]:
    own = languages_of(session, notice.id or 0)
    usual = parts_of(session, notice.id or 0)
    return {
        language: parts_of(session, notice.id or 0, language) if language in own else usual
        for language in i18n.LANGUAGES
    }


def _readers(session: Session, notice: Notice, page: Sequence[Recipient], now: datetime) -> dict[int, Reader]:
    every = [part for parts in _versions(session, notice).values() for part in parts]
    has_fields = any(rules.fields_in(part.text) for part in every)
    known = known_of_people(session, notice, [one.person_id for one in page], now) if has_fields and page else {}
    return {
        one.person_id: Reader(one.telegram_id, i18n.translator(one.language), known.get(one.person_id, Known("")))
        for one in page
    }


def _set(session: Session, notice: Notice, people: Sequence[int], **values: Any) -> None:
    if people:
        statement = update(RECIPIENT).where(RECIPIENT.c.notice_id == notice.id, RECIPIENT.c.person_id.in_(people))
        session.execute(statement.values(**values))
        session.expire_all()


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


def collect(session: Session, notice: Notice, now: datetime) -> int:
    """Note what became of the copies that the courier has dealt with; how many."""
    people = _people(session, notice, RECIPIENT.c.state == State.QUEUED)
    messages = len(parts_of(session, notice.id or 0)) + 1
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
                    "sent_as": json.dumps([numbers_of(one) for one in sent]),
                    "at": max((one.settled_at for one in sent if one.settled_at), default=now),
                }
            )
    if rows:
        session.connection().execute(_SETTLE, rows)
    return len(rows) + _collect_amendments(session, notice, messages)


def _collect_amendments(session: Session, notice: Notice, messages: int) -> int:
    """Each by the revision that was put into the outbox for it: a newer one may have been asked for meanwhile."""
    rows = []
    for revision, people in _amended(session, notice).items():
        for person_id, sent in _sent(session, notice.id or 0, people, messages, revision).items():
            outcome = rules.outcome_of([one.status for one in sent], [one.error for one in sent])
            if outcome is not None:
                fine = outcome[0] in (State.SENT, State.CANCELLED)
                to = Amendment.DONE if fine else Amendment.FAILED
                rows.append({"notice": notice.id, "person": person_id, "to": to})
    if rows:
        session.connection().execute(_SETTLE_AMENDMENT, rows)
    return len(rows)


def _amended(session: Session, notice: Notice) -> dict[int, list[int]]:
    query = select(RECIPIENT.c.revision, RECIPIENT.c.person_id).where(
        RECIPIENT.c.notice_id == notice.id, RECIPIENT.c.amendment == Amendment.QUEUED
    )
    found: dict[int, list[int]] = defaultdict(list)
    for revision, person_id in session.connection().execute(query.limit(ROOM)):
        found[revision].append(person_id)
    return found


def _people(session: Session, notice: Notice, condition: Any) -> Sequence[int]:
    query = select(RECIPIENT.c.person_id).where(RECIPIENT.c.notice_id == notice.id, condition)
    return session.connection().execute(query.limit(ROOM)).scalars().all()


def _sent(
    session: Session, notice_id: int, people: Sequence[int], messages: int, revision: int = 0
) -> Mapping[int, list[Any]]:
    """What the outbox knows of these people's copies, of at most so many messages, in order."""
    found: dict[int, list[Any]] = defaultdict(list)
    ids = iter(people)
    while chunk := list(islice(ids, PAGE)):
        keys = {
            key_of(notice_id, person_id, position, revision): (person_id, position)
            for person_id in chunk
            for position in range(messages)
        }
        for row in _rows(session, list(keys)):
            found[keys[row.key][0]].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: int(row.key.split(":")[3]))
    return found


def _rows(session: Session, keys: Sequence[str]) -> list[Any]:
    query = select(
        OUTBOX.c.key, OUTBOX.c.status, OUTBOX.c.error, OUTBOX.c.message_id, OUTBOX.c.album, OUTBOX.c.settled_at
    ).where(OUTBOX.c.key.in_(bindparam("keys", expanding=True)))
    return list(session.connection().execute(query, {"keys": list(keys)}))


def numbers_of(row: Any) -> list[int]:
    """The numbers that Telegram gave to the messages of one outbox row."""
    if row.album:
        return [int(number) for number in json.loads(row.album)]
    return [row.message_id] if row.message_id is not None else []


def take_back(session: Session, notice: Notice) -> int:
    """Take what the courier has not claimed yet out of the outbox again; how many messages that were."""
    first, beyond = f"notice:{notice.id}:", f"notice:{notice.id};"
    waiting = and_(OUTBOX.c.key >= first, OUTBOX.c.key < beyond, OUTBOX.c.status == Sent.NEW)
    keys = session.connection().execute(select(OUTBOX.c.key).where(waiting)).scalars().all()
    session.execute(delete(OUTBOX).where(waiting))
    copies_of = [int(key.split(":")[2]) for key in keys if ":r" not in key]
    amended = [int(key.split(":")[2]) for key in keys if ":r" in key]
    for chunk in _chunks(sorted(set(copies_of))):
        _set(session, notice, chunk, state=State.WAITING)
    for chunk in _chunks(sorted(set(amended))):
        _set(session, notice, chunk, amendment=Amendment.NONE, revision=max(notice.revision - 1, 0))
    return len(keys)


def _chunks(people: Sequence[int]) -> Iterable[Sequence[int]]:
    return (people[first : first + PAGE] for first in range(0, len(people), PAGE))


def is_finished(session: Session, notice: Notice) -> bool:
    """Whether nothing of the notice is under way or waiting any more."""
    owed = and_(
        RECIPIENT.c.state.in_((State.SENT, State.UNKNOWN)),
        or_(RECIPIENT.c.revision < notice.revision, RECIPIENT.c.amendment == Amendment.QUEUED),
    )
    query = select(RECIPIENT.c.person_id).where(
        RECIPIENT.c.notice_id == notice.id,
        or_(RECIPIENT.c.state.in_((State.WAITING, State.QUEUED)), owed),
    )
    return session.connection().execute(query.limit(1)).first() is None
