"""Files that coordinators send: fetched, read, shown as a preview, and written only when confirmed.

What is done and said by kind of file (roster, timetable, questions) stands in ``handlers.import_kinds``.
"""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, TypeHandler, filters

from bot import buttons, i18n
from bot.context import CohortApplication, Context, Fetched
from bot.errors import Gone, NotLinked
from bot.ids import PersonId
from bot.outbox import calls
from bot.people import importing
from bot.people.messages import imports as words
from bot.people.messages.wording import FEATURE
from bot.people.models import Import, ImportStatus, Person
from bot.people.rules import file_fault
from bot.people.service import Speaker
from handlers import import_kinds
from handlers.start import PRIVATE
from handlers.timetable_telling import tell

PURPOSE = "import"


def register(application: CohortApplication) -> None:
    """Add documents, the answers of the courier, and the buttons of a preview."""
    application.add_handler(MessageHandler(PRIVATE & filters.Document.ALL, receive_file))
    application.add_handler(MessageHandler(PRIVATE & filters.PHOTO, refuse_picture))
    application.add_handler(TypeHandler(Fetched, receive_content))
    for action, callback in (
        ("into", choose_cohort),
        ("who", answer_question),
        ("leave", toggle_leaving),
        ("confirm", confirm),
        ("drop", drop),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def receive_file(update: Update, context: Context) -> None:
    """Have the file fetched, if it can be one of ours."""
    assert update.message is not None  # noqa: S101 - the filter has seen it
    document = update.message.document
    assert document is not None  # noqa: S101 - and its document
    if context.speaker is None:
        raise NotLinked
    name = document.file_name or "file"
    fault = file_fault(name, document.file_size or 0)
    if fault is not None:
        context.reply(words.render_file_fault(fault, name, context.t))
        return
    import_ = importing.open_import(
        context.session,
        speaker=context.speaker,
        chat_id=context.chat_id,
        file_name=name,
        language=context.t.language,
        now=context.now,
    )
    import_.preview_key = context.reply(words.render_reading(name, context.t))
    context.session.add(import_)
    context.turn.record(calls.download(context.chat_id, document.file_id, PURPOSE, import_.id or 0, name))


async def refuse_picture(update: Update, context: Context) -> None:
    """Say how tables are sent, since a picture of one cannot be read."""
    if context.speaker is None:
        raise NotLinked
    context.reply(words.render_picture(context.t))


async def receive_content(event: object, context: Context) -> None:
    """Take what the courier read, and show what it would change."""
    assert isinstance(event, Fetched)  # noqa: S101 - the TypeHandler has looked
    import_ = importing.awaiting(context.session, event.subject) if event.purpose == PURPOSE else None
    if import_ is None:
        return
    t = i18n.translator(import_.language)
    fault = import_kinds.take_content(context.session, import_, event.result, t)
    message = fault or _after_reading(context, import_, t)
    context.turn.edit(import_.chat_id, import_.preview_key, message)


async def choose_cohort(update: Update, context: Context) -> None:
    """Say which cohort the file is for."""
    import_id, cohort_id = context.numbers(2)
    import_ = importing.require_open(importing.find_import(context.session, import_id, context.speaker))
    roles = import_kinds.roles_for(import_)
    importing.choose_cohort(context.session, import_, cohort_id=cohort_id, speaker=context.speaker, roles=roles)
    context.edit(import_kinds.preview(context.session, import_, context.t, context.now))


async def answer_question(update: Update, context: Context) -> None:
    """Say who a row is."""
    import_id, row, choice = context.numbers(3)
    import_ = importing.require_open(importing.find_import(context.session, import_id, context.speaker))
    importing.answer(context.session, import_, row=row, choice=choice)
    context.edit(import_kinds.preview(context.session, import_, context.t, context.now))


async def toggle_leaving(update: Update, context: Context) -> None:
    """Decide about those who are no longer in the file."""
    (import_id,) = context.numbers(1)
    import_ = importing.require_open(importing.find_import(context.session, import_id, context.speaker))
    importing.toggle_leaving(context.session, import_)
    context.edit(import_kinds.preview(context.session, import_, context.t, context.now))


async def confirm(update: Update, context: Context) -> None:
    """Write what the preview said, once, and only if it still says so."""
    parts = buttons.unpack(context.data)
    if len(parts) != 2:
        raise Gone
    import_ = importing.find_import(context.session, buttons.number(parts[0]), context.speaker)
    if import_.status == ImportStatus.DONE:
        context.answer(words.render_done_toast(context.t))
        return
    importing.require_open(import_)
    speaker = context.speaker
    assert speaker is not None  # noqa: S101 - it is the sender

    def carry_out() -> calls.Message:
        return import_kinds.confirm(context.session, import_, parts[1], speaker, context.t, context.now)

    context.edit(tell(context, import_.cohort_id or 0, carry_out))


async def drop(update: Update, context: Context) -> None:
    """Leave everything as it is."""
    (import_id,) = context.numbers(1)
    import_ = importing.find_import(context.session, import_id, context.speaker)
    if import_.status not in importing.OPEN:
        context.edit(words.render_closed(import_, context.t))
        return
    importing.close(context.session, import_, ImportStatus.DROPPED)
    context.edit(words.render_dropped(import_, context.t))


def _after_reading(context: Context, import_: Import, t: i18n.Translator) -> calls.Message:
    sender = context.session.get_one(Person, import_.sender_id)
    is_operator = context.installation.is_operator(sender.telegram_id)
    speaker = Speaker(PersonId(import_.sender_id), sender.telegram_id or 0, sender.name, sender.language, is_operator)
    roles = import_kinds.roles_for(import_)
    cohorts = importing.choices(context.session, speaker, *roles)
    if not cohorts:
        importing.close(context.session, import_, ImportStatus.FAILED)
        return words.render_no_cohorts(import_, t) if is_operator else words.render_not_yours(import_, t)
    if len(cohorts) > 1 and not import_kinds.is_for_every_camp(import_):
        return words.render_which_cohort(import_, cohorts, t)
    cohort_id = cohorts[0].id or 0
    importing.choose_cohort(context.session, import_, cohort_id=cohort_id, speaker=speaker, roles=roles)
    return import_kinds.preview(context.session, import_, t, context.now)
