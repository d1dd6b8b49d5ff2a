"""How long an offered place waits for its answer. Pure: no session, no clock, no Telegram.

The time runs from the offer, or from the end of the rest it fell into (the person's own quiet hours; at night
everybody's). It never passes the beginning of the activity, and close to that it becomes short, so that more than one
reserve can still be asked.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.preferences.rules import QuietHours, quiet_until

NIGHT = QuietHours(22 * 60, 7 * 60)
MORNING = timedelta(hours=1)
"""An answer time that would end in a rest ends so long after it."""
SHORTEST = timedelta(minutes=5)
SHARE = 4
"""An offer may take a quarter of what is left until the beginning, so that the next four still have a chance."""


def answer_until(
    now: datetime, minutes: int, starts_at: datetime, zone: ZoneInfo, own: QuietHours | None = None
) -> datetime:
    """Until when an offer made ``now`` can be answered; never after ``starts_at``."""
    woken = _rest_end(now, zone, own) or now
    begin = woken if woken + SHORTEST <= starts_at else now
    span = min(timedelta(minutes=minutes), max(SHORTEST, (starts_at - begin) / SHARE))
    until = begin + span
    if (end := _rest_end(until, zone, own)) is not None and end + SHORTEST <= starts_at:
        until = end + min(MORNING, max(SHORTEST, (starts_at - end) / SHARE))
    return min(until, starts_at)


def is_resting(now: datetime, zone: ZoneInfo, own: QuietHours | None = None) -> bool:
    """Whether a message now should make no sound."""
    return _rest_end(now, zone, own) is not None


def _rest_end(at: datetime, zone: ZoneInfo, own: QuietHours | None) -> datetime | None:
    ends = [end for hours in (NIGHT, own) if (end := quiet_until(hours, zone, at)) is not None]
    return max(ends, default=None)
