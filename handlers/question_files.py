"""Files of questions on their way in: the report, the closer looks, the preview quiz, the decisions, and confirming.

Every button belongs to the sender of the file; what is decided on the way is kept with the import.
"""

from datetime import datetime

from sqlmodel import Session
from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.banks import importing as banks
from bot.banks import service
from bot.banks.findings import Summary, load_summary
from bot.banks.grading import Answer, Chosen, Judged, grade
from bot.banks.importing import Plan
from bot.banks.messages import report, trying
from bot.banks.messages.wording import FEATURE
from bot.banks.questions import Choices, Question, TrueFalse
from bot.banks.reading import QUESTIONS
from bot.banks.wire import load_question
from bot.context import CohortApplication, Context
from bot.errors import Gone
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people import importing
from bot.people import service as people
from bot.people.models import Cohort, Import
from bot.people.service import Speaker

BANK, REPLACE = 0, 1
"""What is kept of the sender's decisions, in the place where a roster's answers stand."""


def register(application: CohortApplication) -> None:
    """Add the buttons of a report."""
    for action, callback in (
        ("report", show_report),
        ("faults", show_findings),
        ("remarks", show_findings),
        ("over", toggle_replacing),
        ("which", ask_which_bank),
        ("into", choose_bank),
        ("try", try_question),
        ("tick", tick_option),
        ("guess", tell),
        ("show", show_answer),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


def preview(session: Session, import_: Import, cohort: Cohort, t: Translator, now: datetime) -> Message:
    """The report on the file."""
    summary = _summary(import_)
    return report.render_report(import_, cohort.name, summary, _plan(session, import_, summary), t)


def confirm(
    session: Session, import_: Import, seen: str, speaker: Speaker, t: Translator, now: datetime
) -> Message | None:
    """Take the questions, if that would still do what was seen."""
    summary = _summary(import_)
    plan = _plan(session, import_, summary)
    if plan.fingerprint != seen or not plan.changes_something:
        return None
    done = banks.carry_out(
        session, cohort_id=import_.cohort_id or 0, summary=summary, plan=plan, actor=speaker.actor, now=now
    )
    return report.render_imported(done, t)


async def show_report(update: Update, context: Context) -> None:
    """Return to the report."""
    import_, _ = _mine(context, 1)
    _show_report(context, import_)


async def show_findings(update: Update, context: Context) -> None:
    """Show a page of the faults or of the remarks."""
    import_, (_, page) = _mine(context, 2)
    action = (context.data or "").split(":")[1]
    context.edit(report.render_findings(import_, _summary(import_), action, page, context.t))


async def toggle_replacing(update: Update, context: Context) -> None:
    """Decide about questions that the bank has with other answers."""
    import_, _ = _mine(context, 1)
    importing.answer(context.session, import_, row=REPLACE, choice=int(not _replaces(import_)))
    _show_report(context, import_)


async def ask_which_bank(update: Update, context: Context) -> None:
    """Ask which bank the questions go into."""
    import_, _ = _mine(context, 1)
    choices = service.banks_of(context.session, import_.cohort_id or 0)
    context.edit(report.render_which_bank(import_, choices, banks.name_for(import_.file_name), context.t))


async def choose_bank(update: Update, context: Context) -> None:
    """Take the questions into this bank, or a new one."""
    import_, (_, bank_id) = _mine(context, 2)
    if bank_id and service.find_bank(context.session, bank_id).cohort_id != import_.cohort_id:
        raise Gone
    importing.answer(context.session, import_, row=BANK, choice=bank_id)
    _show_report(context, import_)


async def try_question(update: Update, context: Context) -> None:
    """Show a question as it would be asked."""
    import_, (_, place) = _mine(context, 2)
    _ask(context, import_, place, 0)


async def tick_option(update: Update, context: Context) -> None:
    """Tick an option, or take the tick away."""
    import_, (_, place, ticked) = _mine(context, 3)
    _ask(context, import_, place, ticked)


async def tell(update: Update, context: Context) -> None:
    """Say what the answer is worth."""
    import_, (_, place, said) = _mine(context, 3)
    question = _question(import_, place)
    _tell(context, import_, place, _answer(question, said))


async def show_answer(update: Update, context: Context) -> None:
    """Show the key without an answer."""
    import_, (_, place) = _mine(context, 2)
    _tell(context, import_, place, None)


def _answer(question: Question, said: int) -> Answer:
    if isinstance(question.body, TrueFalse):
        return Judged(bool(said))
    if not isinstance(question.body, Choices) or said < 0:
        raise Gone
    return Chosen(frozenset(place for place in range(len(question.body.choices)) if said >> place & 1))


def _ask(context: Context, import_: Import, place: int, ticked: int) -> None:
    question = _question(import_, place)
    context.edit(trying.render_question(import_.id or 0, place, _summary(import_), question, max(ticked, 0), context.t))


def _tell(context: Context, import_: Import, place: int, answer: Answer | None) -> None:
    question, summary = _question(import_, place), _summary(import_)
    worth = grade(question, answer) if answer is not None else None
    context.edit(trying.render_told(import_.id or 0, place, summary, question, answer, worth, context.t))


def _question(import_: Import, place: int) -> Question:
    lines = (import_.content or "").split("\n")
    if not 0 <= place < len(lines) - 1:
        raise Gone
    return load_question(lines[place + 1])


def _show_report(context: Context, import_: Import) -> None:
    cohort = people.get_cohort(context.session, import_.cohort_id or 0)
    context.edit(preview(context.session, import_, cohort, context.t, context.now))


def _mine(context: Context, count: int) -> tuple[Import, list[int]]:
    """The import of a button, for its sender who may still write there, and the button's numbers."""
    numbers = buttons.numbers(context.data, count)
    import_ = importing.require_open(importing.find_import(context.session, numbers[0], context.speaker))
    if import_.kind != QUESTIONS or import_.cohort_id is None:
        raise Gone
    service.require_writer(context.session, context.speaker, import_.cohort_id)
    return import_, numbers


def _summary(import_: Import) -> Summary:
    return load_summary(import_.content or "")


def _plan(session: Session, import_: Import, summary: Summary) -> Plan:
    cohort_id, name = import_.cohort_id or 0, banks.name_for(import_.file_name)
    bank_id = importing.answers_of(import_).get(BANK)
    target = banks.target_for(session, cohort_id, name, bank_id)
    return banks.make_plan(session, cohort_id=cohort_id, summary=summary, target=target, replaces=_replaces(import_))


def _replaces(import_: Import) -> bool:
    return bool(importing.answers_of(import_).get(REPLACE))
