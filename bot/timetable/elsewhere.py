"""What other activities take place at some time, of this camp and of all others. Reads, never writes."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col
from sqlmodel import select as find

from bot.people.models import Cohort
from bot.timetable.clashes import Slot
from bot.timetable.models import Activity
from bot.timetable.snapshots import Snapshot


def slots_between(session: Session, cohort: Cohort, first: datetime, last: datetime) -> list[Slot]:
    """What other camps of the office do between two instants."""
    query = (
        find(Activity, Cohort.name)
        .join(Cohort)
        .where(
            Cohort.organisation_id == cohort.organisation_id,
            Cohort.id != cohort.id,
            col(Activity.cancelled_at).is_(None),
            col(Activity.starts_at) < last,
            col(Activity.ends_at) > first,
        )
        .order_by(col(Activity.starts_at), col(Activity.id))
    )
    return [slot_of(activity, camp) for activity, camp in session.exec(query)]


def slots_beside(session: Session, cohort: Cohort, activity: Snapshot, without: Sequence[int] = ()) -> list[Slot]:
    """What this camp and all others do while an activity runs; not itself, and not those in ``without``."""
    query = find(Activity).where(
        Activity.cohort_id == cohort.id,
        col(Activity.id).not_in([activity.activity_id, *without]),
        col(Activity.cancelled_at).is_(None),
        col(Activity.starts_at) < activity.ends_at,
        col(Activity.ends_at) > activity.starts_at,
    )
    own = [slot_of(other) for other in session.exec(query.order_by(col(Activity.starts_at)))]
    return [*own, *slots_between(session, cohort, activity.starts_at, activity.ends_at)]


def slot_of(activity: Activity | Snapshot, camp: str = "") -> Slot:
    """An activity as something that can be in another's way."""
    return Slot(
        activity.title,
        activity.starts_at,
        activity.ends_at,
        activity.speaker,
        activity.place,
        activity.group_name,
        camp,
    )
