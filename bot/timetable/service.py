"""The timetable as it stands: a cohort's activities, and the day as a person sees it. Changes come by ``importing``."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import bindparam, or_, select
from sqlmodel import Session, col
from sqlmodel import select as find
from sqlmodel.sql.expression import SelectOfScalar

from bot.errors import Gone
from bot.ids import ActivityId
from bot.people import access
from bot.people import service as people
from bot.people.models import Cohort, Role
from bot.people.service import MEMBERSHIP
from bot.recurrence import service as recurrence
from bot.recurrence.service import Plan
from bot.timetable.models import Activity
from bot.timetable.rules import Day, Item, is_near, urgency

TABLE = Activity.__table__  # type: ignore[attr-defined]
MORNING = "morning"
"""The kind of the recurrence behind the morning push."""

Groups = frozenset[str] | None
"""Groups whose activities somebody sees beside everybody's; ``None``: all."""

OF_A_GROUP = (Role.TRAINEE, Role.GROUP_LEADER)
"""Who sees no other group's activities."""

AROUND_NOON = timedelta(hours=27)
"""A local day lies within so much of its noon in UTC: half a day, and no zone is further from UTC than 15 hours."""


_ITEMS = (
    select(
        TABLE.c.id,
        TABLE.c.starts_at,
        TABLE.c.ends_at,
        TABLE.c.title,
        TABLE.c.kind,
        TABLE.c.speaker,
        TABLE.c.place,
        TABLE.c.notes,
        TABLE.c.group_name,
    )
    .where(
        TABLE.c.cohort_id == bindparam("cohort"),
        TABLE.c.cancelled_at.is_(None),
        TABLE.c.starts_at.between(bindparam("since"), bindparam("until")),
    )
    .order_by(TABLE.c.starts_at, TABLE.c.id)
)


class Week(Struct, frozen=True):
    """One local day of the person's cohorts, and the nearest days before and after it that have activities."""

    on: date
    today: date
    days: tuple[Day, ...] = ()
    earlier: date | None = None
    later: date | None = None


def prepare_cohort(session: Session, cohort: Cohort, now: datetime) -> None:
    """Set up the morning push, or bring it into line after the cohort's dates, zone or hour have changed."""
    recurrence.ensure(
        session,
        Plan(
            cohort_id=cohort.id or 0,
            kind=MORNING,
            at=cohort.push_at,
            time_zone=cohort.time_zone,
            starts_on=cohort.starts_on,
            until=cohort.ends_on,
        ),
        now,
    )


def get_activity(session: Session, activity_id: int) -> Activity:
    """The activity of that id, also a cancelled one (it has ``cancelled_at``).

    Raises:
        Gone: there is none.
    """
    activity = session.get(Activity, activity_id)
    if activity is None:
        raise Gone
    return activity


def activities_of(session: Session, cohort_id: int) -> Sequence[Activity]:
    """The cohort's activities in the order of time, without the cancelled ones."""
    return session.exec(_standing(cohort_id)).all()


def items_on(session: Session, cohort_id: int, on: date, zone: ZoneInfo) -> tuple[Item, ...]:
    """What begins on that local day, as people see it."""
    rows = session.connection().execute(_ITEMS, _window(cohort_id, on))
    return tuple(item_of(row, zone) for row in rows if row.starts_at.astimezone(zone).date() == on)


def activities_on(session: Session, cohort_id: int, on: date) -> Sequence[Activity]:
    """What begins on that local day, in the order of time, without the cancelled ones."""
    zone = ZoneInfo(people.get_cohort(session, cohort_id).time_zone)
    window = _window(cohort_id, on)
    around = _standing(cohort_id).where(col(Activity.starts_at).between(window["since"], window["until"]))
    return [activity for activity in session.exec(around) if activity.starts_at.astimezone(zone).date() == on]


def near(session: Session, cohort_id: int, now: datetime) -> Sequence[Activity]:
    """The activities that one may sensibly check in to now, the one whose beginning is nearest first."""
    day = timedelta(days=1)
    around = _standing(cohort_id).where(col(Activity.starts_at).between(now - day, now + day))
    candidates = [activity for activity in session.exec(around) if is_near(activity.starts_at, activity.ends_at, now)]
    return sorted(candidates, key=lambda activity: (abs(activity.starts_at - now), activity.id))


def day_of(
    session: Session, cohort: Cohort, on: date, now: datetime, *, is_trainee: bool = False, groups: Groups = None
) -> Day:
    """A local day of a cohort; of other groups' activities only those of ``groups``."""
    cohort_id, zone = cohort.id or 0, ZoneInfo(cohort.time_zone)
    items = tuple(item for item in items_on(session, cohort_id, on, zone) if _is_seen(item.group_name, groups))
    following = _beside(session, cohort, on, groups, later=True)
    return Day(
        cohort_id,
        cohort.name,
        on,
        people.local_day(cohort, now),
        items,
        item_of(following, zone) if following else None,
        is_trainee,
    )


def day_for(session: Session, *, person_id: int, now: datetime) -> list[Day]:
    """Today in every cohort of the person that is running, what is on now first; else the first day of the next ones.

    Empty where the person has no cohort that is running or yet to come.
    """
    days = [_day_now(session, person_id, cohort, now) for cohort in _current(session, person_id, now)]
    return sorted(days, key=lambda day: urgency(day, now))


_GROUPS = select(MEMBERSHIP.c.role, MEMBERSHIP.c.group_name).where(
    MEMBERSHIP.c.person_id == bindparam("person"),
    MEMBERSHIP.c.cohort_id == bindparam("cohort"),
    MEMBERSHIP.c.left_at.is_(None),
)


