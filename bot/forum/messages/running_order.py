"""The running order in chat: the list, one item with its buttons, where to put it; and what speakers are told of it."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import Rows, keyboard
from bot.forum import plan, speaking
from bot.forum.messages.day_wording import act, at, label, long_label, mark, quoted, subject, who
from bot.forum.messages.seat_wording import act as seat_act
from bot.forum.messages.wording import bold, day_and_hour, lines, name_of, paragraphs, when_of
from bot.forum.plan import State
from bot.forum.running_order import Item, Order, Talk
from bot.forum.speaking import DAY, Kind, Step, Told
from bot.i18n import N_, Translator, translator
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.turn import Turn

STEPS = (-5, -1, 1, 5)
OPENING, BREAK = 0, 1
ADDED = {OPENING: (N_("Opening"), 5), BREAK: (N_("Break"), 15)}
MOST_MINUTES = 240


def render_order(order: Order, unsaid: int, t: Translator, *, may_change: bool) -> Message:
    """The whole order with its times; each item is a button for whoever may change it."""
    text = paragraphs(_head(order, t), _list(order, t), _fit(order, t), _unsaid(unsaid, t) if may_change else None)
    if may_change and order.items:
        text = paragraphs(text, t("Choose an item to move it or to change its minutes."))
    rows = _numbers(order, t) if may_change else []
    rows += _below(order, unsaid, t, may_change=may_change)
    return Message(text, keyboard(*rows))


def render_item(order: Order, item: Item, t: Translator) -> Message:
    """One item, and what can be done with it."""
    slot, place = item.piece.id, order.items.index(item)
    rows: Rows = []
    if item.timed.state not in (State.DONE, State.ON):
        steps = [act(t.plain("▲ Earlier"), "up", slot, place), act(t.plain("▼ Later"), "down", slot, place)]
        rows = [steps, [act(t.plain("↕ Put before …"), "before", slot)], _minutes(item, t), *_own(item, t)]
    rows.append([act(t.plain("« Running order"), "order", order.call.id)])
    near = order.items[max(0, place - 2) : place + 3]
    around = lines(*(_line(one, order, t, chosen=one is item) for one in near))
    return Message(paragraphs(_head(order, t), _about(item, order, t), around), keyboard(*rows))


def render_before(order: Order, item: Item, t: Translator) -> Message:
    """Before which item it shall stand."""
    movable = [one for one in order.items if one is not item and one.timed.state not in (State.DONE, State.ON)]
    rows: Rows = [[act(f"{at(one.timed.starts_at, order)} {label(one, t)}", "put", item.piece.id, one.piece.id)]
                  for one in movable]  # fmt: skip
    rows.append([act(t.plain("To the end"), "put", item.piece.id, 0)])
    rows.append([act(t.plain("« Back"), "item", item.piece.id)])
    return Message(paragraphs(_head(order, t), t("Put {item} before …", item=long_label(item, t))), keyboard(*rows))


def render_ask_minutes(item: Item, t: Translator) -> Message:
    """Ask for minutes as a number."""
    text = t("How many minutes for {item}? Send a number from 1 to 240.", item=long_label(item, t))
    return Message(text, keyboard([act(t.plain("Cancel"), "leave", item.piece.id)]))


def render_ask_label(slot_id: int, t: Translator) -> Message:
    """Ask what a break is called."""
    text = t("What is it called? For example: Group photo.")
    return Message(text, keyboard([act(t.plain("Cancel"), "leave", slot_id)]))


def render_not_a_number(t: Translator) -> Message:
    """Say what was expected."""
    return Message(t("Please send a number of minutes from 1 to 240, or press Cancel."))


def render_no_label(t: Translator) -> Message:
    """Say what was expected."""
    return Message(t("Please send a few words, or press Cancel."))


def render_left(t: Translator) -> Message:
    """Nothing was changed."""
    return Message(t("Nothing was changed."))


def render_moved_toast(t: Translator) -> str:
    """The screen was old."""
    return t.plain("The order has changed meanwhile. This is how it is now.")


def render_told_toast(count: int, t: Translator) -> str:
    """How many speakers were told."""
    if not count:
        return t.plain("Everybody knows their time already.")
    return str(t.plural("{n} speaker is told.", "{n} speakers are told.", count))


def announce(turn: Turn, told: Told) -> int:
    """Tell speakers of their time, each in their own language; how many could be told."""
    count = 0
    for step in told.steps:
        talk = step.item.talk
        if talk is None or talk.party.chat_id is None:
            continue
        said = {Kind.REMIND: render_reminder, Kind.CHANGED: render_changed}[step.kind]
        message = said(told.order, step, talk, translator(talk.party.language))
        moment = int(step.starts_at.timestamp())
        key = f"stage:{step.kind}:{talk.signup_id}:{step.minutes}:{moment}:{int(turn.now.timestamp())}"
        turn.send(talk.party.chat_id, message, lane=Lane.REMINDER, key=key)
        count += 1
    return count


def render_reminder(order: Order, step: Step, talk: Talk, t: Translator) -> Message:
    """Remind a speaker of their talk."""
    when = day_and_hour(step.starts_at, order.call.time_zone, t)
    clock = at(step.starts_at, order)
    place = order.call.place
    if step.minutes == DAY:
        first = t("🎤 <b>Your talk is coming up:</b> {when}.", when=when)
    else:
        left = max(1, round((step.starts_at - order.now).total_seconds() / 60))
        first = t.plural(
            "🎤 <b>You speak in {n} minute</b>, at {clock}.",
            "🎤 <b>You speak in {n} minutes</b>, at {clock}.",
            left,
            clock=clock,
        )
    where = t("📍 {place}", place=place) if place else None
    length = t.plural("You have {n} minute.", "You have {n} minutes.", step.item.piece.minutes)
    slides = None
    rows: Rows = []
    if talk.lacks_slides and step.minutes != speaking.LEADS[0]:
        slides = t("📎 Your slides are not here yet.")
        rows = slides_rows(talk.signup_id, t)
    text = paragraphs(lines(first, where), lines(_talk(order, talk, t), length), slides)
    return Message(text, keyboard(*rows))


def render_changed(order: Order, step: Step, talk: Talk, t: Translator) -> Message:
    """Tell a speaker that they begin at another time."""
    assert step.before is not None  # noqa: S101 - a change is one from something
    after = day_and_hour(step.starts_at, order.call.time_zone, t)
    before = at(step.before, order)
    text = lines(
        t("🔔 <b>Your talk begins at another time:</b> {when}.", when=bold(after)),
        t("So far it was {before}.", before=before),
        _talk(order, talk, t),
    )
    return Message(text, silent=order.is_live)


def slides_rows(signup_id: int, t: Translator) -> Rows:
    """The buttons by which a speaker sends slides or says that there are none."""
    return [
        [act(t.plain("📎 Send slides"), "send", signup_id)],
        [act(t.plain("I speak without slides"), "noslides", signup_id)],
    ]


def _talk(order: Order, talk: Talk, t: Translator) -> Markup:
    return lines(name_of(order.call), quoted(subject(talk), t))


def _head(order: Order, t: Translator) -> Markup:
    return lines(t("📋 <b>Running order</b>"), name_of(order.call), when_of(order.call, t))


def _list(order: Order, t: Translator) -> Markup:
    if not order.items:
        return t("Nothing is in it yet.")
    return lines(*(_line(item, order, t) for item in order.items))


def _line(item: Item, order: Order, t: Translator, *, chosen: bool = False) -> Markup:
    number = f"{item.number}. " if item.number else ""
    clock = "—" if item.timed.state is State.SKIPPED else at(item.timed.starts_at, order)
    pointer = "👉 " if chosen else ""
    return Markup("{}<code>{}</code> {}{}{} <i>{}</i>").format(
        pointer, clock, mark(item), number, long_label(item, t), t("{n} min", n=_length(item))
    )


def _length(item: Item) -> int:
    if item.timed.state is State.DONE:
        return max(1, round((item.timed.ends_at - item.timed.starts_at).total_seconds() / 60))
    return item.piece.minutes


def _fit(order: Order, t: Translator) -> Markup | None:
    """Whether everything fits into the activity."""
    if not order.items or order.is_over:
        return None
    over = round(plan.overrun([item.timed for item in order.items], order.call.ends_at).total_seconds() / 60)
    if over > 0:
        return t.plural(
            "⚠️ That is {n} minute longer than the activity.", "⚠️ That is {n} minutes longer than the activity.", over
        )
    if over < 0:
        return t.plural("{n} minute is left at the end.", "{n} minutes are left at the end.", -over)
    return None


def _unsaid(unsaid: int, t: Translator) -> Markup | None:
    if not unsaid:
        return None
    return t.plural(
        "{n} speaker begins at another time and is told in two minutes.",
        "{n} speakers begin at another time and are told in two minutes.",
        unsaid,
    )


def _numbers(order: Order, t: Translator) -> Rows:
    shown = [act(f"{mark(item)}{item.number or '·'} {label(item, t)}", "item", item.piece.id) for item in order.items]
    width = 2 if len(shown) <= 24 else 4
    return [shown[start : start + width] for start in range(0, len(shown), width)]


def _below(order: Order, unsaid: int, t: Translator, *, may_change: bool) -> Rows:
    call = order.call.id
    rows: Rows = []
    if may_change:
        rows.append(
            [
                act(t.plain("➕ Break"), "add", call, BREAK),
                act(t.plain("➕ Opening"), "add", call, OPENING),
                act(t.plain("➕ Other …"), "addother", call),
            ]
        )
    if may_change and unsaid:
        rows.append([act(t.plain("🔔 Tell the speakers now"), "tell", call)])
    rows.append([act(t.plain("🖨 To print"), "print", call), act(t.plain("🎬 Stage"), "panel", call)])
    rows.append([act(t.plain("« Forum"), "desk", call)])
    return rows


def _about(item: Item, order: Order, t: Translator) -> Markup:
    clock = at(item.timed.starts_at, order)
    if item.talk is None:
        return t("{clock} · {item}", clock=clock, item=long_label(item, t))
    talk = item.talk
    parts: list[Markup | None] = [t("{clock} · {who}", clock=clock, who=bold(who(talk.party, t)))]
    parts += [quoted(talk.title, t)] if talk.title else []
    parts += [t("Topic: {topic}", topic=talk.topic)] if talk.topic else []
    parts += [t("Needs: {needs}", needs=talk.needs)] if talk.needs else []
    return lines(*parts)


def _minutes(item: Item, t: Translator) -> list[InlineKeyboardButton]:
    now = item.piece.minutes
    values = [(step, now + step) for step in STEPS if 1 <= now + step <= MOST_MINUTES]
    made = [act(f"{'+' if step > 0 else '−'}{abs(step)}", "minutes", item.piece.id, value) for step, value in values]
    return [*made, act(t.plain("{n} min …", n=now), "typeminutes", item.piece.id)]


def _own(item: Item, t: Translator) -> Rows:
    slot = item.piece.id
    if item.piece.is_speech:
        return [[seat_act(t.plain("🗑 Delete this slot …"), "slot", slot)]]
    return [[act(t.plain("✏️ Rename"), "rename", slot), act(t.plain("🗑 Take out"), "remove", slot)]]
