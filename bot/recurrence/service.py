"""Pushes that come every local day: when the next one is due, what became of each day. The only writer of the tables.

A day is *settled* by its ``Occurrence``, of which there is one a recurrence and day; a settled day never comes again,
whatever happens to the zone, the hour or the machine's clock. Knows nothing of what is pushed, or to whom.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.database import insert_missing
from bot.recurrence.models import Occurrence, Outcome, Recurrence
from bot.recurrence.rules import DAY, Due, days_from, due_on, next_due

RECURRENCE = Recurrence.__table__  # type: ignore[attr-defined]
OCCURRENCE = Occurrence.__table__  # type: ignore[attr-defined]

_WAITS = (col(Recurrence.due_at) <= bindparam("now"), col(Recurrence.kind) == bindparam("kind"))
_IS_DUE = select(RECURRENCE.c.id).where(*_WAITS).limit(1)
_DUE = find(Recurrence).where(*_WAITS).order_by(col(Recurrence.due_at), col(Recurrence.id)).limit(bindparam("limit"))
_SETTLED = select(OCCURRENCE.c.on).where(
    OCCURRENCE.c.recurrence_id == bindparam("recurrence"), OCCURRENCE.c.on >= bindparam("start")
)


class Plan(Struct, frozen=True):
    """A push of a cohort, every local day from ``starts_on`` to ``until`` at the wall time ``at``."""

    cohort_id: int
    kind: str
    at: time
    time_zone: str
    starts_on: date
    until: date


def ensure(session: Session, plan: Plan, now: datetime) -> Recurrence:
    """Make the recurrence that the plan describes, or bring it into line with the plan; the same plan changes nothing.

    Days that were not owed before and whose hour has passed are left out: a push that is set up at noon begins with the
    next morning. Days that were owed stay owed.
    """
    recurrence = find_recurrence(session, plan.cohort_id, plan.kind)
    if recurrence is None:
        recurrence = Recurrence(
            cohort_id=plan.cohort_id,
            kind=plan.kind,
            at=plan.at,
            time_zone=plan.time_zone,
            next_on=plan.starts_on,
            until=plan.until,
        )
    _schedule(session, recurrence, plan, now)
    session.add(recurrence)
    session.flush()
    return recurrence


def begin(session: Session, plans: Sequence[Plan], now: datetime) -> int:
    """Make the recurrences that the plans describe and that are not there yet, all at once; how many those were.

    One that is there already stays as it is: ``ensure`` brings it into line.
    """
    return insert_missing(session, RECURRENCE, [_new(plan, now) for plan in plans])


def find_recurrence(session: Session, cohort_id: int, kind: str) -> Recurrence | None:
    """The cohort's recurrence of that kind."""
    query = find(Recurrence).where(Recurrence.cohort_id == cohort_id, Recurrence.kind == kind)
    return session.exec(query).first()


def is_due(session: Session, kind: str, now: datetime) -> bool:
    """Whether anything of that kind is due: one look into an index, for a pass with nothing to do."""
    return session.connection().execute(_IS_DUE, {"kind": kind, "now": now}).first() is not None


def due(session: Session, kind: str, now: datetime, limit: int) -> Sequence[Recurrence]:
    """The recurrences of that kind that are due, the longest waiting first."""
    return session.scalars(_DUE, {"kind": kind, "now": now, "limit": limit}).all()


def following(recurrence: Recurrence) -> Due | None:
    """What comes after the day that is next, as things stand."""
    zone = ZoneInfo(recurrence.time_zone)
    return next_due(recurrence.next_on + DAY, recurrence.until, recurrence.at, zone)


def settle(session: Session, recurrence: Recurrence, outcome: Outcome, now: datetime, reason: str = "") -> None:
    """Record what became of the day that is next, and go on to the next open day; after ``until`` there is none."""
    insert_missing(
        session,
        OCCURRENCE,
        [
            {
                "recurrence_id": recurrence.id,
                "on": recurrence.next_on,
                "due_at": recurrence.due_at,
                "settled_at": now,
                "outcome": outcome,
                "reason": reason,
            }
        ],
    )
    start = recurrence.next_on + DAY
    _aim(recurrence, _first_open(session, recurrence, start, start, now))
    session.add(recurrence)
    session.flush()


def occurrences(session: Session, recurrence_id: int) -> Sequence[Occurrence]:
    """What became of each day so far, in order."""
    query = find(Occurrence).where(Occurrence.recurrence_id == recurrence_id)
    return session.exec(query.order_by(col(Occurrence.on))).all()


def _schedule(session: Session, recurrence: Recurrence, plan: Plan, now: datetime) -> None:
    is_running = recurrence.due_at is not None
    owed_from = recurrence.next_on if is_running else date.max
    today = now.astimezone(ZoneInfo(plan.time_zone)).date()
    start = max(plan.starts_on, min(owed_from, today))
    recurrence.at, recurrence.time_zone, recurrence.until = plan.at, plan.time_zone, plan.until
    _aim(recurrence, _first_open(session, recurrence, start, owed_from, now))


def _new(plan: Plan, now: datetime) -> dict[str, Any]:
    """The row of a plan of which no day is settled."""
    zone = ZoneInfo(plan.time_zone)
    start = max(plan.starts_on, now.astimezone(zone).date())
    days = (due_on(on, plan.at, zone) for on in days_from(start, plan.until))
    coming = next((day for day in days if day and day.at >= now), None)
    return {
        "cohort_id": plan.cohort_id,
        "kind": plan.kind,
        "at": plan.at,
        "time_zone": plan.time_zone,
        "next_on": coming.on if coming else plan.starts_on,
        "until": plan.until,
        "due_at": coming.at if coming else None,
    }


def _first_open(session: Session, recurrence: Recurrence, start: date, owed_from: date, now: datetime) -> Due | None:
    """The first day from ``start`` on that is not settled, and that is owed or still ahead."""
    settled = _settled(session, recurrence.id, start)
    zone = ZoneInfo(recurrence.time_zone)
    for on in days_from(start, recurrence.until):
        coming = None if on in settled else due_on(on, recurrence.at, zone)
        if coming and (on >= owed_from or coming.at >= now):
            return coming
    return None


def _settled(session: Session, recurrence_id: int | None, start: date) -> set[date]:
    return set(session.connection().execute(_SETTLED, {"recurrence": recurrence_id, "start": start}).scalars())


def _aim(recurrence: Recurrence, coming: Due | None) -> None:
    if coming is None:
        recurrence.due_at = None
    else:
        recurrence.next_on, recurrence.due_at = coming.on, coming.at
