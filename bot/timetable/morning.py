"""The morning push, decided: which cohort is due, for which day, who gets it. Neither words nor sends anything.

A push too large for one transaction is taken in pages; the day is settled with the last one, and what a crash repeats
is left out by the outbox's unique keys. So each person gets a day's push exactly once.
"""

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
from bot.timetable import rules, service
from bot.timetable.rules import Day, Item, Skip
from bot.timetable.service import MORNING

COORDINATORS = 200
"""No cohort has more."""

MISSED_AT_ONCE = 31
"""How many missed days are recorded in one transaction."""


class Position(Struct, frozen=True):
    """How far the push of one day has got: everybody up to ``person_id`` has been reached."""

    recurrence_id: int
    on: date
    person_id: int


class Missed(Struct, frozen=True):
    """A day whose push was left out though it had activities."""

    on: date
    reason: Skip


class Push(Struct, frozen=True):
    """One page of a day's push to be said, and where to go on (``None``: the day is settled).

    ``coordinators`` and ``unlinked``, the number of trainees whom it cannot reach, come with the first page. ``missed``
    are the days before it that were left out, of which ``told`` must hear.
    """

    cohort_id: int
    cohort_name: str
    day: Day | None = None
    trainees: Audience | None = None
    coordinators: Audience | None = None
    unlinked: int = 0
    missed: tuple[Missed, ...] = ()
    told: Sequence[Reader] = ()
    position: Position | None = None

    @property
    def size(self) -> int:
        """About how many rows it costs."""
        return 1 + sum(audience.size for audience in (self.trainees, self.coordinators) if audience)


def is_due(session: Session, now: datetime) -> bool:
    """Whether any cohort's morning is due."""
    return recurrence.is_due(session, MORNING, now)


def waiting(session: Session, now: datetime, limit: int) -> Sequence[Recurrence]:
    """The mornings that are due, the longest waiting first."""
    return recurrence.due(session, MORNING, now, limit)


def take(session: Session, waiting: Recurrence, *, now: datetime, position: Position | None, room: int) -> Push:
    """Take the next page of a push that is due, of at most ``room`` trainees, and settle what that completes.

    Days that were missed are settled on the way: only the last of several may still be sent, within its grace.
    """
    cohort = people.get_cohort(session, waiting.cohort_id)
    missed, items = _settle_missed(session, waiting, cohort, now)
    told = people.readers(session, waiting.cohort_id, Role.COORDINATOR) if missed else ()
    push = Push(waiting.cohort_id, cohort.name, missed=missed, told=told)
    return _page(session, waiting, push, items, position, room, now) if items else push


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
    return service.items_on(session, cohort.id or 0, on, ZoneInfo(cohort.time_zone))


def _page(
    session: Session,
    waiting: Recurrence,
    push: Push,
    items: tuple[Item, ...],
    position: Position | None,
    room: int,
    now: datetime,
) -> Push:
    on, cohort_id = waiting.next_on, waiting.cohort_id
    goes_on = position is not None and (position.recurrence_id, position.on) == (waiting.id, on)
    after = position.person_id if position and goes_on else 0
    wanted = Wanted(
        cohort_id, Topic.MORNING, by_group=rules.has_groups(items), unsaid=_said_in_the_evening(cohort_id, on, items)
    )
    trainees = find_audience(session, wanted, now, after=after, limit=room)
    is_last = trainees.size < room
    if is_last:
        recurrence.settle(session, waiting, Outcome.FIRED, now)
    page = replace(
        push,
        day=Day(cohort_id, push.cohort_name, on, on, items, is_trainee=True),
        trainees=trainees,
        position=None if is_last else Position(waiting.id or 0, on, trainees.last),
    )
    return page if goes_on else _first_page(session, page, now)


def _said_in_the_evening(cohort_id: int, on: date, items: Sequence[Item]) -> str:
    """The keys of an evening's reminder that said the whole of this day: so short a day is not told twice."""
    return rules.evening_key(cohort_id, on, rules.digest(items)) if len(items) == 1 else ""


def _first_page(session: Session, page: Push, now: datetime) -> Push:
    wanted = Wanted(page.cohort_id, Topic.MORNING, Role.COORDINATOR)
    coordinators = find_audience(session, wanted, now, limit=COORDINATORS)
    return replace(page, coordinators=coordinators, unlinked=people.count_unlinked(session, page.cohort_id))
