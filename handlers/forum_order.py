"""The running order in chat: reading it, moving items with buttons, minutes, breaks, the print. Decides nothing."""

from collections.abc import Callable

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.forum import reordering, running_order, speaking
from bot.forum.messages import running_order as words
from bot.forum.messages.day_wording import FEATURE
from bot.forum.reordering import LABEL, LONGEST
from bot.forum.rules import clean_line
from bot.forum.running_order import Order
from bot.outbox.calls import Document, Message
from bot.people import access
from handlers.forum_questions import leave_panel
from handlers.leave import LINE


class Step(State):
    """What is being typed."""

    MINUTES = "minutes"
    LABEL = "label"
    NEW = "new"


def register(application: CohortApplication) -> None:
    """Add the dialogue for what is typed, and the buttons."""
    application.add_handler(_dialogue(application))
    for action, callback in (
        ("order", show),
        ("item", show_item),
        ("up", move_up),
        ("down", move_down),
        ("before", ask_where),
        ("put", put),
        ("minutes", set_minutes),
        ("add", add),
        ("remove", remove),
        ("print", send_print),
        ("tell", tell),
        ("leave", leave_screen),
    ):
        application.add_handler(_on(action, callback))


def _on(action: str, callback: Callable[..., object]) -> CallbackQueryHandler:  # type: ignore[type-arg]
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))  # type: ignore[arg-type]


def _dialogue(application: CohortApplication) -> Conversation:
    return Conversation(
        "forum_order",
        application.dialogues,
        entry_points=[_on("typeminutes", ask_minutes), _on("rename", ask_label), _on("addother", ask_new)],
        states={
            Step.MINUTES: [MessageHandler(LINE, take_minutes)],
            Step.LABEL: [MessageHandler(LINE, take_label)],
            Step.NEW: [MessageHandler(LINE, take_new)],
        },
        fallbacks=[_on("leave", leave)],
    )


async def show(update: Update, context: Context) -> None:
    """Show the whole order."""
    (call_id,) = context.numbers(1)
    order = _shown(context, call_id)
    leave_panel(context)
    context.edit(_order(context, order))


async def show_item(update: Update, context: Context) -> None:
    """Show one item with its buttons."""
    (slot_id,) = context.numbers(1)
    call_id = running_order.call_of(context.session, slot_id)
    order, _ = running_order.require_editor(context.session, context.speaker, call_id, context.now)
    context.edit(words.render_item(order, order.item(slot_id), context.t))


async def move_up(update: Update, context: Context) -> None:
    """Move an item one place up."""
    _step(context, -1)


async def move_down(update: Update, context: Context) -> None:
    """Move an item one place down."""
    _step(context, 1)


async def ask_where(update: Update, context: Context) -> None:
    """Show before what an item can be put."""
    (slot_id,) = context.numbers(1)
    call_id = running_order.call_of(context.session, slot_id)
    order, _ = running_order.require_editor(context.session, context.speaker, call_id, context.now)
    context.edit(words.render_before(order, order.item(slot_id), context.t))


async def put(update: Update, context: Context) -> None:
    """Put an item before another."""
    slot_id, target = context.numbers(2)
    order = reordering.put_before(
        context.session, speaker=context.speaker, slot_id=slot_id, target=target, now=context.now
    )
    context.edit(words.render_item(order, order.item(slot_id), context.t))


async def set_minutes(update: Update, context: Context) -> None:
    """Give an item the minutes that the button says."""
    slot_id, minutes = context.numbers(2)
    order = reordering.set_minutes(
        context.session, speaker=context.speaker, slot_id=slot_id, minutes=minutes, now=context.now
    )
    context.edit(words.render_item(order, order.item(slot_id), context.t))


async def add(update: Update, context: Context) -> None:
    """Put in an opening or a break."""
    call_id, kind = context.numbers(2)
    name, minutes = words.ADDED[words.OPENING if kind == words.OPENING else words.BREAK]
    _add(context, call_id, context.t.plain(name), minutes, first=kind == words.OPENING)


async def remove(update: Update, context: Context) -> None:
    """Take a break out."""
    (slot_id,) = context.numbers(1)
    order = reordering.remove(context.session, speaker=context.speaker, slot_id=slot_id, now=context.now)
    context.edit(_order(context, order))


async def send_print(update: Update, context: Context) -> None:
    """Send the order as a document to print."""
    (call_id,) = context.numbers(1)
    _shown(context, call_id)
    arguments = {"call_id": call_id, "language": context.t.language, "now": context.now.isoformat()}
    context.turn.send_document(context.chat_id, Document("running_order", arguments))


