"""How one activity reads, and how many of them fit into a message that Telegram takes (4,096 characters)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from babel.dates import format_date
from markupsafe import Markup

from bot.i18n import Translator
from bot.timetable.rules import Item, what_to_bring

LIMIT = 3600
"""In UTF-16 units, tags included; what is left of 4,096 is for whoever puts the day under a greeting."""

RESERVE = 80
TITLE, DETAIL, NOTE = 120, 60, 160


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


def describe(item: Item, t: Translator) -> Markup:
    """An activity with everything that is said about it, one fact a line."""
    headline = Markup("{} <b>{}</b>").format(span(item), title(item))
    return lines(headline, where(item), note(item, t))


def mention(item: Item) -> Markup:
    """An activity in one line: when, what, where."""
    begins = Markup("{} {}").format(f"{item.starts:%H:%M}", title(item))
    return Markup("{} · {}").format(begins, cut(item.place, DETAIL)) if item.place else begins


def title(item: Item) -> str:
    """The title, cut to a length that leaves room for others."""
    return cut(item.title, TITLE)


def span(item: Item) -> str:
    """From when to when, in the cohort's own time."""
    return f"{item.starts:%H:%M}–{item.ends:%H:%M}"


def where(item: Item) -> Markup | None:
    """Place and speaker."""
    facts = [f"📍 {cut(item.place, DETAIL)}"] if item.place else []
    facts += [f"👤 {cut(item.speaker, DETAIL)}"] if item.speaker else []
    return Markup("{}").format("  ".join(facts)) if facts else None


def note(item: Item, t: Translator) -> Markup | None:
    """What to bring, or what else to mind."""
    if not item.notes:
        return None
    bring = what_to_bring(item.notes)
    if bring is not None:
        return t("🎒 Please bring: {what}", what=cut(bring, NOTE))
    return t("❗ Please note: {note}", note=cut(item.notes, NOTE))


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
    return plain if len(plain) <= limit else f"{plain[:limit - 1].rstrip()}…"


def _fill(section: Section, room: int, t: Translator) -> Markup:
    part, gap = section.heading, Markup(section.gap)  # noqa: S704 - white space
    for index, block in enumerate(section.blocks):
        longer = part + gap + block
        rest = len(section.blocks) - index
        if size(longer) + (RESERVE if rest > 1 else 0) > room:
            return part + gap + more(rest, t)
        part = longer
    return part
