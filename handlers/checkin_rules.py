"""When check-ins open, count as late and close: a coordinator's buttons."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.checkin import service
from bot.checkin.messages import ways as words
from bot.checkin.messages.wording import FEATURE
from bot.checkin.policies import Scope
from bot.context import CohortApplication, Context
from bot.errors import Gone


def register(application: CohortApplication) -> None:
    """Add every button of the rules."""
    for action, callback in (("rules", show), ("rule", change), ("norule", drop)):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def show(update: Update, context: Context) -> None:
    """Show the rules of one scope."""
    activity_id, scope = context.numbers(2)
    view = service.show_rules(context.session, speaker=context.speaker, activity_id=activity_id, scope=_scope(scope))
    context.edit(words.render_rules(view, context.t))


async def change(update: Update, context: Context) -> None:
    """Set one of them."""
    activity_id, scope, setting, value = context.numbers(4)
    if not 0 <= setting < len(words.SETTINGS):
        raise Gone
    view = service.change_rule(
        context.session,
        speaker=context.speaker,
        activity_id=activity_id,
        scope=_scope(scope),
        setting=words.SETTINGS[setting],
        value=value,
        now=context.now,
    )
    context.edit(words.render_rules(view, context.t))


async def drop(update: Update, context: Context) -> None:
    """Let the wider rule hold again."""
    activity_id, scope = context.numbers(2)
    view = service.drop_rule(
        context.session, speaker=context.speaker, activity_id=activity_id, scope=_scope(scope), now=context.now
    )
    context.edit(words.render_rules(view, context.t))


def _scope(code: int) -> Scope:
    if not 0 <= code < len(words.SCOPES):
        raise Gone
    return words.SCOPES[code]
