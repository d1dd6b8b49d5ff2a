"""How an occasion is named where no whole call is read: title, time and place, as at the door or in a link."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from markupsafe import Markup

from bot.forum.messages.wording import SIGNS, bold, lines
from bot.forum.occasions import Occasion
from bot.forum.templates import template_of
from bot.i18n import Translator


def name_of(occasion: Occasion) -> Markup:
    """The title with the sign of its kind."""
    return Markup("{} {}").format(SIGNS[template_of(occasion.template).name], bold(occasion.title))


def when_of(occasion: Occasion, t: Translator) -> Markup:
    """Day, hours and place, by the cohort's own clock."""
    hours = f"{clock(occasion.starts_at, occasion)}–{clock(occasion.ends_at, occasion)}"
    times = Markup("🕘 {} {}").format(day(occasion.starts_at, occasion, t), hours)
    return Markup("{}\n📍 {}").format(times, occasion.place) if occasion.place else times


def heading(occasion: Occasion, t: Translator) -> Markup:
    """The first lines of whatever is said about it."""
    return lines(name_of(occasion), when_of(occasion, t))


def day(at: datetime, occasion: Occasion, t: Translator) -> str:
    """The day by the cohort's calendar, with its weekday."""
    return format_skeleton("MMMEd", at.astimezone(occasion.zone), locale=t.locale)


def clock(at: datetime, occasion: Occasion) -> str:
    """Hours and minutes by the cohort's clock."""
    return f"{at.astimezone(ZoneInfo(occasion.time_zone)):%H:%M}"


def instant(at: datetime, occasion: Occasion, t: Translator) -> str:
    """Day and hour by the cohort's clock."""
    return f"{day(at, occasion, t)} {clock(at, occasion)}"
