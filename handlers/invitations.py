"""The coordinator's side of invited speakers: naming one, passing links on, the reserve list, taking back, thanks.

Reads the update, calls one service function, words the outcome. The speaker's side is ``invitation_answers``.
"""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.errors import Gone
from bot.forum import invitation_clock, invitations
from bot.forum.invitation_views import InvitationView
from bot.forum.invitations import NothingToSend
from bot.forum.messages import invitation_news as news
from bot.forum.messages import invitation_texts as texts
from bot.forum.messages import invitations as words
from bot.forum.messages.invitation_texts import FEATURE
from bot.i18n import LANGUAGES
from bot.outbox import calls
from bot.outbox.calls import Document
from bot.outbox.lanes import Lane
from bot.people import access
from handlers import invitation_answers, invitation_naming


def register(application: CohortApplication) -> None:
    """Add the speaker's side, the dialogue and the screens."""
    invitation_answers.register(application)
    invitation_naming.register(application)
    for action, callback in (
        ("list", show_list),
        ("show", show),
        ("text", send_text),
        ("picture", send_picture),
        ("renew", ask_renew),
        ("renewed", renew),
        ("revoke", ask_take_back),
        ("revoked", take_back),
        ("thank", thank),
        ("thankall", thank_all),
    ):
        application.add_handler(_on(action, callback))


async def show_list(update: Update, context: Context) -> None:
    """Everybody who has been named for a call."""
    call_id, page = context.numbers(2)
    _show_list(context, call_id, page)


async def show(update: Update, context: Context) -> None:
    """One invitation."""
    context.edit(_sheet(context, _read(context)))


async def send_text(update: Update, context: Context) -> None:
    """Send the words to pass on; the courier puts the link in."""
    ids = buttons.unpack(context.data)
    if len(ids) != 2 or ids[1] not in LANGUAGES:
        raise Gone
    view = _linked(context, buttons.number(ids[0]))
    letter = Document("invitation_text", {"invitation_id": view.id, "issue": view.issue, "language": ids[1]})
    context.turn.record(calls.send_secret(context.chat_id, letter))


async def send_picture(update: Update, context: Context) -> None:
    """Send the link as a picture."""
    (invitation_id,) = context.numbers(1)
    view = _linked(context, invitation_id)
    caption = texts.caption_picture(view, context.t)
    picture = Document("invitation_picture", {"invitation_id": view.id, "issue": view.issue}, caption)
    context.turn.record(calls.send_picture(context.chat_id, picture, Lane.REPLY))


async def ask_renew(update: Update, context: Context) -> None:
    """Ask before the old link dies."""
    (invitation_id,) = context.numbers(1)
    context.edit(words.render_ask_renew(_linked(context, invitation_id), context.t))


async def renew(update: Update, context: Context) -> None:
    """Make a new link."""
    (invitation_id,) = context.numbers(1)
    view = invitations.renew(context.session, speaker=context.speaker, invitation_id=invitation_id, now=context.now)
    context.edit(words.render_ready(view, context.t, now=context.now))


async def ask_take_back(update: Update, context: Context) -> None:
    """Ask before an invitation is taken back."""
    view = _read(context)
    access.require_coordinator(context.session, context.speaker, view.occasion.cohort_id)
    context.edit(words.render_ask_take_back(view, context.t))


async def take_back(update: Update, context: Context) -> None:
    """Take an invitation back; whoever had answered is told."""
    (invitation_id,) = context.numbers(1)
    fallen = invitations.take_back(
        context.session, speaker=context.speaker, invitation_id=invitation_id, now=context.now
    )
    if fallen is not None:
        news.announce_taken_back(context.turn, fallen)
    context.edit(_sheet(context, _read(context)))


async def thank(update: Update, context: Context) -> None:
    """Thank one speaker now."""
    (invitation_id,) = context.numbers(1)
    view = invitation_clock.thank(
        context.session, speaker=context.speaker, invitation_id=invitation_id, now=context.now
    )
    told = int(view is not None and news.announce_thanks(context.turn, view))
    context.answer(words.render_thanked_toast(told, context.t, is_news=view is not None))
    context.edit(_sheet(context, _read(context)))


async def thank_all(update: Update, context: Context) -> None:
    """Thank everybody who spoke and has not been thanked."""
    (call_id,) = context.numbers(1)
    occasion, views = invitations.list_of(context.session, speaker=context.speaker, call_id=call_id)
    access.require_coordinator(context.session, context.speaker, occasion.cohort_id)
    due = [one for one in views if words.may_thank(one, context.now)]
    thanked = [
        invitation_clock.thank(context.session, speaker=context.speaker, invitation_id=one.id, now=context.now)
        for one in due
    ]
    told = sum(view is not None and news.announce_thanks(context.turn, view) for view in thanked)
    context.answer(words.render_thanked_toast(told, context.t, is_news=bool(due)))
    _show_list(context, call_id, 0)


def _read(context: Context) -> InvitationView:
    (invitation_id,) = context.numbers(1)
    return invitations.show(context.session, speaker=context.speaker, invitation_id=invitation_id)


def _linked(context: Context, invitation_id: int) -> InvitationView:
    """An invitation whose link may be passed on by whoever presses."""
    view = invitations.show(context.session, speaker=context.speaker, invitation_id=invitation_id)
    access.require_coordinator(context.session, context.speaker, view.occasion.cohort_id)
    if not view.is_open:
        raise NothingToSend
    return view


def _sheet(context: Context, view: InvitationView) -> Any:
    may_change = access.may_change(context.session, context.speaker, view.occasion.cohort_id)
    return words.render_invitation(view, context.t, may_change=may_change, now=context.now)


def _show_list(context: Context, call_id: int, page: int) -> None:
    occasion, views = invitations.list_of(context.session, speaker=context.speaker, call_id=call_id)
    may_change = access.may_change(context.session, context.speaker, occasion.cohort_id)
    may_thank = may_change and any(words.may_thank(one, context.now) for one in views)
    context.edit(words.render_list(occasion, views, page, context.t, may_change=may_change, may_thank=may_thank))


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))
