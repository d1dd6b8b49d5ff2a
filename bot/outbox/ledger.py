"""The outbox's bookkeeping: claiming rows to send, marking what became of them, recovering after a crash.

Plain functions of a session, run by the courier through the one writer; the courier itself holds no SQL.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, bindparam, exists, func, or_, select, update
from sqlmodel import Session

from bot import json_text
from bot.among import among
from bot.crashpoints import reach
from bot.outbox.lanes import Lane
from bot.outbox.models import IS_OWED, TABLE, Status
from bot.rows import run_many

TARGET = TABLE.alias("target")
ANSWER_LIFE = timedelta(seconds=150)
"""A press lives so long in Telegram's queue; an answer that is older would only be refused."""


@dataclass(slots=True)
class Parcel:
    """One claimed call. ``written`` are its arguments as JSON, which most calls are sent as without being read."""

    id: int
    key: str
    lane: Lane
    chat_id: int
    method: str
    written: str
    created_at: datetime
    target: str | None = None
    attempts: int = 0

    @property
    def payload(self) -> dict[str, Any]:
        """Its arguments."""
        arguments: dict[str, Any] = json_text.read(self.written)
        return arguments

    @property
    def is_as_written(self) -> bool:
        """Whether nothing of it is still to be made and its chat is where it was when the call was recorded."""
        if self.lane is Lane.ANSWER:
            return True
        return self.written.startswith(f'{{"chat_id":{self.chat_id},') and '"render":' not in self.written


class Incoming(Struct, frozen=True):
    """What a call brought back for the inbox: what was ``fetched``, or that somebody has ``blocked`` the bot."""

    kind: str
    cause: int
    body: dict[str, Any]


Deposit = Callable[[Session, Sequence[Incoming], datetime], None]
"""Puts what came back into the inbox, in the transaction that marks the calls."""


class Settlement(Struct, frozen=True):
    """What became of a parcel, and what it brought back, if anything."""

    parcel: Parcel
    status: Status
    message_id: int | None = None
    error: str | None = None
    incoming: Incoming | None = None
    album: tuple[int, ...] = ()


class Claim(Struct, frozen=True):
    """How many calls the courier has room for, interactive and bulk."""

    interactive: int
    bulk: int


def recover(session: Session, now: datetime) -> int:
    """Put what the last process had in its hands back into the queue; it may be sent a second time."""
    session.execute(
        update(TABLE)
        .where(IS_OWED, TABLE.c.lane == Lane.ANSWER, TABLE.c.created_at < now - ANSWER_LIFE)
        .values(status=Status.CANCELLED, settled_at=now, error="the press was too old to be answered")
    )
    return (
        session.connection()
        .execute(update(TABLE).where(IS_OWED, TABLE.c.status == Status.SENDING).values(status=Status.NEW))
        .rowcount
    )


class Exchange(Struct, frozen=True):
    """What the courier hands in at once: what became of calls, groups that moved, room for more, rows given back."""

    settlements: Sequence[Settlement]
    moves: Sequence[tuple[int, int]]
    claim: Claim
    returned: Sequence[int] = ()


def exchange(session: Session, given: Exchange, deposit: Deposit, now: datetime) -> list[Parcel]:
    """Mark what was sent, follow groups that moved, and take what may be sent next, in one transaction."""
    settle(session, given.settlements, deposit, now)
    for before, after in given.moves:
        _move_chat(session, before, after)
    if given.returned:
        session.connection().execute(_GIVE_BACK, {"rows": list(given.returned)})
    parcels = [*_claim(session, given.claim.interactive, False, now), *_claim(session, given.claim.bulk, True, now)]
    reach("courier:before-claim-commit" if parcels else "courier:before-mark-commit")
    return parcels


_SETTLE = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("row"))
    .values(
        status=bindparam("to"),
        message_id=bindparam("number"),
        error=bindparam("why"),
        settled_at=bindparam("at"),
        attempts=bindparam("tries"),
    )
)


