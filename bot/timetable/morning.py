"""The morning push, decided: which cohort is due, for which day, who gets it. Neither words nor sends anything.

A push too large for one transaction is taken in pages; the day is settled with the last one, and what a crash repeats
is left out by the outbox's unique keys. So each person gets a day's push exactly once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.people import service as people
from bot.people.models import Cohort, Role
from bot.people.service import Reader
from bot.recurrence import service as recurrence
from bot.recurrence.models import Outcome, Recurrence
from bot.timetable import rules, service
from bot.timetable.rules import Day, Item, Skip
from bot.timetable.service import MORNING

MISSED_AT_ONCE = 31
"""How many missed days are recorded in one transaction."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far the push of one day has got: everybody up to ``person_id`` has been reached."""

    recurrence_id: int
    on: date
    person_id: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A day whose push was left out though it had activities."""

    on: date
    reason: Skip


@dataclass(frozen=True, slots=True)
class Push:
    """One page of a day's push to be said, and where to go on (``None``: the day is settled).

    ``coordinators`` comes with the first page; ``missed`` is what they must be told of.
    """

    cohort_id: int
    cohort_name: str
    day: Day | None = None
    trainees: Sequence[Reader] = ()
    coordinators: Sequence[Reader] = ()
    unlinked: int = 0
    missed: tuple[Missed, ...] = ()
    position: Position | None = None

    @property
    def size(self) -> int:
        """About how many rows it costs."""
        return len(self.trainees) + len(self.coordinators) + 1


def is_due(session: Session, now: datetime) -> bool:
    """Whether any cohort's morning is due."""
    return recurrence.is_due(session, MORNING, now)


def take_next(session: Session, *, now: datetime, position: Position | None, room: int) -> Push | None:
    """Take the next page of whatever push is due, of at most ``room`` trainees; ``None`` when nothing is due any more.

    Days that were missed are settled on the way: only the last of several may still be sent, within its grace.
    """
    waiting = recurrence.due(session, MORNING, now, limit=1)
    if not waiting:
        return None
    cohort = people.get_cohort(session, waiting[0].cohort_id)
    missed, items = _settle_missed(session, waiting[0], cohort, now)
    if items:
        return _page(session, waiting[0], cohort, items, missed, position, room, now)
    coordinators = people.readers(session, waiting[0].cohort_id, Role.COORDINATOR) if missed else ()
    return Push(waiting[0].cohort_id, cohort.name, coordinators=coordinators, missed=missed)


def _settle_missed(
    session: Session, waiting: Recurrence, cohort: Cohort, now: datetime
) -> tuple[tuple[Missed, ...], tuple[Item, ...]]:
    """Settle every due day with nothing to say or past sending; the activities of the first that is left to be sent."""
    missed: list[Missed] = []
    for _ in range(MISSED_AT_ONCE):
        if waiting.due_at is None or waiting.due_at > now:
            break
        items = _items_on(session, cohort, waiting.next_on)
        reason = _reason_to_skip(waiting, items, now)
        if items and reason is None:
            return tuple(missed), items
        if items and reason:
            missed.append(Missed(waiting.next_on, reason))
        recurrence.settle(session, waiting, Outcome.SKIPPED if items else Outcome.NOTHING_TO_SAY, now, reason or "")
    return tuple(missed), ()


def _reason_to_skip(waiting: Recurrence, items: Sequence[Item], now: datetime) -> Skip | None:
    if not items:
        return None
    following = recurrence.following(waiting)
    return rules.judge(waiting.due_at or now, items, now, next_is_due=following is not None and following.at <= now)


def _items_on(session: Session, cohort: Cohort, on: date) -> tuple[Item, ...]:
    zone = ZoneInfo(cohort.time_zone)
    return tuple(service.item_of(activity, zone) for activity in service.activities_on(session, cohort.id or 0, on))


def _page(
    session: Session, waiting: Recurrence, cohort: Cohort, items: tuple[Item, ...], missed: tuple[Missed, ...],
    position: Position | None, room: int, now: datetime,
) -> Push:
    cohort_id, on = waiting.cohort_id, waiting.next_on
    goes_on = position is not None and (position.recurrence_id, position.on) == (waiting.id, on)
    after = position.person_id if goes_on and position else 0
    trainees = people.readers(session, cohort_id, Role.TRAINEE, after=after, limit=room)
    is_last = len(trainees) < room
    if is_last:
        recurrence.settle(session, waiting, Outcome.FIRED, now)
    return Push(
        cohort_id, cohort.name, Day(cohort_id, cohort.name, on, on, items, is_trainee=True), trainees,
        () if goes_on else people.readers(session, cohort_id, Role.COORDINATOR),
        0 if goes_on else people.count_unlinked(session, cohort_id), missed,
        None if is_last else Position(waiting.id or 0, on, trainees[-1].person_id),
    )
