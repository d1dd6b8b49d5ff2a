"""Naming an invited speaker in a few questions: who, which post, a few words, which slot, by when to answer.

Whoever is named goes on the reserve list, or gets a link at once; the same questions invite somebody who is next.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import Gone
from bot.forum import invitation_rules, invitation_views, invitations
from bot.forum.invitation_rules import NAME, NOTE, POST, Unfit
from bot.forum.invitation_views import InvitationView
from bot.forum.invitations import Draft
from bot.forum.messages import invitations as words
from bot.forum.messages.invitation_texts import FEATURE
from bot.forum.models import InvitationStatus
from bot.forum.occasions import Occasion
from bot.outbox.calls import Message
from handlers.leave import LINE

RESERVE = "reserve"
LATEST = 60


class Step(State):
    """What the dialogue waits for."""

    NAME = "name"
    POST = "post"
    NOTE = "note"
    SLOT = "slot"
    ANSWER = "answer"


def register(application: CohortApplication) -> None:
    """Add the dialogue, and what its buttons say when it is over."""
    application.add_handler(_dialogue(application))
    for action in ("skip", "slot", "days", "stop"):
        application.add_handler(_on(action, retire))


def _dialogue(application: CohortApplication) -> Conversation:
    return Conversation(
        FEATURE,
        application.dialogues,
        entry_points=[_on("new", begin), _on("send", begin_send)],
        states={
            Step.NAME: [MessageHandler(LINE, take_name)],
            Step.POST: [_on("skip", skip_post), MessageHandler(LINE, take_post)],
            Step.NOTE: [_on("skip", skip_note), MessageHandler(LINE, take_note)],
            Step.SLOT: [_on("slot", take_slot)],
            Step.ANSWER: [_on("days", take_days)],
        },
        fallbacks=[_on("stop", stop)],
    )


async def begin(update: Update, context: Context) -> NextState:
    """Name a new speaker: ask who."""
    (call_id,) = context.numbers(1)
    occasion = _inviting(context, call_id)
    context.place.notes = {"call": call_id}
    context.edit(words.render_ask_name(occasion, context.t))
    return Step.NAME


async def begin_send(update: Update, context: Context) -> NextState:
    """Invite somebody who has been named already: ask for slot and answer time."""
    (invitation_id,) = context.numbers(1)
    view = invitations.show(context.session, speaker=context.speaker, invitation_id=invitation_id)
    _inviting(context, view.occasion.call_id)
    if view.is_open or view.status is InvitationStatus.ACCEPTED:
        raise Gone
    context.place.notes = {"call": view.occasion.call_id, "invitation": invitation_id}
    return _ask_slot(context)


async def take_name(update: Update, context: Context) -> NextState:
    """Take the name and ask for the post."""
    name = invitation_rules.read_line(context.text, NAME)
    if isinstance(name, Unfit):
        context.reply(words.render_bad_text(name, NAME, context.t))
        return None
    context.place.notes["name"] = name
    context.reply(words.render_ask_post(name, context.t))
    return Step.POST


async def take_post(update: Update, context: Context) -> NextState:
    """Take the post and ask for a few words."""
    post = invitation_rules.read_line(context.text, POST)
    if isinstance(post, Unfit):
        context.reply(words.render_bad_text(post, POST, context.t))
        return None
    return _ask_note(context, post)


async def skip_post(update: Update, context: Context) -> NextState:
    """Go on without a post."""
    return _ask_note(context, "")


async def take_note(update: Update, context: Context) -> NextState:
    """Take the words and ask for the slot."""
    note = invitation_rules.read_note(context.text, NOTE)
    if isinstance(note, Unfit):
        context.reply(words.render_bad_text(note, NOTE, context.t))
        return None
    context.place.notes["note"] = note
    return _ask_slot(context)


async def skip_note(update: Update, context: Context) -> NextState:
    """Go on without words of one's own."""
    context.place.notes["note"] = ""
    return _ask_slot(context)


async def take_slot(update: Update, context: Context) -> NextState:
    """Take the slot and ask until when the answer is awaited."""
    (slot_id,) = context.numbers(1)
    notes = context.place.notes
    notes["slot"] = slot_id or None
    occasion = _inviting(context, notes["call"])
    times = invitation_rules.answer_times(context.now, occasion.starts_at, occasion.zone)
    may_reserve = "invitation" not in notes
    context.edit(words.render_ask_answer(occasion, times, context.t, may_reserve=may_reserve))
    return Step.ANSWER


async def take_days(update: Update, context: Context) -> NextState:
    """Make the invitation, or put the name on the reserve list."""
    notes = context.place.notes
    until = _answer_until(context, _inviting(context, notes["call"]).zone)
    if "invitation" in notes:
        view = _send(context, notes, until)
    else:
        draft = Draft(notes["name"], notes["post"], notes["note"], notes.get("slot"), until)
        view = invitations.invite(
            context.session, speaker=context.speaker, call_id=notes["call"], draft=draft, now=context.now
        )
    context.edit(words.render_ready(view, context.t, now=context.now))
    return END


async def stop(update: Update, context: Context) -> NextState:
    """Leave the dialogue."""
    context.edit(words.render_stopped(context.place.notes["call"], context.t))
    return END


async def retire(update: Update, context: Context) -> None:
    """A button of a dialogue that is over."""
    raise Gone


def _send(context: Context, notes: dict[str, Any], until: datetime | None) -> InvitationView:
    if until is None:
        raise Gone
    return invitations.send(
        context.session,
        speaker=context.speaker,
        invitation_id=notes["invitation"],
        slot_id=notes.get("slot"),
        answer_until=until,
        now=context.now,
    )


def _answer_until(context: Context, zone: ZoneInfo) -> datetime | None:
    """The answer time that was pressed; ``None`` for the reserve list."""
    (said,) = buttons.unpack(context.data) or [""]
    if said == RESERVE:
        return None
    days = buttons.number(said)
    if not 0 <= days <= LATEST:
        raise Gone
    return invitation_rules.answer_until(days, context.now, zone)


def _ask_note(context: Context, post: str) -> NextState:
    context.place.notes["post"] = post
    _say(context, words.render_ask_note(context.place.notes["name"], context.t))
    return Step.NOTE


def _ask_slot(context: Context) -> NextState:
    call_id = context.place.notes["call"]
    occasion = _inviting(context, call_id)
    slots = invitation_views.free_slots(context.session, call_id)
    _say(context, words.render_ask_slot(occasion, slots, context.t))
    return Step.SLOT


def _inviting(context: Context, call_id: int) -> Occasion:
    return invitations.require_inviting(context.session, speaker=context.speaker, call_id=call_id, now=context.now)


def _say(context: Context, message: Message) -> None:
    """In place after a press, anew after words."""
    if context.data is None:
        context.reply(message)
    else:
        context.edit(message)


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))
