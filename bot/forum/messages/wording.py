"""What all screens of forums word alike: how a call is named, when it is, what a state is called, their buttons."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.forum.models import Audience, Choice, Part, SignUpStatus
from bot.forum.templates import Name
from bot.forum.views import CallView, Phase
from bot.i18n import N_, Translator

FEATURE = "forum"
LABEL = 44

KINDS = {
    Name.TRAINEES: N_("Forum of trainees"),
    Name.SALON: N_("Salon around cases"),
    Name.LECTURE: N_("Open lecture"),
    Name.INVITED: N_("Forum with invited speakers"),
}
SIGNS = {Name.TRAINEES: "🎤", Name.SALON: "☕", Name.LECTURE: "🏛", Name.INVITED: "🎙"}
PHASES = {
    Phase.DRAFT: N_("draft"),
    Phase.COMING: N_("sign-up not open yet"),
    Phase.OPEN: N_("sign-up open"),
    Phase.CLOSED: N_("sign-up closed"),
    Phase.SETTLED: N_("speakers chosen"),
    Phase.OVER: N_("over"),
    Phase.CANCELLED: N_("cancelled"),
}
CHOICES = {
    Choice.FIRST: N_("first come, first served"),
    Choice.COORDINATOR: N_("the coordinator chooses"),
    Choice.DRAW: N_("a fair draw"),
}
STATES = {
    SignUpStatus.PENDING: N_("waiting for the choice"),
    SignUpStatus.CONFIRMED: N_("confirmed"),
    SignUpStatus.OFFERED: N_("a place is offered"),
    SignUpStatus.RESERVE: N_("on the reserve list"),
    SignUpStatus.NOT_CHOSEN: N_("not this time"),
    SignUpStatus.WITHDRAWN: N_("withdrawn"),
}
AUDIENCES = {
    Audience.COHORT: N_("everybody of the camp"),
    Audience.UNITS: N_("some units: {units}"),
    Audience.LINK: N_("everybody of the camp, and whoever has the link"),
}
PARTS = {Part.SPEAKER: N_("speaker"), Part.LISTENER: N_("listener")}


def data(action: str, *ids: int | str) -> str:
    """The callback data of one of this feature's buttons."""
    return buttons.pack(FEATURE, action, *ids)


def act(label: str, action: str, *ids: int | str) -> InlineKeyboardButton:
    """A button of this feature."""
    return buttons.button(label, data(action, *ids))


def lines(*parts: Markup | str | None) -> Markup:
    """The parts that say something, one a line."""
    return Markup("\n").join(part for part in parts if part)


def paragraphs(*parts: Markup | str | None) -> Markup:
    """The parts that say something, with a blank line between."""
    return Markup("\n\n").join(part for part in parts if part)


def bold(text: str) -> Markup:
    """The text in bold, escaped."""
    return Markup("<b>{}</b>").format(text)


def short(text: str, length: int = LABEL) -> str:
    """A label that fits a button on a phone."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def day_and_hour(at: datetime, time_zone: str, t: Translator) -> str:
    """Day, weekday and hour by the cohort's own clock."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{format_skeleton('MMMEd', local, locale=t.locale)} {local:%H:%M}"


def hour(at: datetime, time_zone: str) -> str:
    """Hours and minutes by the cohort's own clock."""
    return f"{at.astimezone(ZoneInfo(time_zone)):%H:%M}"


def name_of(call: CallView) -> Markup:
    """How a call is named at the top of everything that is said about it."""
    return Markup("{} <b>{}</b>").format(SIGNS[call.template.name], call.title)


def when_of(call: CallView, t: Translator) -> Markup:
    """When and where the activity is."""
    ends = hour(call.ends_at, call.time_zone)
    times = f"{day_and_hour(call.starts_at, call.time_zone, t)}–{ends}"
    return Markup("🕘 {}{}").format(times, Markup(" · {}").format(call.place) if call.place else "")


def heading(call: CallView, t: Translator) -> Markup:
    """Name, time and place: the first lines of a screen or message about a call."""
    return lines(name_of(call), when_of(call, t))


def label_of(call: CallView) -> str:
    """A call as a button's label."""
    at = call.starts_at.astimezone(ZoneInfo(call.time_zone))
    return short(f"{SIGNS[call.template.name]} {at:%m-%d %H:%M} {call.title}")


def phase_line(call: CallView, t: Translator) -> Markup:
    """Where sign-up stands, with the instant that matters now."""
    if call.phase is Phase.COMING:
        return t("🗓 Sign-up opens {when}.", when=day_and_hour(call.opens_at, call.time_zone, t))
    if call.phase is Phase.OPEN:
        return t("🟢 Sign-up is open until {when}.", when=day_and_hour(call.closes_at, call.time_zone, t))
    if call.phase is Phase.CANCELLED:
        return t("❌ <b>This has been cancelled.</b>")
    return t("⚪️ {phase}", phase=t(PHASES[call.phase]))


def who_of(call: CallView, t: Translator) -> Markup:
    """Who may sign up."""
    return t(AUDIENCES[call.audience], units=t.join(call.units) or "–")


def window_of(call: CallView, t: Translator) -> dict[str, str]:
    """When sign-up ``opens`` and ``closes``, in words."""
    times = {"opens": call.opens_at, "closes": call.closes_at}
    return {name: day_and_hour(at, call.time_zone, t) for name, at in times.items()}


def slots_line(call: CallView, t: Translator) -> Markup | None:
    """How many speak for how long."""
    if call.speakers is None:
        return None
    slots = t.plural("{n} slot", "{n} slots", call.speakers.capacity)
    return t("🎤 {slots} of {length}", slots=slots, length=length(call.minutes, t))


def seats_line(call: CallView, t: Translator) -> Markup | None:
    """How many seats there are for listeners."""
    if call.listeners is None:
        return None
    return t.plural("💺 {n} seat for listeners", "💺 {n} seats for listeners", call.listeners.capacity)


def length(minutes: int, t: Translator) -> Markup:
    """A length of time in words."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return t.plural("{n} minute", "{n} minutes", rest)
    whole = t.plural("{n} hour", "{n} hours", hours)
    return t("{hours} {minutes}", hours=whole, minutes=length(rest, t)) if rest else whole


def back(label: str, action: str, *ids: int | str) -> list[InlineKeyboardButton]:
    """The row that leads back."""
    return [act(f"« {label}", action, *ids)]


def pager(action: str, ids: Sequence[int | str], page: int, pages: int) -> list[InlineKeyboardButton]:
    """The row that turns pages, which count from 0; none for a single page. The page is the last of the ids."""
    if pages < 2:
        return []
    return [
        act("◀", action, *ids, (page - 1) % pages),
        act(f"{page + 1}/{pages}", action, *ids, page),
        act("▶", action, *ids, (page + 1) % pages),
    ]


def page_of(page: int, count: int, size: int = 8) -> tuple[int, int, slice]:
    """The page that is there, how many pages there are, and which of the items stand on it."""
    pages = max(1, -(-count // size))
    page = min(max(page, 0), pages - 1)
    return page, pages, slice(page * size, (page + 1) * size)
