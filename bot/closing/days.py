"""What a day has left open, read from every feature that may have left something open. Writes nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlmodel import Session

from bot.checkin import appeals, walk_in_views
from bot.checkin import service as checkin
from bot.checkin.appeals import AppealView
from bot.checkin.boards import Attendee
from bot.checkin.outcomes import ActivityView
from bot.checkin.walk_in_views import WalkInView
from bot.hours import service as hours
from bot.leave import service as leave
from bot.leave.service import MakeUpView, RequestView
from bot.people import access
from bot.people import service as people
from bot.people.models import Role
from bot.people.service import Speaker
from bot.preferences import service as preferences
from bot.preferences.service import Topic
from bot.recurrence.rules import DAY, first_instant
from bot.timetable import service as timetable
from bot.timetable.models import Activity


class Missing(Struct, frozen=True):
    """Who was missing without leave at an activity; ``is_open`` while its check-in still takes arrivals."""

    activity: ActivityView
    people: tuple[Attendee, ...]
    is_open: bool = False


class DayReview(Struct, frozen=True):
    """A day of a cohort with what it has left open, and nothing else.

    ``unrecorded`` are activities that are over and where no attendance was taken; ``ahead`` counts those to come.
    """

    cohort_id: int
    cohort_name: str
    on: date
    time_zone: str
    activities: int
    ahead: int
    missing: tuple[Missing, ...] = ()
    unrecorded: tuple[ActivityView, ...] = ()
    counts: tuple[checkin.Counted, ...] = ()
    walk_ins: Sequence[WalkInView] = ()
    appeals: Sequence[AppealView] = ()
    requests: Sequence[RequestView] = ()
    make_ups: Sequence[MakeUpView] = ()
    unlinked: int = 0
    may_act: bool = False
    is_paused: bool = False

    @property
    def is_clear(self) -> bool:
        """Whether nothing is open."""
        lists = (self.missing, self.unrecorded, self.counts, self.walk_ins, self.appeals, self.requests, self.make_ups)
        return not any(lists) and not self.unlinked


def show_day(session: Session, *, speaker: Speaker | None, cohort_id: int, on: date | None, now: datetime) -> DayReview:
    """A day of a cohort, today where none is named, for whoever may read everything.

    Raises:
        Gone: there is no such cohort.
        NotAllowed: the speaker may not read it.
    """
    cohort = people.get_cohort(session, cohort_id)
    reader = access.require_reader(session, speaker, cohort_id)
    may_act = reader.is_operator or Role.COORDINATOR in access.roles_in(session, reader.person_id, cohort_id)
    paused = preferences.is_paused(
        session, person_id=reader.person_id, cohort_id=cohort_id, topic=Topic.CLOSING, now=now
    )
    return review_day(session, cohort_id, on or people.local_day(cohort, now), now, may_act=may_act, is_paused=paused)


def review_day(
    session: Session, cohort_id: int, on: date, now: datetime, *, may_act: bool = True, is_paused: bool = False
) -> DayReview:
    """Everything that a local day has left open.

    Raises:
        Gone: there is no such cohort.
    """
    cohort = people.get_cohort(session, cohort_id)
    zone = ZoneInfo(cohort.time_zone)
    activities = timetable.activities_on(session, cohort_id, on)
    over = [one for one in activities if one.ends_at <= now]
    course = hours.read_course(session, cohort_id, now)
    taken = [one for one in over if one.id in course.taken]
    return DayReview(
        cohort_id=cohort_id,
        cohort_name=cohort.name,
        on=on,
        time_zone=cohort.time_zone,
        activities=len(activities),
        ahead=len(activities) - len(over),
        missing=tuple(found for one in taken if (found := missing_at(session, one, course.settled)).people),
        unrecorded=tuple(_view(session, one) for one in over if one.id not in course.taken),
        counts=_differing(session, cohort_id, on, zone),
        walk_ins=walk_in_views.waiting_walk_ins(session, cohort_id),
        appeals=appeals.open_appeals(session, cohort_id),
        requests=leave.waiting(session, cohort_id),
        make_ups=leave.to_confirm(session, cohort_id),
        unlinked=people.count_unlinked(session, cohort_id),
        may_act=may_act,
        is_paused=is_paused,
    )


def missing_at(session: Session, activity: Activity, settled: frozenset[int]) -> Missing:
    """Who is on record neither as there nor on leave at an activity, as things stand."""
    board = checkin.read_board(session, activity_id=activity.id or 0)
    return Missing(board.activity, board.missing, activity.id not in settled)


def _view(session: Session, activity: Activity) -> ActivityView:
    return checkin.read_board(session, activity_id=activity.id or 0).activity


def _differing(session: Session, cohort_id: int, on: date, zone: ZoneInfo) -> tuple[checkin.Counted, ...]:
    midnight = _midnight(on, zone)
    counted = checkin.head_counts(session, cohort_id, since=midnight, until=_midnight(on + DAY, zone))
    return tuple(one for one in counted if one.differs)


def _midnight(on: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day."""
    return first_instant(on, datetime.min.time(), zone)
