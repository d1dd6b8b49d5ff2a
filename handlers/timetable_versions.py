"""The timetable as a workbook, and its earlier versions: shown, compared, sent."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.outbox.calls import Document
from bot.timetable import versions
from bot.timetable.messages import editing as words
from bot.timetable.messages import export as file_words
from bot.timetable.messages import versions as version_words


def register(application: CohortApplication) -> None:
    """Add the buttons."""
    for action, callback in (
        ("export", send_file),
        ("versions", show_versions),
        ("version", show_version),
        ("compare", show_comparison),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(words.FEATURE, action)))


async def send_file(update: Update, context: Context) -> None:
    """Send the timetable, or one of its versions, as a workbook."""
    parts = buttons.unpack(context.data)
    cohort_id, number = context.numbers(2) if len(parts) == 2 else (*context.numbers(1), 0)
    versions.require_reading(context.session, cohort_id, context.speaker)
    arguments = {"cohort_id": cohort_id, "language": context.t.language, "version": number}
    context.turn.send_document(
        context.chat_id, Document("timetable_sheet", arguments, caption=file_words.caption(context.t))
    )


async def show_versions(update: Update, context: Context) -> None:
    """Show a page of the versions."""
    cohort_id, page = context.numbers(2)
    shelf = versions.list_versions(context.session, cohort_id=cohort_id, page=page, speaker=context.speaker)
    context.edit(version_words.render_versions(shelf, context.t))


async def show_version(update: Update, context: Context) -> None:
    """Show one version."""
    cohort_id, number = context.numbers(2)
    version = versions.get_version(context.session, cohort_id=cohort_id, number=number, speaker=context.speaker)
    context.edit(version_words.render_version(version, context.t))


async def show_comparison(update: Update, context: Context) -> None:
    """Show what changed between two versions; 0 stands for the present one."""
    cohort_id, before, after = context.numbers(3)
    after = after or versions.latest_number(context.session, cohort_id)
    found = versions.compare_versions(
        context.session, cohort_id=cohort_id, before=before, after=after, speaker=context.speaker
    )
    context.edit(version_words.render_comparison(found, context.t))
