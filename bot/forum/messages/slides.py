"""Slides in words: asking for them, what has come and what has not, chasing, handing over."""

from markupsafe import Markup

from bot.buttons import Rows, keyboard
from bot.forum import slides
from bot.forum.messages.day_wording import act, subject
from bot.forum.messages.running_order import slides_rows
from bot.forum.messages.wording import bold, lines, name_of, paragraphs
from bot.forum.running_order import Item, Order, Talk
from bot.forum.slides import Chased, Own
from bot.i18n import Translator, translator
from bot.outbox import calls
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.turn import Turn

MEGABYTE = 1024 * 1024


def render_ask(own: Own, t: Translator) -> Message:
    """Ask a speaker for the file."""
    head = lines(t("📎 <b>Your slides</b>"), name_of(own.order.call))
    so_far = t("So far: {name}. A new file takes its place.", name=own.slides) if own.has_slides else None
    hint = t("Send me the file as a document. It may be large; a photo or a video is fine too.")
    return Message(paragraphs(head, so_far, hint), keyboard([act(t.plain("Cancel"), "nofile", own.signup_id)]))


def render_kept(own: Own, t: Translator) -> Message:
    """Thank for the file."""
    text = t("✔ Thank you: {name} is with the coordinator.", name=bold(own.slides))
    return Message(text, keyboard([act(t.plain("📎 Send another one instead"), "send", own.signup_id)]))


def render_no_file(t: Translator) -> Message:
    """Say what was expected."""
    return Message(t("Please send the slides as a file, or press Cancel."))


def render_not_sent(t: Translator) -> Message:
    """Nothing was sent."""
    return Message(t("No file was taken. You can send your slides later."))


def render_without(own: Own, t: Translator) -> Message:
    """Note that there will be none."""
    if own.has_slides:
        return Message(t("Your slides are here already: {name}.", name=own.slides))
    text = t("✔ Noted: you speak without slides.")
    return Message(text, keyboard([act(t.plain("📎 Send slides after all"), "send", own.signup_id)]))


def render_collected(order: Order, t: Translator, *, may_change: bool) -> Message:
    """Who has sent slides, who has not, who needs none."""
    here, missing = slides.sent(order), slides.lacking(order)
    without = [item for item in order.talks if item not in here and item not in missing]
    head = lines(t("📎 <b>Slides</b>"), name_of(order.call))
    text = paragraphs(
        head,
        _block(t("✔ <b>Here</b> ({n})", n=len(here)), here, t),
        _block(t("⏳ <b>Still to come</b> ({n})", n=len(missing)), missing, t),
        _block(t("➖ <b>Without slides</b> ({n})", n=len(without)), tuple(without), t),
        t("Nobody speaks here yet.") if not order.talks else None,
    )
    rows: Rows = []
    if may_change and missing:
        rows.append([act(t.plain("🔔 Ask those still to come ({n})", n=len(missing)), "chase", order.call.id)])
    if here:
        rows.append([act(t.plain("📥 Send me all slides ({n})", n=len(here)), "sendall", order.call.id)])
    return Message(text, keyboard(*rows, [act(t.plain("« Forum"), "desk", order.call.id)]))


def render_chased_toast(chased: Chased, t: Translator) -> str:
    """Whom a press reached."""
    asked = t.plural("{n} speaker is asked.", "{n} speakers are asked.", len(chased.now_chased))
    names = t.join(item.talk.party.name for item in chased.unreachable if item.talk)
    silent = t.plain("Not reachable in chat: {names}.", names=names) if names else ""
    lately = t.plain("Asked within the last half hour: {n}.", n=len(chased.lately)) if chased.lately else ""
    return " ".join(part for part in (str(asked), lately, silent) if part)[:200]


def announce_chase(turn: Turn, chased: Chased) -> None:
    """Ask each of them, in their own language."""
    for item in chased.now_chased:
        talk = item.talk
        if talk is not None and talk.party.chat_id is not None:
            turn.send(
                talk.party.chat_id, _chase(chased.order, talk, translator(talk.party.language)), lane=Lane.REMINDER
            )


def hand_over(turn: Turn, chat_id: int, order: Order, t: Translator) -> int:
    """Send every file into a chat, in the running order: copied where it is too large for a bot; how many."""
    found = slides.sent(order)
    for item in found:
        if item.talk is not None:
            _hand_over(turn, chat_id, item, item.talk, t)
    return len(found)


def render_nothing_to_send(t: Translator) -> str:
    """There are no files."""
    return t.plain("No slides have been sent yet.")


def render_on_the_way_toast(count: int, t: Translator) -> str:
    """How many files are coming."""
    return str(t.plural("{n} file is on its way.", "{n} files are on their way.", count))


def _hand_over(turn: Turn, chat_id: int, item: Item, talk: Talk, t: Translator) -> None:
    caption = Message(_caption(item, talk))
    if talk.is_large and talk.slides_chat_id is not None and talk.slides_message_id is not None:
        turn.send(chat_id, caption)
        source = talk.slides_chat_id, talk.slides_message_id
        turn.record(calls.copy_message(chat_id, *source, Message(""), Lane.REPLY))
    else:
        turn.record(
            calls.send_stored(chat_id, talk.slides_kind or "document", talk.slides_file_id, caption, Lane.REPLY)
        )


def _caption(item: Item, talk: Talk) -> Markup:
    title = subject(talk)
    return Markup("{}. <b>{}</b>{}").format(
        item.number, talk.party.name, Markup(" · {}").format(title) if title else ""
    )


def _chase(order: Order, talk: Talk, t: Translator) -> Message:
    text = paragraphs(
        lines(t("📎 <b>Your slides are still missing</b>"), name_of(order.call)),
        t("Please send them here, or say that you speak without any."),
    )
    return Message(text, keyboard(*slides_rows(talk.signup_id, t)))


def _block(head: Markup, items: tuple[Item, ...], t: Translator) -> Markup | None:
    if not items:
        return None
    return lines(head, *(_line(item, t) for item in items))


def _line(item: Item, t: Translator) -> Markup:
    talk = item.talk
    assert talk is not None  # noqa: S101 - only talks have slides
    if not talk.has_slides:
        return Markup("{}. {}").format(item.number, talk.party.name)
    size = f" · {talk.slides_size / MEGABYTE:.1f} MB" if talk.slides_size else ""
    name = talk.slides or t.plain("file")
    return Markup("{}. {} · {}{}").format(item.number, talk.party.name, name[:40], size)
