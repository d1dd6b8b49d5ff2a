"""What both sides of check-in word alike: times, activities, and the feature's buttons. No sentence of its own."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from markupsafe import Markup

from bot import buttons
from bot.checkin.outcomes import ActivityView
from bot.i18n import Translator

FEATURE = "checkin"


def data(action: str, *ids: int | str) -> str:
    """The callback data of one of this feature's buttons."""
    return buttons.pack(FEATURE, action, *ids)


def clock_time(at: datetime, activity: ActivityView) -> str:
    """Hours and minutes by the activity's own clock."""
    return _clock_time(at, activity.time_zone)


def day_of(at: datetime, activity: ActivityView, t: Translator) -> str:
    """The day by the activity's own calendar, with its weekday."""
    return format_skeleton("MMMEd", at.astimezone(ZoneInfo(activity.time_zone)), locale=t.locale)


def headline(activity: ActivityView) -> Markup:
    """The activity's title, as it stands at the top of an answer."""
    return Markup("<b>%s</b>") % activity.title


def span(activity: ActivityView) -> str:
    """From when to when, by the activity's own clock."""
    return f"{clock_time(activity.starts_at, activity)}–{clock_time(activity.ends_at, activity)}"


def line_of(activity: ActivityView) -> Markup:
    """One line: times, title, place."""
    place = Markup(" · {}").format(activity.place) if activity.place else Markup("")
    return Markup("{} <b>{}</b>{}").format(span(activity), activity.title, place)


def lines(*parts: Markup | str) -> Markup:
    """The parts that are not empty, one a line."""
    return Markup("\n").join(part for part in parts if part)


@lru_cache(256)
def _clock_time(at: datetime, time_zone: str) -> str:
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{local.hour:02}:{local.minute:02}"
