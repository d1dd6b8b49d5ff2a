"""Calls that come as a table: its preview, taking it over when that is confirmed, and the table to fill in."""

from datetime import datetime

from sqlmodel import Session
from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.buttons import pack
from bot.context import CohortApplication, Context
from bot.forum import importing
from bot.forum.messages import importing as words
from bot.forum.messages.wording import FEATURE
from bot.forum.sheet import read_calls
from bot.i18n import Translator
from bot.outbox.calls import Document, Message
from bot.people import access
from bot.people.messages.wording import FEATURE as PEOPLE
from bot.people.models import Cohort, Import
from bot.people.service import Speaker
from bot.sheets.wire import load_workbook


def register(application: CohortApplication) -> None:
    """Add the button of the template."""
    application.add_handler(CallbackQueryHandler(send_template, buttons.pattern(FEATURE, "sheet")))


async def send_template(update: Update, context: Context) -> None:
    """Send the table to fill in."""
    (cohort_id,) = context.numbers(1)
    access.require_coordinator(context.session, context.speaker, cohort_id)
    arguments = {"cohort_id": cohort_id, "language": context.t.language, "since": context.now.isoformat()}
    caption = words.render_template_caption(context.t).text
    context.turn.send_document(context.chat_id, Document("forum_call_sheet", arguments, caption))


def preview_calls(session: Session, import_: Import, cohort: Cohort, t: Translator, now: datetime) -> Message:
    """What confirming the file would do."""
    plan = _plan(session, import_, cohort, now)
    return words.render_preview(
        import_.file_name,
        plan,
        cohort.time_zone,
        t,
        confirm=pack(PEOPLE, "confirm", import_.id or 0, plan.fingerprint),
        cancel=pack(PEOPLE, "drop", import_.id or 0),
    )


def confirm_calls(
    session: Session, import_: Import, seen: str, speaker: Speaker, t: Translator, now: datetime
) -> Message | None:
    """Draft the calls; ``None`` where that would not be what was shown."""
    cohort = session.get_one(Cohort, import_.cohort_id)
    plan = _plan(session, import_, cohort, now)
    if plan.fingerprint != seen:
        return None
    drafted = importing.carry_out(session, cohort=cohort, plan=plan, speaker=speaker, now=now)
    return words.render_imported(cohort.id or 0, drafted, t)


def _plan(session: Session, import_: Import, cohort: Cohort, now: datetime) -> importing.Plan:
    sheet = read_calls(load_workbook(import_.content or ""), first_day=cohort.starts_on, last_day=cohort.ends_on)
    return importing.plan(session, cohort=cohort, sheet=sheet, now=now)
