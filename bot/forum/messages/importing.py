"""The table of calls: what is in its columns, what importing it would do, what it did."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.buttons import button, keyboard
from bot.forum.importing import Plan, Planned
from bot.forum.messages.wording import KINDS, SIGNS, act, bold, lines, paragraphs, short
from bot.forum.models import Call, Choice
from bot.forum.sheet import Fault, Field, Problem
from bot.i18n import N_, Translator
from bot.outbox.calls import Message

COLUMNS = {
    Field.DATE: N_("Date"),
    Field.START: N_("Start"),
    Field.ACTIVITY: N_("Activity"),
    Field.KIND: N_("Kind of forum"),
    Field.TITLE: N_("Forum title"),
    Field.QUESTIONS: N_("Questions"),
    Field.SLOTS: N_("Speakers"),
    Field.MINUTES: N_("Minutes each"),
    Field.SEATS: N_("Seats"),
    Field.WHO: N_("Who may sign up"),
    Field.OPENS: N_("Sign-up opens"),
    Field.CLOSES: N_("Sign-up closes"),
    Field.CHOICE: N_("How chosen"),
}
CHOICES = {
    Choice.FIRST: N_("first come, first served"),
    Choice.COORDINATOR: N_("the coordinator chooses"),
    Choice.DRAW: N_("a fair draw"),
}
FAULTS = {
    Fault.BAD_KIND: N_("“{text}” is no kind of forum."),
    Fault.BAD_DATE: N_("“{text}” is no day."),
    Fault.BAD_TIME: N_("“{text}” is no time."),
    Fault.BAD_NUMBER: N_("“{text}” is no number that fits here."),
    Fault.BAD_CHOICE: N_("“{text}” is no way of choosing that fits here."),
    Fault.TOO_LONG: N_("The title is too long: {text} …"),
    Fault.TOO_MANY_QUESTIONS: N_("{text} questions are too many; twelve fit."),
    Fault.NO_ACTIVITY: N_("No activity of the timetable fits: {text}"),
    Fault.SEVERAL_ACTIVITIES: N_("Several activities fit: {text}. Please add day and time."),
    Fault.BEGUN: N_("It has begun already: {text}"),
    Fault.THERE_ALREADY: N_("This call is there already: {text}"),
    Fault.UNKNOWN_UNIT: N_("Nobody on the roster is of this unit: {text}"),
    Fault.BAD_WINDOW: N_("Sign-up would close before it opens, or after the end: {text}"),
    Fault.NOTHING_TO_SIGN_UP_FOR: N_("It has neither speakers nor seats: {text}"),
}
SHOWN = 12


def render_preview(name: str, plan: Plan, time_zone: str, t: Translator, *, confirm: str, cancel: str) -> Message:
    """What importing the table would do."""
    count = t.plural("{n} call would be drafted.", "{n} calls would be drafted.", len(plan.planned))
    head = lines(
        t("🎤 <b>Calls for forums</b> · {name}", name=short(name, 60)),
        count,
        t("Nobody is told of a draft; you publish each one yourself."),
    )
    listed = [_planned(one, time_zone) for one in plan.planned[:SHOWN]]
    import_it = [button(t.plain("✔ Import"), confirm)] if plan.planned else []
    rows = [*import_it, button(t.plain("✖ Cancel"), cancel)]
    return Message(paragraphs(head, lines(*listed, _more(plan.planned, t)), _problems(plan, t)), keyboard(rows))


def render_imported(cohort_id: int, calls: Sequence[Call], t: Translator) -> Message:
    """After the table was imported: the way to each draft."""
    count = t.plural("✅ {n} call is drafted.", "✅ {n} calls are drafted.", len(calls))
    text = lines(count, t("Look at each one, then publish it."))
    rows = [[act(short(call.title), "manage", call.id or 0)] for call in calls[:SHOWN]]
    return Message(text, keyboard(*rows, [act(t.plain("« Forums"), "desk", cohort_id, 0)]))


def render_template_caption(t: Translator) -> Message:
    """What stands under the template."""
    return Message(
        t("📄 Fill in a kind of forum wherever you want a call, and send the file back to me. Other rows are left out.")
    )


def file_name(t: Translator) -> str:
    """What the template is called."""
    return t.plain("Calls for forums") + ".xlsx"


def headings(t: Translator) -> list[str]:
    """The headings of the template, in the order of ``Field``."""
    return [t.plain(COLUMNS[field]) for field in Field]


def kinds(t: Translator) -> list[str]:
    """What can stand under the kind of forum."""
    return [t.plain(words) for words in KINDS.values()]


def choices(t: Translator) -> list[str]:
    """What can stand under how speakers are chosen."""
    return [t.plain(words) for words in CHOICES.values()]


def _planned(one: Planned, time_zone: str) -> Markup:
    at = one.starts_at.astimezone(ZoneInfo(time_zone))
    title = bold(one.entry.title or one.activity_title)
    questions = f" · ❓ {len(one.entry.questions)}" if one.entry.questions else ""
    return Markup("{} {} {}{}").format(SIGNS[one.entry.kind], f"{at:%m-%d %H:%M}", title, questions)


def _problems(plan: Plan, t: Translator) -> Markup | None:
    if not plan.problems:
        return None
    listed = [_problem(one, t) for one in plan.problems[:SHOWN]]
    return lines(t("⚠️ <b>These rows are left out</b>"), *listed, _more(plan.problems, t))


def _problem(one: Problem, t: Translator) -> Markup:
    return t("Row {row}: {fault}", row=one.row, fault=t(FAULTS[one.fault], text=one.text))


def _more(items: Sequence[object], t: Translator) -> Markup | None:
    more = len(items) - SHOWN
    return t.plural("… and {n} more", "… and {n} more", more) if more > 0 else None