def settle(session: Session, settlements: Sequence[Settlement], deposit: Deposit, now: datetime) -> None:
    """Mark calls, and put into the inbox what they brought back."""
    if not settlements:
        return
    run_many(
        session.connection(),
        _SETTLE,
        [
            {
                "row": done.parcel.id,
                "to": done.status,
                "number": done.message_id,
                "why": done.error,
                "at": now,
                "tries": done.parcel.attempts,
            }
            for done in settlements
        ],
    )
    for done in settlements:
        if done.album:
            session.execute(update(TABLE).where(TABLE.c.id == done.parcel.id).values(album=json_text.write(done.album)))
    if incoming := [done.incoming for done in settlements if done.incoming]:
        deposit(session, incoming, now)


def _claim(session: Session, room: int, bulk: bool, now: datetime) -> list[Parcel]:
    if room <= 0:
        return []
    rows = session.connection().execute(_BULK if bulk else _INTERACTIVE, {"now": now, "room": room}).all()
    if not rows:
        return []
    session.connection().execute(_TAKE, {"rows": [row.id for row in rows]})
    return [_parcel(row) for row in rows]


_TARGET_PENDING = exists(
    select(TARGET.c.id).where(TARGET.c.key == TABLE.c.edits_key, TARGET.c.status.in_((Status.NEW, Status.SENDING)))
)
_TARGET_NUMBER = select(TARGET.c.message_id).where(TARGET.c.key == TABLE.c.edits_key).scalar_subquery()
_MAY_GO = and_(
    IS_OWED,
    TABLE.c.status == Status.NEW,
    or_(TABLE.c.due_at.is_(None), TABLE.c.due_at <= bindparam("now")),
    or_(TABLE.c.edits_key.is_(None), ~_TARGET_PENDING),
)
_COLUMNS = (
    select(
        TABLE.c.id,
        TABLE.c.key,
        TABLE.c.lane,
        TABLE.c.chat_id,
        TABLE.c.method,
        TABLE.c.payload,
        TABLE.c.created_at,
        TABLE.c.edits_key,
        func.coalesce(TABLE.c.edits_id, _TARGET_NUMBER).label("number"),
        TABLE.c.attempts,
    )
    .where(_MAY_GO)
    .order_by(TABLE.c.lane, TABLE.c.id)
    .limit(bindparam("room"))
)
_INTERACTIVE = _COLUMNS.where(TABLE.c.lane < Lane.REMINDER)
_BULK = _COLUMNS.where(TABLE.c.lane >= Lane.REMINDER)
_TAKE = update(TABLE).where(among(TABLE.c.id, "rows")).values(status=Status.SENDING)
_GIVE_BACK = update(TABLE).where(among(TABLE.c.id, "rows")).values(status=Status.NEW)


def _parcel(row: Any) -> Parcel:
    written = row.payload if row.number is None else f'{row.payload[:-1]},"message_id":{row.number}}}'
    target = row.edits_key or (f"{row.chat_id}:{row.number}" if row.number is not None else None)
    return Parcel(
        row.id, row.key, Lane(row.lane), row.chat_id, row.method, written, row.created_at, target, row.attempts
    )


def _move_chat(session: Session, before: int, after: int) -> None:
    """Follow a group that became a supergroup: what waits for the old id goes to the new one."""
    session.execute(
        update(TABLE).where(IS_OWED, TABLE.c.chat_id == before, TABLE.c.status == Status.NEW).values(chat_id=after)
    )


def cancel(session: Session, keys: Iterable[str], now: datetime) -> None:
    """Take back what has not been claimed yet."""
    session.execute(
        update(TABLE)
        .where(TABLE.c.key.in_(list(keys)), TABLE.c.status == Status.NEW)
        .values(status=Status.CANCELLED, settled_at=now)
    )
