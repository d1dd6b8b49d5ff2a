"""Keeping the stage in chat: the panel, the next speaker, minutes more, who is not there, the end. Decides nothing."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.forum import absence, projection, questions, running_order, signals, stage, views
from bot.forum.messages import stage as words
from bot.forum.messages.day_wording import FEATURE
from bot.forum.running_order import MODERATING, Order
from bot.forum.stage import Played
from bot.forum.views import Phase
from bot.i18n import translator
from bot.menu import Offer
from bot.outbox.calls import Message
from bot.people import access
from bot.people.models import Role
from handlers import forum_calls, forum_feedback, forum_order, forum_questions, forum_slides
from handlers.forum_questions import leave_panel

SHOWN = (Phase.COMING, Phase.OPEN, Phase.CLOSED, Phase.SETTLED, Phase.OVER)


def register(application: CohortApplication) -> None:
    """Add everything of the day itself: the order, the stage, questions, slides, feedback."""
    application.menu.offer(
        Offer(
            51,
            frozenset({Role.TEACHER}),
            lambda t: t.plain("🎬 Stage"),
            lambda cohort_id: buttons.pack(FEATURE, "stages", cohort_id),
        )
    )
    for part in (forum_order, forum_questions, forum_feedback, forum_slides):
        part.register(application)
    for action, callback in (
        ("stages", show_stages),
        ("desk", show_desk),
        ("panel", show_panel),
        ("open", open_stage),
        ("next", call_up),
        ("finish", finish),
        ("more", give_more),
        ("back", go_back),
        ("absent", ask_about_absent),
        ("toend", to_the_end),
        ("skip", pass_over),
        ("unskip", take_up_again),
        ("reserve", give_to_reserve),
        ("projector", show_projector),
        ("end", ask_end),
        ("endnow", end),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def show_stages(update: Update, context: Context) -> None:
    """Show the forums of a camp to somebody who keeps stages."""
    (cohort_id,) = context.numbers(1)
    access.require_role(context.session, context.speaker, cohort_id, *MODERATING)
    context.edit(_stages(context, cohort_id))


async def show_desk(update: Update, context: Context) -> None:
    """Go back to the page of the forum; whoever only keeps stages goes back to those."""
    (call_id,) = context.numbers(1)
    order = running_order.show(context.session, speaker=context.speaker, call_id=call_id, now=context.now)
    leave_panel(context)
    if running_order.sees_calls(context.session, context.speaker, order.call.cohort_id):
        context.edit(forum_calls.sheet(context, call_id))
    else:
        context.edit(_stages(context, order.call.cohort_id))


async def show_panel(update: Update, context: Context) -> None:
    """Show how the stage stands; the press may come from under the list of questions, and is sealed as those are."""
    context.turn.is_sealed = True
    (call_id,) = context.numbers(1)
    _panel(context, stage.show(context.session, speaker=context.speaker, call_id=call_id, now=context.now))


async def open_stage(update: Update, context: Context) -> None:
    """Open the stage."""
    (call_id,) = context.numbers(1)
    _play(context, stage.open_stage(context.session, speaker=context.speaker, call_id=call_id, now=context.now))


async def call_up(update: Update, context: Context) -> None:
    """Begin the next item."""
    call_id, seen = context.numbers(2)
    played = stage.call_up(context.session, speaker=context.speaker, call_id=call_id, seen=seen, now=context.now)
    _play(context, played)


async def finish(update: Update, context: Context) -> None:
    """End what is on."""
    call_id, seen = context.numbers(2)
    _play(context, stage.finish(context.session, speaker=context.speaker, call_id=call_id, seen=seen, now=context.now))


async def give_more(update: Update, context: Context) -> None:
    """Let what is on go on a little longer."""
    call_id, seen, extra = context.numbers(3)
    played = stage.give_more(
        context.session, speaker=context.speaker, call_id=call_id, seen=seen, extra=extra, now=context.now
    )
    _play(context, played)


async def go_back(update: Update, context: Context) -> None:
    """Undo the last call."""
    call_id, seen = context.numbers(2)
    _play(context, stage.go_back(context.session, speaker=context.speaker, call_id=call_id, seen=seen, now=context.now))


async def ask_about_absent(update: Update, context: Context) -> None:
    """Ask what to do about a speaker who is not there."""
    call_id, slot_id = context.numbers(2)
    order, _ = stage.require_live(context.session, context.speaker, call_id, context.now)
    item, reserve = order.item(slot_id), absence.next_reserve(context.session, call_id, order.call.language)
    leave_panel(context)
    context.edit(words.render_absent(order, item, reserve, context.t))


async def to_the_end(update: Update, context: Context) -> None:
    """Put a talk at the end."""
    call_id, slot_id = context.numbers(2)
    played = absence.to_the_end(
        context.session, speaker=context.speaker, call_id=call_id, slot_id=slot_id, now=context.now
    )
    _play(context, played)


async def pass_over(update: Update, context: Context) -> None:
    """Leave a talk out."""
    call_id, slot_id = context.numbers(2)
    played = absence.pass_over(
        context.session, speaker=context.speaker, call_id=call_id, slot_id=slot_id, now=context.now
    )
    _play(context, played)


async def take_up_again(update: Update, context: Context) -> None:
    """Bring a talk back that was left out."""
    call_id, slot_id = context.numbers(2)
    played = absence.take_up_again(
        context.session, speaker=context.speaker, call_id=call_id, slot_id=slot_id, now=context.now
    )
    _play(context, played)


async def give_to_reserve(update: Update, context: Context) -> None:
    """Let the next on the reserve list speak instead."""
    call_id, slot_id = context.numbers(2)
    before = stage.show(context.session, speaker=context.speaker, call_id=call_id, now=context.now)
    played = absence.give_to_reserve(
        context.session, speaker=context.speaker, call_id=call_id, slot_id=slot_id, now=context.now
    )
    if played.effect is stage.Effect.DONE:
        _tell_about_place(context, before, played.order, slot_id)
    _play(context, played)


async def show_projector(update: Update, context: Context) -> None:
    """Give the address of the projector page."""
    (call_id,) = context.numbers(1)
    order = stage.show(context.session, speaker=context.speaker, call_id=call_id, now=context.now)
    token = projection.token_for(context.session, speaker=context.speaker, call_id=call_id, now=context.now)
    address = f"{context.installation.public_url.rstrip('/')}/forum/{token}"
    context.reply(words.render_projector(order, address, context.t))


async def ask_end(update: Update, context: Context) -> None:
    """Ask before the forum is ended."""
    (call_id,) = context.numbers(1)
    order, _ = stage.require_live(context.session, context.speaker, call_id, context.now)
    leave_panel(context)
    context.edit(words.render_ask_end(order, context.t))


async def end(update: Update, context: Context) -> None:
    """End the forum."""
    (call_id,) = context.numbers(1)
    _play(context, stage.end(context.session, speaker=context.speaker, call_id=call_id, now=context.now))


def _stages(context: Context, cohort_id: int) -> Message:
    calls = views.views_of(context.session, cohort_id, context.now)
    return words.render_stages([one for one in calls if one.phase in SHOWN and one.speakers], context.t)


def _play(context: Context, played: Played) -> None:
    """Show the stage after a press, and tell whoever has been called up."""
    context.answer(words.render_effect_toast(played.effect, context.t))
    if played.began is not None:
        item = played.order.item(played.began.piece.id)
        if item.talk is not None and item.talk.party.chat_id is not None:
            called = words.render_called_up(played.order, item, translator(item.talk.party.language))
            context.turn.send(item.talk.party.chat_id, called)
    _panel(context, played.order)


def _panel(context: Context, order: Order) -> None:
    waiting = questions.count_new(context.session, order.call.id)
    query = context.received.callback_query if context.received else None
    message_id = query.message.message_id if query and query.message else None
    stage.note_panel(
        context.session,
        call_id=order.call.id,
        speaker=context.speaker,
        chat_id=context.chat_id,
        message_id=message_id,
        shown=stage.Shown(waiting, signals.minutes_over(order)),
    )
    context.edit(words.render_panel(order, waiting, context.t))


def _tell_about_place(context: Context, before: Order, after: Order, slot_id: int) -> None:
    gone, come = before.item(slot_id).talk, after.item(slot_id).talk
    for talk, render in ((gone, words.render_place_given), (come, words.render_your_turn)):
        if talk is not None and talk.party.chat_id is not None:
            context.turn.send(talk.party.chat_id, render(after, translator(talk.party.language)))
