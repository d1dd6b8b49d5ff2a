"""The stage in chat: the moderator's panel, quiet signals, what the room sees of it on its phones."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import Rows, keyboard, link
from bot.checkin.messages.desk import fits_button
from bot.forum import plan
from bot.forum.messages.day_wording import act, at, label, long_label, minutes_between, quoted, subject, who
from bot.forum.messages.wording import bold, label_of, lines, name_of, paragraphs, when_of
from bot.forum.plan import State
from bot.forum.running_order import Item, Order
from bot.forum.signals import Signal
from bot.forum.stage import Effect
from bot.forum.views import CallView
from bot.guests.service import Party
from bot.i18n import Translator
from bot.outbox.calls import Message

EXTRA = (2, 5)
TO_COME = 4


def render_panel(order: Order, questions: int, t: Translator) -> Message:
    """What is on, how time stands, what comes next, and everything a moderator presses; ``questions`` wait."""
    text = paragraphs(lines(t("🎬 <b>Stage</b>"), name_of(order.call)), _standing(order, t), _to_come(order, t))
    return Message(text, keyboard(*_rows(order, questions, t)))


def render_projector(order: Order, address: str, t: Translator) -> Message:
    """The way to the projector page, for the computer in the room."""
    as_button = fits_button(address)
    text = paragraphs(
        lines(t("🖥 <b>Projector page</b>"), name_of(order.call)),
        t("Open it on the computer in the room. It shows who speaks, the time, and the questions you release."),
        None if as_button else Markup("<code>{}</code>").format(address),
    )
    return Message(text, keyboard([link(t.plain("🖥 Open"), address)] if as_button else []))


def render_absent(order: Order, item: Item, reserve: Party | None, t: Translator) -> Message:
    """What to do about a speaker who is not there."""
    call, slot = order.call.id, item.piece.id
    rows: Rows = [
        [act(t.plain("⤵ To the end"), "toend", call, slot)],
        [act(t.plain("⤼ Leave out today"), "skip", call, slot)],
    ]
    if reserve is not None:
        taking = t.plain("🙋 {name} takes the place", name=reserve.name)
        rows.append([act(taking, "reserve", call, slot)])
    rows.append([act(t.plain("« Back"), "panel", call)])
    hint = t("First on the reserve list: {who}.", who=bold(who(reserve, t))) if reserve else None
    return Message(
        paragraphs(t("{item} is not there. What shall happen?", item=long_label(item, t)), hint), keyboard(*rows)
    )


def render_ask_end(order: Order, t: Translator) -> Message:
    """Ask before the forum is ended."""
    left = sum(plan.is_open(item.piece) for item in order.items if item.timed.state is State.LATER)
    warning = t.plural("{n} item has not been called up.", "{n} items have not been called up.", left) if left else None
    text = paragraphs(
        t("End the forum? The room is then asked how the talks were, and the projector says goodbye."), warning
    )
    call = order.call.id
    return Message(
        text, keyboard([act(t.plain("⏹ End the forum"), "endnow", call)], [act(t.plain("« Back"), "panel", call)])
    )


def render_effect_toast(effect: Effect, t: Translator) -> str | None:
    """What a press did, where the screen does not say it."""
    return {
        Effect.DONE: None,
        Effect.STALE: t.plain("That was an old screen: nothing was done. This is how it stands now."),
        Effect.NOTHING: t.plain("There is nothing left to do here."),
    }[effect]


def render_speaker_signal(item: Item, signal: Signal, t: Translator) -> Message:
    """A quiet signal to whoever speaks."""
    text = t("⏳ <b>2 minutes left.</b>") if signal is Signal.WARNING else t("⏰ <b>Time.</b> Please come to an end.")
    return Message(text, silent=True)


def render_moderator_signal(item: Item, signal: Signal, t: Translator) -> Message:
    """The same to the moderator."""
    if signal is Signal.WARNING:
        return Message(t("⏳ 2 minutes left: {item}", item=long_label(item, t)), silent=True)
    return Message(t("⏰ Time: {item}", item=long_label(item, t)), silent=True)


def render_called_up(order: Order, item: Item, t: Translator) -> Message:
    """Tell a speaker that their time has begun to run."""
    until = at(item.timed.ends_at, order)
    text = t.plural("🎤 You are on. {n} minute, until {until}.", "🎤 You are on. {n} minutes, until {until}.",
                    item.piece.minutes, until=until)  # fmt: skip
    return Message(text, silent=True)


def render_your_turn(order: Order, t: Translator) -> Message:
    """Tell a reserve that they speak at once."""
    text = t(
        "🎤 <b>You speak now:</b> a place has become free in {forum}. Please go to the stage.",
        forum=name_of(order.call),
    )
    return Message(text)


def render_place_given(order: Order, t: Translator) -> Message:
    """Tell somebody who was not there that another speaks instead."""
    text = t(
        "You were called in {forum} and were not there, so the next on the reserve list speaks. "
        "If that is wrong, please tell the coordinator.",
        forum=name_of(order.call),
    )
    return Message(text)


def render_room(order: Order, t: Translator, *, left: int, may_rate: bool) -> Message:
    """What somebody in the room sees on the phone: who speaks, and the ways to ask and to say how it was."""
    rows: Rows = []
    if order.is_live:
        rows.append([act(t.plain("❓ Ask a question"), "ask", order.call.id)])
    if may_rate:
        rows.append([act(t.plain("📝 How were the talks?"), "rate", order.call.id)])
    rows.append([act(t.plain("🔄 Refresh"), "now", order.call.id)])
    hint = t("Questions reach the moderator without your name.") if order.is_live and left > 0 else None
    text = paragraphs(lines(name_of(order.call), when_of(order.call, t)), _standing(order, t), _to_come(order, t), hint)
    return Message(text, keyboard(*rows))


def render_stages(calls: list[CallView], t: Translator) -> Message:
    """The forums whose stage somebody may keep."""
    rows: Rows = [[act(label_of(call), "panel", call.id)] for call in calls]
    if not rows:
        return Message(t("There is no forum here yet."))
    return Message(t("🎬 <b>Stage</b>: which forum?"), keyboard(*rows))


def _standing(order: Order, t: Translator) -> Markup:
    if order.stage is None:
        return t("The stage has not been opened.")
    if order.is_over:
        return t("🏁 The forum is over. Thank you!")
    item = order.current
    if item is None:
        return t("Nobody is on stage at the moment.")
    return lines(_on(item, t), _time(order, item, t))


def _on(item: Item, t: Translator) -> Markup:
    if item.talk is None:
        return t("▶ {item}", item=long_label(item, t))
    title = subject(item.talk)
    return lines(t("🎤 {who}", who=bold(who(item.talk.party, t))), quoted(title, t))


def _time(order: Order, item: Item, t: Translator) -> Markup:
    assert order.stage is not None  # noqa: S101 - something is on
    due = plan.due_end(item.piece, order.stage)
    begun, until = at(item.timed.starts_at, order), at(due, order)
    if order.now >= due:
        over = minutes_between(due, order.now)
        if not over:
            return t("🔴 <b>Time is up</b> ({begun}–{until})", begun=begun, until=until)
        return t.plural(
            "🔴 <b>{n} minute over</b> ({begun}–{until})",
            "🔴 <b>{n} minutes over</b> ({begun}–{until})",
            over,
            begun=begun,
            until=until,
        )
    left = -(-int((due - order.now).total_seconds()) // 60)
    return t.plural(
        "⏱ {n} minute left ({begun}–{until})", "⏱ {n} minutes left ({begun}–{until})", left, begun=begun, until=until
    )


def _to_come(order: Order, t: Translator) -> Markup | None:
    coming = [item for item in order.items if item.timed.state is State.LATER and plan.is_open(item.piece)]
    if not coming or order.is_over:
        return None
    shown = [t("{clock} {item}", clock=at(item.timed.starts_at, order), item=long_label(item, t)) for item in coming]
    more = len(shown) - TO_COME
    rest = t.plural("… and {n} more", "… and {n} more", more) if more > 0 else None
    return lines(t("<b>Next</b>"), *shown[:TO_COME], rest)


def _rows(order: Order, questions: int, t: Translator) -> Rows:
    call = order.call.id
    if order.stage is None:
        return [[act(t.plain("🎬 Open the stage"), "open", call)], *_way_back(order, t)]
    if order.is_over:
        return [[act(t.plain("📊 What the room said"), "results", call)], *_way_back(order, t)]
    rows = [*_leading(order, t), *_skipped(order, t)]
    asked = t.plain("❓ Questions ({n})", n=questions) if questions else t.plain("❓ From the room")
    rows.append([act(asked, "questions", call, 0), act(t.plain("🔄 Refresh"), "panel", call)])
    ending = act(t.plain("⏹ End the forum"), "end", call)
    return [*rows, [act(t.plain("🖥 Projector page"), "projector", call), ending], *_way_back(order, t)]


def _leading(order: Order, t: Translator) -> Rows:
    call, current, following = order.call.id, order.current, order.following
    seen = current.piece.id if current else 0
    rows: Rows = []
    if following is not None:
        rows.append([act(t.plain("▶ Next: {item}", item=label(following, t)), "next", call, seen)])
    if current is not None and order.stage is not None:
        more = [act(t.plain("+{n} min", n=n), "more", call, seen, order.stage.extra + n) for n in EXTRA]
        rows.append([*more, act(t.plain("⏹ Finished"), "finish", call, seen)])
    rows += _missing(order, t)
    if any(item.piece.done_at is not None for item in order.items):
        rows.append([act(t.plain("↩ Back to the one before"), "back", call, seen)])
    return rows


def _missing(order: Order, t: Translator) -> Rows:
    """Whose absence can be noted: whoever was called up, else whoever is next."""
    found = [item for item in (order.current, order.following) if item is not None and item.talk is not None]
    made = [
        act(t.plain("🚫 {name} is not there", name=label(item, t)), "absent", order.call.id, item.piece.id)
        for item in found
    ]
    return [made]


def _skipped(order: Order, t: Translator) -> Rows:
    skipped = [item for item in order.items if item.timed.state is State.SKIPPED]
    return [[act(t.plain("🙋 {item} is here after all", item=label(item, t)), "unskip", order.call.id, item.piece.id)]
            for item in skipped]  # fmt: skip


def _way_back(order: Order, t: Translator) -> list[list[InlineKeyboardButton]]:
    call = order.call.id
    return [[act(t.plain("📋 Running order"), "order", call), act(t.plain("« Forum"), "desk", call)]]
