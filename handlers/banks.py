"""Question banks in the chat: look through them, take them away as files, delete them.

Coordinators and teachers of the cohort write, auditors read, a trainee sees no key: the services ask each time.
"""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.banks import browsing, deleting
from bot.banks import service as banks
from bot.banks.messages import browsing as words
from bot.banks.messages.wording import FEATURE, data
from bot.context import CohortApplication, Context
from bot.menu import Offer
from bot.outbox.calls import Document
from bot.people import service as people
from handlers import question_corrections, question_files

ORDER = 46


def register(application: CohortApplication) -> None:
    """Add the buttons, the corrections, and the reports on files."""
    question_corrections.register(application)
    question_files.register(application)
    for action, callback in (
        ("list", show_banks),
        ("bank", show_bank),
        ("questions", show_questions),
        ("question", show_question),
        ("gift", send_gift),
        ("sheet", send_sheet),
        ("delete", ask_to_delete),
        ("deleted", delete),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))
    application.menu.offer(
        Offer(
            ORDER,
            frozenset(banks.READING),
            lambda t: t.plain("📚 Question banks"),
            lambda cohort_id: data("list", cohort_id, 0),
        )
    )


async def show_banks(update: Update, context: Context) -> None:
    """Show the banks of a cohort."""
    cohort_id, page = context.numbers(2)
    found, may_write = browsing.view_banks(context.session, context.speaker, cohort_id)
    cohort = people.get_cohort(context.session, cohort_id)
    context.edit(words.render_banks(cohort_id, cohort.name, found, page, may_write, context.t))


async def show_bank(update: Update, context: Context) -> None:
    """Show one bank."""
    (bank_id,) = context.numbers(1)
    context.edit(words.render_bank(browsing.view_bank(context.session, context.speaker, bank_id), context.t))


async def show_questions(update: Update, context: Context) -> None:
    """Show a page of a bank's questions."""
    bank_id, page = context.numbers(2)
    view = browsing.view_questions(context.session, context.speaker, bank_id, page)
    context.edit(words.render_questions(view, context.t))


async def show_question(update: Update, context: Context) -> None:
    """Show one question with its key."""
    (question_id,) = context.numbers(1)
    view = browsing.view_question(context.session, context.speaker, question_id)
    context.edit(words.render_question(view.kept, view.page, view.may_write, context.t))


async def send_gift(update: Update, context: Context) -> None:
    """Give the bank back as GIFT."""
    (bank_id,) = context.numbers(1)
    _send(context, bank_id, "bank_gift", {"bank_id": bank_id})


async def send_sheet(update: Update, context: Context) -> None:
    """Give the bank back as a workbook."""
    (bank_id,) = context.numbers(1)
    _send(context, bank_id, "bank_sheet", {"bank_id": bank_id, "language": context.t.language})


async def ask_to_delete(update: Update, context: Context) -> None:
    """Ask once more before a bank is deleted."""
    (bank_id,) = context.numbers(1)
    bank = browsing.view_bank(context.session, context.speaker, bank_id).bank
    banks.require_writer(context.session, context.speaker, bank.cohort_id)
    context.edit(words.render_ask_to_delete(bank, context.t))


async def delete(update: Update, context: Context) -> None:
    """Delete a bank."""
    (bank_id,) = context.numbers(1)
    bank = deleting.delete_bank(context.session, speaker=context.speaker, bank_id=bank_id, now=context.now)
    context.edit(words.render_deleted(bank, context.t))


def _send(context: Context, bank_id: int, render: str, arguments: dict[str, object]) -> None:
    bank = browsing.view_bank(context.session, context.speaker, bank_id).bank
    document = Document(render, arguments, words.caption(bank.name, bank.size, context.t))
    context.turn.send_document(context.chat_id, document)
    context.answer(words.render_sending(context.t))
