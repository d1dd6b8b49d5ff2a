"""Small pieces of wording that the screens of hours share: lengths, the meter, one line of a ledger, buttons."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.hours.rules import Entry, Ledger, Level, Record, Standing
from bot.i18n import N_, Translator

FEATURE = "hours"
PAGE = 8
LABEL = 40
WIDTH = 10

SIGNS = {
    Standing.AHEAD: "▫️",
    Standing.PRESENT: "✅",
    Standing.LATE: "🕘",
    Standing.EXCUSED: "🌿",
    Standing.ABSENT: "⬜",
    Standing.UNRECORDED: "·",
}
WORDS = {
    Standing.AHEAD: N_("still to come"),
    Standing.PRESENT: N_("attended"),
    Standing.LATE: N_("attended in part"),
    Standing.EXCUSED: N_("on leave"),
    Standing.ABSENT: N_("away without leave"),
    Standing.UNRECORDED: N_("no attendance was taken"),
}
LIGHTS = {Level.FINE: "🟢", Level.HALF: "🟡", Level.THREE_QUARTERS: "🟠", Level.OVER: "🔴"}


def data(action: str, *ids: int | str) -> str:
    """The callback data of one of this feature's buttons."""
    return buttons.pack(FEATURE, action, *ids)


def length(minutes: int, t: Translator) -> str:
    """A number of minutes as people say it, such as ``2 h 30 min``."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return t.plain("{minutes} min", minutes=rest)
    if not rest:
        return t.plain("{hours} h", hours=hours)
    return t.plain("{hours} h {minutes} min", hours=hours, minutes=rest)


def share(numerator: int, denominator: int, t: Translator) -> str:
    """A fraction as people say it."""
    words = {
        (1, 3): N_("one third"),
        (1, 4): N_("one quarter"),
        (1, 5): N_("one fifth"),
        (1, 6): N_("one sixth"),
        (1, 7): N_("one seventh"),
        (1, 8): N_("one eighth"),
        (1, 10): N_("one tenth"),
    }
    found = words.get((numerator, denominator))
    return t.plain(found) if found else f"{numerator}/{denominator}"


def bar(ledger: Ledger) -> str:
    """What is left of the allowance, in ten squares; empty only when nothing is left."""
    if ledger.allowance <= 0:
        return "░" * WIDTH
    filled = -(-ledger.left * WIDTH // ledger.allowance)
    return "▓" * filled + "░" * (WIDTH - filled)


def meter(ledger: Ledger, t: Translator) -> Markup:
    """The meter: how much may still be missed, of how much."""
    if not ledger.rules.has_limit:
        return t("There is no limit to what may be missed.")
    over, everything = ledger.used - ledger.allowance, length(ledger.allowance, t)
    left = t("<b>{left} of {all} left</b>", left=length(ledger.left, t), all=everything)
    if over > 0:
        left = t("<b>{over} more than the {all} allowed</b>", over=length(over, t), all=everything)
    return Markup("{} {} {}").format(LIGHTS[ledger.level], bar(ledger), left)


def day_time(at: datetime, time_zone: str, t: Translator) -> str:
    """Day and hour by the camp's clock, such as ``Mon, Dec 7 09:00``."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{format_skeleton('MMMEd', local, locale=t.locale)} {local:%H:%M}"


def span(starts_at: datetime, ends_at: datetime, time_zone: str, t: Translator) -> str:
    """Day, beginning and end by the camp's clock."""
    return f"{day_time(starts_at, time_zone, t)}–{ends_at.astimezone(ZoneInfo(time_zone)):%H:%M}"


def line_of(record: Record, time_zone: str, t: Translator) -> Markup:
    """An activity in one line: its title, when it is, what it counts."""
    when = span(record.starts_at, record.ends_at, time_zone, t)
    return Markup("<b>{}</b> · {} · {}").format(record.title, when, length(record.minutes, t))


def entry_label(entry: Entry, time_zone: str, t: Translator) -> str:
    """An activity on a button, with what became of it."""
    local = entry.record.starts_at.astimezone(ZoneInfo(time_zone))
    day = format_skeleton("Md", local, locale=t.locale)
    return short(f"{SIGNS[entry.standing]} {day} {local:%H:%M} {entry.record.title}")


def short(label: str) -> str:
    """A label that fits a button on a phone."""
    return label if len(label) <= LABEL else f"{label[: LABEL - 1]}…"


def lines(*parts: Markup | str | None) -> Markup:
    """The parts that are not empty, one a line."""
    return Markup("\n").join(part for part in parts if part)


def paragraphs(*parts: Markup | str | None) -> Markup:
    """The parts that are not empty, with a blank line between."""
    return Markup("\n\n").join(part for part in parts if part)


def page_of(number: int, count: int) -> tuple[int, int, slice]:
    """The page that exists nearest to the one wanted, how many there are, and what of the list it shows."""
    pages = max(1, -(-count // PAGE))
    page = min(max(number, 0), pages - 1)
    return page, pages, slice(page * PAGE, (page + 1) * PAGE)


def pager(action: str, ids: Sequence[int | str], page: int, pages: int) -> list[InlineKeyboardButton]:
    """The row that turns pages; the page is the last of the ids."""
    if pages < 2:
        return []
    return [
        buttons.button("◀", data(action, *ids, (page - 1) % pages)),
        buttons.button(f"{page + 1}/{pages}", data(action, *ids, page)),
        buttons.button("▶", data(action, *ids, (page + 1) % pages)),
    ]


def home(t: Translator) -> InlineKeyboardButton:
    """The way back to the first screen."""
    return buttons.button(t.plain("⌂ Home"), buttons.pack("people", "home"))
