"""What speaks against a camp on some days, in a few lines that fit under any preview."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date, format_interval
from markupsafe import Markup

from bot.i18n import Translator
from bot.people.messages.wording import lines
from bot.workdays.models import Blackout
from bot.workdays.service import Flags

SHOWN = 5


def render_flags(flags: Flags, t: Translator) -> Markup | None:
    """One line for each thing; nothing where nothing speaks against it."""
    if flags.is_empty:
        return None
    outlook = flags.outlook
    told: list[Markup] = [render_missing(year, t) for year in outlook.unknown]
    told += [
        t("⚠️ Holiday: {name}, {days}", name=stretch.name, days=short_span(stretch.first, stretch.last, t))
        for stretch in outlook.holidays[:SHOWN]
    ]
    if outlook.weekends:
        told.append(t("⚠️ Weekend: {days}", days=_days(outlook.weekends, t)))
    if outlook.make_up:
        told.append(t("ℹ️ Make-up working day: {days}", days=_days(outlook.make_up, t)))
    told += [render_blackout(one, t) for one in flags.blackouts[:SHOWN]]
    rest = len(flags.blackouts) - SHOWN
    if rest > 0:
        told.append(t.plural("… and {n} more", "… and {n} more", rest))
    return lines(*told)


def render_missing(year: int, t: Translator) -> Markup:
    """That a year's table is not there, and what to do."""
    return t(
        "❗ <b>The table of holidays for {year} is missing.</b> I know its weekends, but neither its holidays nor its "
        "make-up working days. Please send me the table as a file (.json or .xlsx).",
        year=str(year),
    )


def render_blackout(blackout: Blackout, t: Translator) -> Markup:
    """A unit that can spare nobody."""
    days = short_span(blackout.starts_on, blackout.ends_on, t)
    reason = t(" ({reason})", reason=blackout.reason) if blackout.reason else Markup()
    return t("🚧 {unit} can spare nobody: {days}", unit=blackout.unit, days=days) + reason


def short_span(first: date, last: date, t: Translator) -> str:
    """One day, or two and what lies between, without the year."""
    return format_interval(first, last, "MMMd", locale=t.locale) if first != last else _day(first, t)


def _days(days: Sequence[date], t: Translator) -> str:
    named = t.join(_day(on, t) for on in days[:SHOWN])
    rest = len(days) - SHOWN
    return f"{named} {t.plural('… and {n} more', '… and {n} more', rest)}" if rest > 0 else named


def _day(on: date, t: Translator) -> str:
    return format_date(on, "M月d日EEE" if t.language == "zh" else "EEE, MMM d", locale=t.locale)
