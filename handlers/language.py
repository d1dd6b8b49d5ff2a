"""/language: choosing the language that the bot speaks to a person."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot import buttons, i18n
from bot.context import CohortApplication, Context
from bot.errors import Gone
from bot.people import service
from bot.people.messages import home, wording
from handlers.start import PRIVATE, set_menu


def register(application: CohortApplication) -> None:
    """Add the command and its buttons."""
    application.add_handler(CommandHandler("language", offer_languages, PRIVATE))
    application.add_handler(CallbackQueryHandler(show_languages, buttons.pattern(wording.FEATURE, "language")))
    application.add_handler(CallbackQueryHandler(set_language, buttons.pattern(wording.FEATURE, "speak")))


async def offer_languages(update: Update, context: Context) -> None:
    """Ask which language, in a new message."""
    context.reply(home.render_language_choice(context.t))


async def show_languages(update: Update, context: Context) -> None:
    """Ask which language, in a new message so that the screen above stays."""
    context.reply(home.render_language_choice(context.t))


async def set_language(update: Update, context: Context) -> None:
    """Remember the language for whoever is linked; show a stranger the greeting in it."""
    assert update.callback_query is not None  # noqa: S101 - a press
    language = next(iter(buttons.unpack(update.callback_query.data)), "")
    if language not in i18n.LANGUAGES:
        raise Gone
    t = i18n.translator(language)
    if context.speaker is None:
        context.edit(home.render_stranger(t))
        return
    service.set_language(context.session, context.speaker.person_id, language)
    context.edit(home.render_language_set(t))
    set_menu(context, context.speaker, t)
