"""What is decided about the close of day. Pure: no session, no clock, no Telegram."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

USUAL_HOUR = time(21, 0)
OFFERED_HOURS = (time(17, 30), time(18, 0), time(19, 0), time(20, 0), time(21, 0), time(22, 0))
GRACE = timedelta(hours=12)
"""So much later the close of a day is still sent, since what it left open is still open; then it is skipped."""
LAST_CALL = time(23, 30)
"""Whoever is missing is named by this local hour at the latest, though the check-in be open: the same day."""
STALE = timedelta(hours=24)
"""Nothing is said any more about an activity that ended so long ago."""


def absences_due_at(ends_at: datetime, settled_at: datetime, zone: ZoneInfo) -> datetime:
    """When the missing of an activity are named: once its record is complete, and on the day it ended."""
    day = ends_at.astimezone(zone).date()
    last_call = datetime.combine(day, LAST_CALL, tzinfo=zone).astimezone(ends_at.tzinfo)
    return max(ends_at, min(settled_at, last_call))


def may_be_sent(due_at: datetime, now: datetime, *, next_is_due: bool) -> bool:
    """Whether a close of day that is due may still be sent."""
    return not next_is_due and now - due_at <= GRACE