def groups_seen(session: Session, person_id: int, cohort_id: int) -> Groups:
    """The groups whose activities the person sees beside everybody's: a trainee's own, all (``None``) with a task."""
    rows = session.connection().execute(_GROUPS, {"person": person_id, "cohort": cohort_id}).all()
    if any(row.role not in OF_A_GROUP for row in rows):
        return None
    return frozenset(row.group_name for row in rows if row.group_name is not None)


def week_for(session: Session, *, person_id: int, on: date | None, now: datetime) -> Week | None:
    """One day of the person's present or next cohorts (``None``: today, or the first day), to be paged through."""
    cohorts = _current(session, person_id, now)
    if not cohorts:
        return None
    today = people.local_day(cohorts[0], now)
    on = on or max(min(cohort.starts_on for cohort in cohorts), today)
    seen = [(cohort, groups_seen(session, person_id, cohort.id or 0)) for cohort in cohorts]
    days = [
        day_of(session, cohort, on, now, groups=groups)
        for cohort, groups in seen
        if len(cohorts) == 1 or _is_on(session, cohort, on)
    ]
    earlier = [day for cohort, groups in seen if (day := _day_beside(session, cohort, on, groups, later=False))]
    later = [day for cohort, groups in seen if (day := _day_beside(session, cohort, on, groups, later=True))]
    return Week(on, today, tuple(days), max(earlier, default=None), min(later, default=None))


def item_of(row: Any, zone: ZoneInfo) -> Item:
    """An activity, or a row of ``_ITEMS``, as people see it."""
    return Item(
        ActivityId(row.id),
        row.starts_at.astimezone(zone),
        row.ends_at.astimezone(zone),
        row.title,
        row.kind,
        row.speaker,
        row.place,
        row.notes,
        row.group_name,
    )


def _window(cohort_id: int, on: date) -> dict[str, Any]:
    """Between which instants a local day surely lies."""
    noon = datetime.combine(on, time(12), tzinfo=UTC)
    return {"cohort": cohort_id, "since": noon - AROUND_NOON, "until": noon + AROUND_NOON}


def _standing(cohort_id: int | None) -> SelectOfScalar[Activity]:
    """The cohort's activities that are not cancelled, in the order of time."""
    query = find(Activity).where(Activity.cohort_id == cohort_id, col(Activity.cancelled_at).is_(None))
    return query.order_by(col(Activity.starts_at), col(Activity.id))


def _current(session: Session, person_id: int, now: datetime) -> list[Cohort]:
    """The cohorts that are running, or else those that begin next."""
    open_ones = [(cohort, people.local_day(cohort, now)) for cohort in people.cohorts_of(session, person_id)]
    open_ones = [(cohort, today) for cohort, today in open_ones if today <= cohort.ends_on]
    running = [cohort for cohort, today in open_ones if cohort.starts_on <= today]
    first = min((cohort.starts_on for cohort, _ in open_ones), default=None)
    return running or [cohort for cohort, _ in open_ones if cohort.starts_on == first]


def _is_on(session: Session, cohort: Cohort, on: date) -> bool:
    return cohort.starts_on <= on <= cohort.ends_on or bool(activities_on(session, cohort.id or 0, on))


def _day_now(session: Session, person_id: int, cohort: Cohort, now: datetime) -> Day:
    on = max(cohort.starts_on, people.local_day(cohort, now))
    is_trainee = Role.TRAINEE in access.roles_in(session, person_id, cohort.id or 0)
    groups = groups_seen(session, person_id, cohort.id or 0)
    return day_of(session, cohort, on, now, is_trainee=is_trainee, groups=groups)


def _is_seen(group: str | None, groups: Groups) -> bool:
    return groups is None or group is None or group in groups


def _day_beside(session: Session, cohort: Cohort, on: date, groups: Groups, *, later: bool) -> date | None:
    beside = _beside(session, cohort, on, groups, later=later)
    return beside.starts_at.astimezone(ZoneInfo(cohort.time_zone)).date() if beside else None


def _beside(session: Session, cohort: Cohort, on: date, groups: Groups, *, later: bool) -> Activity | None:
    """The first activity after a local day, or the last one before it."""
    zone = ZoneInfo(cohort.time_zone)
    midnight = datetime.combine(on + timedelta(days=later), time(0), tzinfo=zone).astimezone(UTC)
    values = {"cohort": cohort.id, "midnight": midnight} | ({"groups": sorted(groups)} if groups is not None else {})
    return session.exec(_BESIDE[later, groups is not None], params=values).first()


def _nearest(*, later: bool, of_groups: bool) -> SelectOfScalar[Activity]:
    start = col(Activity.starts_at)
    query = find(Activity).where(Activity.cohort_id == bindparam("cohort"), col(Activity.cancelled_at).is_(None))
    if of_groups:
        named = col(Activity.group_name).in_(bindparam("groups", expanding=True))
        query = query.where(or_(col(Activity.group_name).is_(None), named))
    midnight = bindparam("midnight", type_=TABLE.c.starts_at.type)
    if later:
        return query.where(start >= midnight).order_by(start, col(Activity.id)).limit(1)
    return query.where(start < midnight).order_by(start.desc()).limit(1)


# Put together once: each first screen asks one of them, and putting it together costs more than running it.
_BESIDE = {
    (later, of_groups): _nearest(later=later, of_groups=of_groups)
    for later in (True, False)
    for of_groups in (True, False)
}
