"""How one activity reads, and how many of them fit into a message that Telegram takes (4,096 characters)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from markupsafe import Markup, escape

from bot.i18n import Translator
from bot.timetable.rules import Day, Item, what_to_bring

LIMIT = 3600
"""In UTF-16 units, tags included; what is left of 4,096 is for whoever puts the day under a greeting."""

RESERVE = 80
TITLE, DETAIL, NOTE = 120, 60, 160
HEADLINE, PLACE = 48, 24
"""In a list of a whole day, so that twenty activities fit on a phone."""


@dataclass(slots=True)
class Section:
    """A heading and the blocks under it; blocks that do not fit are counted instead."""

    heading: Markup
    blocks: list[Markup] = field(default_factory=list)
    gap: str = "\n\n"


def compose(sections: Sequence[Section], t: Translator, tail: Sequence[Markup] = ()) -> Markup:
    """Put sections and the lines that must come last into one message, sharing out what room there is."""
    room = LIMIT - sum(size(line) + 2 for line in tail)
    parts: list[Markup] = []
    for index, section in enumerate(sections):
        left = len(sections) - index
        if size(section.heading) + RESERVE > room:
            parts.append(more(left, t))
            break
        part = _fill(section, room // left, t)
        room -= size(part) + 2
        parts.append(part)
    return Markup("\n\n").join([*parts, *tail])


def size(text: str) -> int:
    """The length as Telegram's strictest reckoning has it: UTF-16 units, tags and entities included."""
    return len(text.encode("utf-16-le")) // 2


@lru_cache(2048)
def describe(item: Item, t: Translator) -> Markup:
    """An activity with everything that is said about it, one fact a line; kept, since a bulk pass asks page by page."""
    headline = Markup(f"{span(item)} <b>{escape(title(item))}</b>")  # noqa: S704 - escaped right here
    return lines(headline, where(item), note(item, t))


@lru_cache(2048)
def brief(item: Item, t: Translator) -> Markup:
    """An activity in a line of a list: when, what, where; below it only what to bring."""
    place = Markup(" · {}").format(cut(item.place, PLACE)) if item.place else ""
    group = Markup(" · 👥 {}").format(cut(item.group_name, PLACE)) if item.group_name else ""
    headline = Markup("{} <b>{}</b>{}{}").format(span(item), cut(item.title, HEADLINE), place, group)
    bring = what_to_bring(item.notes)
    return lines(headline, Markup("    🎒 {}").format(cut(bring, DETAIL)) if bring else None)


def mention(item: Item) -> Markup:
    """An activity in one line: when, what, where."""
    begins = Markup("{} {}").format(clock(item.starts), title(item))
    return Markup("{} · {}").format(begins, cut(item.place, DETAIL)) if item.place else begins


def zone_of(day: Day) -> ZoneInfo:
    """The zone that the day's activities are told in."""
    zone = day.items[0].starts.tzinfo
    assert isinstance(zone, ZoneInfo)  # noqa: S101 - the service has put them into their cohort's
    return zone


def title(item: Item) -> str:
    """The title, cut to a length that leaves room for others."""
    return cut(item.title, TITLE)


def span(item: Item) -> str:
    """From when to when, in the cohort's own time."""
    return f"{clock(item.starts)}–{clock(item.ends)}"


def clock(at: datetime) -> str:
    """Hour and minute on 24 hours."""
    return f"{at.hour:02}:{at.minute:02}"


def where(item: Item) -> Markup | None:
    """Place, speaker, and the group where it is for one."""
    facts = [f"📍 {cut(item.place, DETAIL)}"] if item.place else []
    facts += [f"👤 {cut(item.speaker, DETAIL)}"] if item.speaker else []
    facts += [f"👥 {cut(item.group_name, DETAIL)}"] if item.group_name else []
    return escape("  ".join(facts)) if facts else None


def note(item: Item, t: Translator) -> Markup | None:
    """What to bring, or what else to mind."""
    if not item.notes:
        return None
    bring = what_to_bring(item.notes)
    if bring is not None:
        return t("🎒 Please bring: {what}", what=cut(bring, NOTE))
    return t("❗ Please note: {note}", note=cut(item.notes, NOTE))


@lru_cache(256)
def day_name(on: date | datetime, t: Translator) -> str:
    """Weekday, day and month."""
    return format_date(on, "M月d日 EEEE" if t.language == "zh" else "EEEE, MMMM d", locale=t.locale)


def short_day(on: date, t: Translator) -> str:
    """Weekday, day and month for a button."""
    return format_date(on, "M月d日 EEE" if t.language == "zh" else "EEE, MMM d", locale=t.locale)


def lines(*facts: Markup | None) -> Markup:
    """The facts that there are, one a line."""
    return Markup("\n").join(fact for fact in facts if fact)


def more(n: int, t: Translator) -> Markup:
    """In place of what did not fit."""
    return t.plural("… and {n} more", "… and {n} more", n)


def cut(text: str, limit: int) -> str:
    """The text on one line, cut where it is too long."""
    plain = " ".join(text.split())
    return plain if len(plain) <= limit else f"{plain[: limit - 1].rstrip()}…"


def _fill(section: Section, room: int, t: Translator) -> Markup:
    kept, gap = [section.heading], Markup(section.gap)  # noqa: S704 - white space
    room -= size(section.heading)
    for index, block in enumerate(section.blocks):
        room -= size(block) + len(gap)
        rest = len(section.blocks) - index
        if room < (RESERVE if rest > 1 else 0):
            return gap.join([*kept, more(rest, t)])
        kept.append(block)
    return gap.join(kept)
