"""Choosing whom a notice is for, by button."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.notices import choices, drafting
from bot.notices.messages import audience
from bot.notices.messages.wording import FEATURE
from bot.notices.models import Notice
from handlers.notice_presses import pressed_draft, pressed_list, pressed_notice, pressed_words


def register(application: CohortApplication) -> None:
    """Add the buttons."""
    for action, callback in _ACTIONS.items():
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def show_audience(update: Update, context: Context) -> None:
    """Show whom it is for."""
    notice = pressed_notice(context)
    chooser = choices.chooser_of(context.session, notice, context.t, context.now)
    context.edit(audience.render_chooser(chooser, context.t))


async def show_kind(update: Update, context: Context) -> None:
    """Show what can be chosen of one kind."""
    notice, kind, page = pressed_list(context)
    await _choices(context, notice, kind, page)


async def pick(update: Update, context: Context) -> None:
    """Choose one, or take it away again."""
    notice_id, kind, index, page = pressed_words(context, 4)
    notice = drafting.writable(context.session, buttons.number(notice_id), context.speaker)
    choice = choices.choice_at(context.session, notice, kind, buttons.number(index), context.t, context.now)
    drafting.toggle(context.session, notice, choice.criterion)
    await _choices(context, notice, kind, buttons.number(page))


async def choose_everybody(update: Update, context: Context) -> None:
    """Back to every trainee."""
    notice = pressed_draft(context)
    drafting.clear_audience(context.session, notice)
    chooser = choices.chooser_of(context.session, notice, context.t, context.now)
    context.edit(audience.render_chooser(chooser, context.t))


async def show_who(update: Update, context: Context) -> None:
    """Name the people."""
    notice_id, page = context.numbers(2)
    notice = drafting.get_notice(context.session, notice_id, context.speaker)
    chooser = choices.chooser_of(context.session, notice, context.t, context.now)
    context.edit(audience.render_who(chooser, page, context.t))


async def _choices(context: Context, notice: Notice, kind: str, page: int) -> None:
    chooser = choices.chooser_of(context.session, notice, context.t, context.now)
    offered = choices.choices_of(context.session, notice, kind, context.t, context.now)
    context.edit(audience.render_choices(chooser, kind, offered, page, context.t))


_ACTIONS = {
    "audience": show_audience,
    "by": show_kind,
    "pick": pick,
    "everybody": choose_everybody,
    "who": show_who,
}
