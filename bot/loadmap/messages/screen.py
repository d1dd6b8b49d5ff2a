"""The list of those called up elsewhere, a page at a time, and the words in the picture."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from babel.dates import format_date, format_interval
from markupsafe import Markup

from bot import buttons
from bot.i18n import Translator
from bot.loadmap.rules import CallUp
from bot.loadmap.service import LoadMap
from bot.outbox.calls import Message
from bot.people.messages.wording import bold, lines, paragraphs, shorten

FEATURE = "loadmap"
PAGE = 8
NAMED = 3


def render_list(found: LoadMap, number: int, t: Translator) -> Message:
    """Who is elsewhere, by unit; pages count from 0."""
    cohort_id, calls = found.cohort.id or 0, found.calls
    pages = max(1, -(-len(calls) // PAGE))
    number = min(max(number, 0), pages - 1)
    shown = calls[number * PAGE : (number + 1) * PAGE]
    head = lines(
        t("🗺 <b>Load map</b> · {cohort}", cohort=found.cohort.name),
        _summary(found, t),
        render_clashing(found.clashing, t),
    )
    blocks = [
        lines(bold(unit or t("No unit")), *(_line(one, found, t) for one in of_unit))
        for unit, of_unit in groupby(shown, key=lambda one: one.member.unit)
    ]
    turn = []
    if pages > 1:
        turn = [
            buttons.button("◀", buttons.pack(FEATURE, "show", cohort_id, (number - 1) % pages)),
            buttons.button(f"{number + 1}/{pages}", buttons.pack(FEATURE, "show", cohort_id, number)),
            buttons.button("▶", buttons.pack(FEATURE, "show", cohort_id, (number + 1) % pages)),
        ]
    picture = [buttons.button(t.plain("🖼 As a picture"), buttons.pack(FEATURE, "picture", cohort_id))]
    back = [buttons.button(t.plain("◀ Back"), buttons.pack("workdays", "show", cohort_id))]
    return Message(paragraphs(head, *blocks), buttons.keyboard(turn, picture, back))


def render_clashing(clashing: Sequence[CallUp], t: Translator) -> Markup | None:
    """That people are elsewhere on the camp's very days, the first of them by name."""
    if not clashing:
        return None
    people = {one.member.person_id: one for one in clashing}
    named = list(people.values())[:NAMED]
    names = t.join(t.plain("{name} ({camp})", name=one.member.name, camp=one.camp) for one in named)
    more = t("…") if len(people) > NAMED else Markup()
    return (
        t.plural(
            "⚠️ {n} person is in another camp on these very days: {names}",
            "⚠️ {n} people are in another camp on these very days: {names}",
            len(people),
            names=names,
        )
        + more
    )


def words_of_picture(found: LoadMap, t: Translator) -> dict[str, Any]:
    """Everything that stands in the picture but the figures."""
    first, last = found.cohort.starts_on, found.cohort.ends_on
    return {
        "lang": t.language,
        "title": t.plain("Load map: {cohort}", cohort=found.cohort.name),
        "days": format_interval(first, last, "yMMMd", locale=t.locale),
        "legend": t.plain("People of this camp who are called up elsewhere, by unit and week"),
        "own": t.plain("this camp"),
        "blocked": t.plain("blackout"),
        "people": t.plain("people"),
        "nothing": t.plain("Nobody is called up elsewhere in these weeks."),
        "weeks": [_week(monday, t) for monday in found.weeks],
        "nounit": t.plain("No unit"),
    }


def free_units(n: int, t: Translator) -> str:
    """The units of which nobody is elsewhere, in one line."""
    return str(t.plural("{n} more unit: nobody elsewhere", "{n} more units: nobody elsewhere", n)) if n else ""


def file_name(found: LoadMap, t: Translator) -> str:
    """What the picture is called."""
    return t.plain("Load map - {cohort}.png", cohort=found.cohort.name).replace("/", "-")


def offer_label(t: Translator) -> str:
    """The button on the camp's screen."""
    return t.plain("🗺 Load map")


def _summary(found: LoadMap, t: Translator) -> Markup:
    elsewhere = len({one.member.person_id for one in found.calls})
    if not elsewhere:
        return t("Nobody is called up elsewhere from three weeks before to three weeks after.")
    return t.plural(
        "{n} of {all} is called up elsewhere from three weeks before to three weeks after.",
        "{n} of {all} are called up elsewhere from three weeks before to three weeks after.",
        elsewhere,
        all=found.people,
    )


def _line(one: CallUp, found: LoadMap, t: Translator) -> Markup:
    mark = "⚠️ " if one.touches(found.cohort.starts_on, found.cohort.ends_on) else ""
    days = (
        format_interval(one.first, one.last, "MMMd", locale=t.locale) if one.first != one.last else _week(one.first, t)
    )
    return t("{mark}{name} · {camp}, {days}", mark=mark, name=one.member.name, camp=shorten(one.camp), days=days)


def _week(monday: date, t: Translator) -> str:
    return format_date(monday, "M月d日" if t.language == "zh" else "MMM d", locale=t.locale)
