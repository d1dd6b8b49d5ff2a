"""The words of opening the next camp; and the codec of its buttons."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date
from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.buttons import Rows
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import bold, lines, paragraphs, shorten, span
from bot.people.models import Cohort
from bot.people.rules import LONGEST_NAME
from bot.quarters.rules import Move, speakers_of
from bot.quarters.service import Plan
from bot.workdays.messages import render_flags

FEATURE = "quarters"
DAYS_SHOWN, SPEAKERS_SHOWN = 10, 8


def render_ask_first(source: Cohort, days: Sequence[date], t: Translator, fault: str | None = None) -> Message:
    """On which day the next camp is to begin; ``days`` are offered."""
    ask = t("On which day does the next camp begin? Choose, or write a day such as 2027-03-08 or Mar 8.")
    rows: Rows = [[_act(_day(on, t), "first", on.toordinal())] for on in days]
    text = lines(fault, t("🔁 <b>Next quarter</b>, after {cohort}", cohort=source.name), ask)
    return Message(text, buttons.keyboard(*rows, [_act(t.plain("✖ Cancel"), "stop")]))


def render_bad_day(text: str, t: Translator) -> Markup:
    """What was typed is no day."""
    return t("I cannot read “{text}” as a day.", text=shorten(text, 40))


def render_past_day(text: str, t: Translator) -> Markup:
    """What was typed is over."""
    return t("“{text}” is already over.", text=shorten(text, 40))


def render_plan(plan: Plan, t: Translator) -> Message:
    """What the next camp would be. Nothing is made yet."""
    head = lines(
        bold(plan.name or t("The next camp")),
        span(plan.first, plan.last, t),
        t.plural("{n} activity", "{n} activities", len(plan.copies)),
    )
    moves = [_move(move, t) for move in plan.moves[:DAYS_SHOWN]]
    rest = len(plan.moves) - DAYS_SHOWN
    if rest > 0:
        moves.append(t.plural("… and {n} more", "… and {n} more", rest))
    text = paragraphs(
        head,
        lines(*moves),
        render_flags(plan.flags, t),
        _copied(plan, t),
        _left(plan, t),
        t("Nothing is made before you confirm."),
    )
    return Message(text, buttons.keyboard(*_choices(plan, t)))


def render_ask_name(t: Translator, fault: str | None = None) -> Message:
    """What it is called."""
    ask = t("What is the new camp called? At most {n} characters.", n=LONGEST_NAME)
    return Message(lines(fault, ask), buttons.keyboard([_act(t.plain("✖ Cancel"), "stop")]))


def render_opened(cohort: Cohort, plan: Plan, t: Translator) -> Message:
    """After the camp was made, with what comes next."""
    number = cohort.id or 0
    text = paragraphs(
        lines(
            t("✅ {cohort} is open.", cohort=bold(cohort.name)),
            span(cohort.starts_on, cohort.ends_on, t),
            t.plural("{n} activity was copied.", "{n} activities were copied.", len(plan.copies)),
        ),
        _left(plan, t),
        t("Next: send me the roster as a file."),
    )
    return Message(
        text,
        buttons.keyboard(
            [buttons.button(t.plain("✏️ Edit timetable"), buttons.pack("tedit", "days", number))],
            [buttons.button(t.plain("📁 Open the camp"), buttons.pack("people", "camp", number))],
        ),
    )


def render_stopped(source: Cohort, t: Translator) -> Message:
    """After Cancel."""
    back = [buttons.button(t.plain("◀ Camp"), buttons.pack("people", "camp", source.id or 0))]
    return Message(t("Cancelled. Nothing was made."), buttons.keyboard(back))


def offer_label(t: Translator) -> str:
    """The button on the camp's screen."""
    return t.plain("🔁 Next quarter")


def _choices(plan: Plan, t: Translator) -> Rows:
    other = [_act(t.plain("✏️ Another name"), "rename"), _act(t.plain("📅 Other days"), "redate")]
    if not plan.name:
        return [[_act(t.plain("✏️ Give it a name"), "rename")], other[1:], [_act(t.plain("✖ Cancel"), "stop")]]
    return [[_act(t.plain("✔ Open it"), "open", plan.fingerprint)], other, [_act(t.plain("✖ Cancel"), "stop")]]


def _move(move: Move, t: Translator) -> Markup:
    before, after = _day(move.source, t), _day(move.target, t)
    if move.is_shifted:
        return t("⚠️ {before} → <b>{after}</b> (not {wanted})", before=before, after=after, wanted=_day(move.wanted, t))
    return t("{before} → {after}", before=before, after=after)


def _copied(plan: Plan, t: Translator) -> Markup:
    what = t(
        "Copied as well: rooms, speakers, notes, check-in windows, reminders, the rules of hours and leave, and who "
        "decides longer leave."
    )
    names = t.join(plan.coordinators)
    return lines(what, t("Coordinators: {names}", names=names) if names else None)


def _left(plan: Plan, t: Translator) -> Markup | None:
    names = speakers_of([copy.source.speaker for copy in plan.copies])
    if not names:
        return None
    told = t.join(names[:SPEAKERS_SHOWN])
    more = t("…") if len(names) > SPEAKERS_SHOWN else Markup()
    return t("Please ask the speakers whether the new days suit them: {names}", names=told) + more


def _day(on: date, t: Translator) -> str:
    return format_date(on, "y年M月d日 EEE" if t.language == "zh" else "EEE, MMM d, y", locale=t.locale)


def _act(label: str, action: str, *ids: int | str) -> InlineKeyboardButton:
    return buttons.button(label, buttons.pack(FEATURE, action, *ids))
