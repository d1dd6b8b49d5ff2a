"""An activity as it was at one moment, and a change from one such moment to the next. No behaviour beyond copying."""

from datetime import UTC, datetime

from msgspec import Struct

from bot.ids import ActivityId
from bot.timetable.models import Activity


class Snapshot(Struct, frozen=True):
    """An activity at one moment; times are instants (UTC), ``group_name`` is empty for everybody."""

    activity_id: ActivityId
    starts_at: datetime
    ends_at: datetime
    title: str
    kind: str = ""
    speaker: str = ""
    place: str = ""
    notes: str = ""
    group_name: str | None = None
    minutes: int | None = None
    is_cancelled: bool = False


class Edited(Struct, frozen=True):
    """One activity before and after somebody changed it; ``before`` is empty for a new one."""

    activity_id: ActivityId
    before: Snapshot | None
    after: Snapshot


def snapshot(activity: Activity) -> Snapshot:
    """The activity as it is now."""
    return Snapshot(
        ActivityId(activity.id or 0),
        activity.starts_at.astimezone(UTC),
        activity.ends_at.astimezone(UTC),
        activity.title,
        activity.kind,
        activity.speaker,
        activity.place,
        activity.notes,
        activity.group_name,
        activity.minutes,
        activity.cancelled_at is not None,
    )
