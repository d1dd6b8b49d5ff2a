"""The reminder of the evening before, decided: which cohort, for which day, who gets it. Sends nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from sqlmodel import Session

from bot.people import service as people
from bot.people.models import Cohort, Role
from bot.people.service import Reader
from bot.preferences.audience import Audience, Wanted, find_audience
from bot.preferences.models import Topic
from bot.recurrence import service as recurrence
from bot.recurrence.models import Outcome, Recurrence
from bot.reminders.rules import EVENING_GRACE, Reason
from bot.reminders.service import DAY, EVENING
from bot.timetable import service as timetable
from bot.timetable.rules import Day, Item, has_groups

MISSED_AT_ONCE = 31


class Position(Struct, frozen=True):
    """How far the reminder of one evening has got."""

    recurrence_id: int
    on: date
    person_id: int


class Eve(Struct, frozen=True):
    """One page of an evening's reminder; ``day`` is tomorrow. ``missed`` are days whose evening was left out."""

    cohort: Cohort
    day: Day | None = None
    audience: Audience | None = None
    missed: tuple[date, ...] = ()
    told: Sequence[Reader] = ()
    position: Position | None = None

    @property
    def size(self) -> int:
        """About how many rows it costs."""
        return 1 + (self.audience.size if self.audience else 0)


def is_due(session: Session, now: datetime) -> bool:
    """Whether any cohort's evening is due."""
    return recurrence.is_due(session, EVENING, now)


def waiting(session: Session, now: datetime, limit: int) -> Sequence[Recurrence]:
    """The evenings that are due, the longest waiting first."""
    return recurrence.due(session, EVENING, now, limit)


def take(session: Session, row: Recurrence, *, now: datetime, position: Position | None, room: int) -> Eve:
    """Take the next page of an evening that is due, and settle what that completes; missed ones on the way."""
    cohort = people.get_cohort(session, row.cohort_id)
    missed, items = _settle_missed(session, row, cohort, now)
    told = people.readers(session, row.cohort_id, Role.COORDINATOR) if missed else ()
    eve = Eve(cohort, missed=missed, told=told)
    return _page(session, row, eve, items, position, room, now) if items else eve


def _settle_missed(
    session: Session, row: Recurrence, cohort: Cohort, now: datetime
) -> tuple[tuple[date, ...], tuple[Item, ...]]:
    missed: list[date] = []
    for _ in range(MISSED_AT_ONCE):
        if row.due_at is None or row.due_at > now:
            break
        tomorrow = row.next_on + DAY
        items = timetable.items_on(session, cohort.id or 0, tomorrow, ZoneInfo(cohort.time_zone))
        reason = _reason_to_skip(row, now)
        if items and reason is None:
            return tuple(missed), items
        missed += [tomorrow] if items else []
        outcome = Outcome.SKIPPED if items else Outcome.NOTHING_TO_SAY
        recurrence.settle(session, row, outcome, now, reason or "" if items else "")
    return tuple(missed), ()


def _reason_to_skip(row: Recurrence, now: datetime) -> Reason | None:
    following = recurrence.following(row)
    if following is not None and following.at <= now:
        return Reason.SUPERSEDED
    return Reason.TOO_LATE if row.due_at is not None and now - row.due_at > EVENING_GRACE else None


def _page(
    session: Session,
    row: Recurrence,
    eve: Eve,
    items: tuple[Item, ...],
    position: Position | None,
    room: int,
    now: datetime,
) -> Eve:
    on, cohort_id = row.next_on, row.cohort_id
    goes_on = position is not None and (position.recurrence_id, position.on) == (row.id, on)
    after = position.person_id if position and goes_on else 0
    wanted = Wanted(cohort_id, Topic.EVENING, by_group=has_groups(items))
    audience = find_audience(session, wanted, now, after=after, limit=room)
    is_last = audience.size < room
    if is_last:
        recurrence.settle(session, row, Outcome.FIRED, now)
    return replace(
        eve,
        day=Day(cohort_id, eve.cohort.name, on + DAY, on, items, is_trainee=True),
        audience=audience,
        position=None if is_last else Position(row.id or 0, on, audience.last),
    )
