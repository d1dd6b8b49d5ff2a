"""The screen of a camp's days and blackouts, the questions about a new blackout, and the import of a year's table."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.buttons import Rows
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import bold, lines, paragraphs, shorten
from bot.people.models import Cohort
from bot.people.rules import DateFault
from bot.workdays.messages.flags import render_blackout, render_flags, render_missing, short_span
from bot.workdays.models import Blackout
from bot.workdays.service import Flags, UnitCount
from bot.workdays.sheet import DayTable, Fault

FEATURE = "workdays"
PAGE = 8
LISTED = 10
PROBLEMS = {
    Fault.BAD_DATE: N_("Row {row}: “{text}” is not a date"),
    Fault.BAD_KIND: N_("Row {row}: “{text}” says neither day off nor working day"),
    Fault.TWICE: N_("Row {row}: {text} stands there twice; the first one counts"),
}
DATE_FAULTS = {
    DateFault.UNREADABLE: N_("I cannot read “{text}” as dates."),
    DateFault.NO_SUCH_DAY: N_("There is no such day: {text}."),
    DateFault.BACKWARDS: N_("The last day comes before the first: {text}."),
    DateFault.TOO_LONG: N_("That is longer than a year: {text}."),
}


def render_screen(
    cohort: Cohort, flags: Flags, blackouts: Sequence[Blackout], missing: int | None, t: Translator
) -> Message:
    """What is known of a camp's days, and the blackouts that are not over."""
    cohort_id = cohort.id or 0
    unknown = missing if missing not in flags.outlook.unknown else None
    told = render_flags(flags, t) or t("✅ Nothing speaks against these days.")
    head = lines(bold(cohort.name), short_span(cohort.starts_on, cohort.ends_on, t), told)
    elsewhere = [one for one in blackouts if one not in flags.blackouts]
    listed = [render_blackout(one, t) for one in elsewhere[:LISTED]]
    rest = len(elsewhere) - LISTED
    nothing = None if blackouts else t("No unit has a blackout.")
    kept = lines(
        t("<b>Other blackouts</b>") if listed else nothing,
        *listed,
        t.plural("… and {n} more", "… and {n} more", rest) if rest > 0 else None,
    )
    rows: Rows = [[_act(t.plain("➕ Blackout"), "add", cohort_id)]]
    rows += [
        [_act(shorten(t.plain("✖ {unit}, {days}", unit=one.unit, days=short_span(one.starts_on, one.ends_on, t))),
              "remove", cohort_id, one.id or 0)]
        for one in blackouts[:LISTED]
    ]  # fmt: skip
    rows.append([buttons.button(t.plain("🗺 Load map"), buttons.pack("loadmap", "show", cohort_id))])
    rows.append([buttons.button(t.plain("◀ Camp"), buttons.pack("people", "camp", cohort_id))])
    return Message(paragraphs(head, render_missing(unknown, t) if unknown else None, kept), buttons.keyboard(*rows))


def render_ask_unit(cohort: Cohort, units: Sequence[UnitCount], number: int, t: Translator) -> Message:
    """Which unit; a page of those of the roster, by their place in the whole list."""
    if not units:
        none = t("The roster names no unit yet. Please import it first.")
        return Message(none, buttons.keyboard([_act(t.plain("◀ Back"), "show", cohort.id or 0)]))
    pages = max(1, -(-len(units) // PAGE))
    number = min(max(number, 0), pages - 1)
    first = number * PAGE
    rows: Rows = [
        [_act(shorten(t.plain("{unit} ({n})", unit=one.unit, n=one.people)), "unit", first + place)]
        for place, one in enumerate(units[first : first + PAGE])
    ]
    if pages > 1:
        rows.append([_act("◀", "units", (number - 1) % pages), _act("▶", "units", (number + 1) % pages)])
    return Message(t("Which unit can spare nobody?"), buttons.keyboard(*rows, [_stop(t)]))


def render_ask_days(unit: str, t: Translator, fault: Markup | None = None) -> Message:
    """From when to when."""
    ask = t("From when to when? For example: 2026-12-07 to 2026-12-09, or 2026年12月7日-9日.")
    return Message(lines(fault, bold(unit), ask), buttons.keyboard([_stop(t)]))


def render_bad_days(fault: DateFault, text: str, t: Translator) -> Markup:
    """Why typed days were not taken."""
    return t(DATE_FAULTS[fault], text=bold(shorten(text, 60)))


def render_ask_reason(unit: str, first: date, last: date, t: Translator) -> Message:
    """Why; it may be left out."""
    ask = t("What is the reason? Others who plan camps will read it.")
    text = lines(bold(t.plain("{unit}, {days}", unit=unit, days=short_span(first, last, t))), ask)
    return Message(text, buttons.keyboard([_act(t.plain("No reason"), "noreason")], [_stop(t)]))


def render_added(blackout: Blackout, cohort: Cohort, t: Translator) -> Message:
    """After a blackout was noted."""
    back = [_act(t.plain("◀ Back"), "show", cohort.id or 0)]
    return Message(lines(t("✅ Noted for every camp."), render_blackout(blackout, t)), buttons.keyboard(back))


def render_table(name: str, table: DayTable, t: Translator, *, confirm: str, cancel: str) -> Message:
    """What importing a year's table would do. ``confirm`` and ``cancel`` are the data of the two buttons."""
    off, work = sum(day.is_off for day in table.days), sum(not day.is_off for day in table.days)
    years = t.join(str(year) for year in table.years)
    head = lines(
        t("📆 <b>Table of holidays</b> · {name}", name=shorten(name, 60)),
        t("For {years}: {off} days off, {work} make-up working days.", years=years, off=off, work=work),
        t("It replaces what I know of the whole year. Nothing is written before you confirm."),
    )
    row = [buttons.button(t.plain("✔ Import"), confirm), buttons.button(t.plain("✖ Cancel"), cancel)]
    return Message(paragraphs(head, _problems(table, t)), buttons.keyboard(row))


def render_bad_table(name: str, table: DayTable, why: str, t: Translator) -> Message:
    """A table that cannot be imported, and why."""
    head = t("❌ {name} was not imported. Nothing was changed.", name=bold(shorten(name, 60)))
    return Message(paragraphs(head, t(why), _problems(table, t)))


def render_imported(years: Sequence[int], t: Translator) -> Message:
    """After a table was imported."""
    told = t.join(str(year) for year in years)
    return Message(t("✅ The holidays and make-up working days of {years} are known now.", years=told))


def offer_label(t: Translator) -> str:
    """The button on the camp's screen."""
    return t.plain("🚧 Days and blackouts")


def _problems(table: DayTable, t: Translator) -> Markup | None:
    told = [t(PROBLEMS[one.fault], row=one.row, text=shorten(one.text, 40)) for one in table.problems[:LISTED]]
    rest = len(table.problems) - LISTED
    if rest > 0:
        told.append(t.plural("… and {n} more", "… and {n} more", rest))
    return lines(*told) if told else None


def _stop(t: Translator) -> InlineKeyboardButton:
    return _act(t.plain("✖ Cancel"), "stop")


def _act(label: str, action: str, *ids: int) -> InlineKeyboardButton:
    return buttons.button(label, buttons.pack(FEATURE, action, *ids))