async def tell(update: Update, context: Context) -> None:
    """Tell the speakers of their new times without waiting."""
    (call_id,) = context.numbers(1)
    running_order.require_editor(context.session, context.speaker, call_id, context.now)
    told = speaking.take(context.session, call_id, context.now, at_once=True)
    context.answer(words.render_told_toast(words.announce(context.turn, told), context.t))
    context.edit(_order(context, told.order))


async def ask_minutes(update: Update, context: Context) -> NextState:
    """Ask for minutes as a number."""
    (slot_id,) = context.numbers(1)
    call_id = running_order.call_of(context.session, slot_id)
    order, _ = running_order.require_editor(context.session, context.speaker, call_id, context.now)
    return _ask(context, Step.MINUTES, slot_id, words.render_ask_minutes(order.item(slot_id), context.t))


async def ask_label(update: Update, context: Context) -> NextState:
    """Ask what a break is called."""
    (slot_id,) = context.numbers(1)
    call_id = running_order.call_of(context.session, slot_id)
    running_order.require_editor(context.session, context.speaker, call_id, context.now)
    return _ask(context, Step.LABEL, slot_id, words.render_ask_label(slot_id, context.t))


async def ask_new(update: Update, context: Context) -> NextState:
    """Ask what shall be put in."""
    (call_id,) = context.numbers(1)
    running_order.require_editor(context.session, context.speaker, call_id, context.now)
    return _ask(context, Step.NEW, call_id, words.render_ask_label(call_id, context.t))


async def take_minutes(update: Update, context: Context) -> NextState:
    """Take the number that was typed."""
    typed = clean_line(context.text)
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 3 and 1 <= int(typed) <= LONGEST):
        context.reply(words.render_not_a_number(context.t))
        return None
    slot_id = int(context.place.notes["subject"])
    order = reordering.set_minutes(
        context.session, speaker=context.speaker, slot_id=slot_id, minutes=int(typed), now=context.now
    )
    context.retire_prompt()
    context.reply(words.render_item(order, order.item(slot_id), context.t))
    return END


async def take_label(update: Update, context: Context) -> NextState:
    """Take what a break is called."""
    name = clean_line(context.text)[:LABEL]
    if not name:
        context.reply(words.render_no_label(context.t))
        return None
    slot_id = int(context.place.notes["subject"])
    order = reordering.rename(context.session, speaker=context.speaker, slot_id=slot_id, label=name, now=context.now)
    context.retire_prompt()
    context.reply(words.render_item(order, order.item(slot_id), context.t))
    return END


async def take_new(update: Update, context: Context) -> NextState:
    """Put in what was typed."""
    name = clean_line(context.text)[:LABEL]
    if not name:
        context.reply(words.render_no_label(context.t))
        return None
    call_id = int(context.place.notes["subject"])
    context.retire_prompt()
    _add(context, call_id, name, 10, first=False)
    return END


async def leave(update: Update, context: Context) -> NextState:
    """Leave the question."""
    context.edit(words.render_left(context.t))
    return END


async def leave_screen(update: Update, context: Context) -> None:
    """The same once it has been answered."""
    context.edit(words.render_left(context.t))


def _step(context: Context, by: int) -> None:
    slot_id, seen = context.numbers(2)
    call_id = running_order.call_of(context.session, slot_id)
    order, _ = running_order.require_editor(context.session, context.speaker, call_id, context.now)
    if order.items.index(order.item(slot_id)) != seen:
        context.answer(words.render_moved_toast(context.t))
    else:
        order = reordering.step(context.session, speaker=context.speaker, slot_id=slot_id, by=by, now=context.now)
    context.edit(words.render_item(order, order.item(slot_id), context.t))


def _add(context: Context, call_id: int, label: str, minutes: int, *, first: bool) -> None:
    order, slot_id = reordering.add_item(
        context.session,
        speaker=context.speaker,
        call_id=call_id,
        label=label,
        first=first,
        minutes=minutes,
        now=context.now,
    )
    context.edit(words.render_item(order, order.item(slot_id), context.t))


def _ask(context: Context, step: Step, subject: int, question: Message) -> NextState:
    context.place.notes = {"subject": subject}
    context.ask(question)
    return step


def _shown(context: Context, call_id: int) -> Order:
    return running_order.show(context.session, speaker=context.speaker, call_id=call_id, now=context.now)


def _order(context: Context, order: Order) -> Message:
    may_change = access.may_change(context.session, context.speaker, order.call.cohort_id)
    unsaid = speaking.unsaid(context.session, order) if may_change else 0
    return words.render_order(order, unsaid, context.t, may_change=may_change)
