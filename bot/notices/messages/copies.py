"""One person's copy of a notice: its parts as calls, with the buttons under the last, and its corrections."""

import json
from collections.abc import Sequence

from markupsafe import Markup
from msgspec import Struct

from bot import buttons
from bot.buttons import Rows
from bot.i18n import Translator
from bot.notices import rules
from bot.notices.messages.wording import act, paragraphs, plain
from bot.notices.models import CAPTIONED, WORDED, Kind, Notice, Part
from bot.notices.rules import Known
from bot.outbox import calls
from bot.outbox.calls import Call, Message
from bot.outbox.lanes import Lane
from bot.preferences.messages import pause_button
from bot.preferences.models import Topic

OPTION_LABEL = 60
DELETED_AT_ONCE = 100
"""Telegram's limit of one call (Bot API, deleteMessages)."""
STORED = (CAPTIONED - {Kind.ALBUM}) | {Kind.VIDEO_NOTE, Kind.STICKER}
"""What Telegram keeps under one file id, so that it can be sent again by that."""


class Reader(Struct, frozen=True):
    """Who reads the copy: where, in which language, and what the fields are filled with."""

    chat_id: int
    t: Translator
    known: Known


def render_copy(notice: Notice, parts: Sequence[Part], reader: Reader, lane: Lane = Lane.NOTICE) -> list[Call]:
    """The calls of one person's copy, in order. Buttons that the last part cannot carry follow in a message."""
    keyboard = buttons.keyboard(*rows_under(notice, parts, reader.t))
    made = []
    for number, part in enumerate(parts):
        is_last = number == len(parts) - 1
        carried = keyboard if is_last and part.kind != Kind.ALBUM else None
        made.append(_call(part, Message(text_at(notice, parts, number, reader), carried), reader, lane))
    if parts and parts[-1].kind == Kind.ALBUM and keyboard is not None:
        made.append(calls.send_message(reader.chat_id, Message(_below_album(notice, reader.t), keyboard), lane))
    return made


def text_at(notice: Notice, parts: Sequence[Part], number: int, reader: Reader) -> Markup:
    """What a part says to this person; the first says whether the notice is urgent or has been corrected."""
    filled = Markup(rules.fill(parts[number].text, reader.known))  # noqa: S704 - Telegram's own marks, fields escaped
    if number != _lead(parts):
        return filled
    return paragraphs(_urgent(notice.is_urgent, reader.t), filled, _corrected(notice.correction, reader.t))


def _lead(parts: Sequence[Part]) -> int | None:
    """The place of the first part that can have words."""
    return next((number for number, part in enumerate(parts) if part.kind in WORDED), None)


def length_of(notice: Notice, parts: Sequence[Part], number: int, known: Known, correction: str, t: Translator) -> int:
    """How many characters a part has for somebody, with what stands around its words."""
    around = _around(notice, correction, t) if number == _lead(parts) else 0
    return rules.visible_length(rules.fill(parts[number].text, known)) + around


def _around(notice: Notice, correction: str, t: Translator) -> int:
    around = paragraphs(_urgent(notice.is_urgent, t), " ", _corrected(correction, t))
    return rules.visible_length(around) - 1


def _urgent(is_urgent: bool, t: Translator) -> Markup | None:
    return t("❗️ <b>Urgent</b>") if is_urgent else None


def _corrected(why: str, t: Translator) -> Markup | None:
    return t("✏️ <i>Corrected: {why}</i>", why=why) if why else None


def rows_under(notice: Notice, parts: Sequence[Part], t: Translator) -> Rows:
    """The buttons under a copy: the answers, seen, reply, fewer of these."""
    number = notice.id or 0
    asked = [option for part in parts for option in json.loads(part.options)]
    answers = [[act(option[:OPTION_LABEL], "answer", number, index)] for index, option in enumerate(asked)]
    seen = [act(t.plain("✅ I have read it"), "seen", number)] if notice.wants_seen and not asked else []
    reply = act(t.plain("💬 Reply"), "reply", number)
    return [*answers, [*seen, reply], [pause_button(Topic.NOTICE, notice.cohort_id, t)]]


def rows_after(notice: Notice, t: Translator, *, answer: str = "", at: str = "") -> Rows:
    """The buttons once somebody has read or answered."""
    number = notice.id or 0
    done = (
        t.plain("✅ Your answer: {answer}", answer=answer[:OPTION_LABEL]) if answer else t.plain("✅ Read {at}", at=at)
    )
    change = [act(t.plain("Change my answer"), "again", number)] if answer else []
    return [[act(done, "done", number)], [*change, act(t.plain("💬 Reply"), "reply", number)]]


def render_correction(
    notice: Notice, parts: Sequence[Part], numbers: Sequence[Sequence[int]], reader: Reader, rows: Rows
) -> list[Call]:
    """The edits that bring a sent copy up to date: of every part with words, in place, ``rows`` under the last."""
    made = []
    for position, (part, ids) in enumerate(zip(parts, numbers, strict=False)):
        text = text_at(notice, parts, position, reader)
        if not text or not ids:
            continue
        is_last = position == len(parts) - 1 and part.kind != Kind.ALBUM
        message = Message(text, buttons.keyboard(*rows) if is_last else None)
        made.append(_edit(part, reader.chat_id, ids[0], message))
    return made


def rows_of(notice: Notice, parts: Sequence[Part], answer: int | None, t: Translator) -> Rows:
    """The buttons under a corrected copy: whoever has answered keeps the answer, reading is asked for anew."""
    options = [option for part in parts for option in json.loads(part.options)]
    if answer is not None and answer < len(options):
        return rows_after(notice, t, answer=options[answer])
    return rows_under(notice, parts, t)


def render_withdrawal(
    parts: Sequence[Part], numbers: Sequence[Sequence[int]], reader: Reader, *, may_delete: bool
) -> list[Call]:
    """Take a copy back; where Telegram no longer deletes it, its first words say that it does not hold any more."""
    if may_delete:
        ids = [number for part in numbers for number in part]
        return [
            calls.delete_messages(reader.chat_id, ids[first : first + DELETED_AT_ONCE], Lane.NOTICE)
            for first in range(0, len(ids), DELETED_AT_ONCE)
        ]
    withdrawn = Message(reader.t("🚫 This notice was withdrawn."))
    for part, sent in zip(parts, numbers, strict=False):
        if sent and part.kind in WORDED:
            return [_edit(part, reader.chat_id, sent[0], withdrawn)]
    return []


def _edit(part: Part, chat_id: int, number: int, message: Message) -> Call:
    edit = calls.edit_caption if part.kind in CAPTIONED else calls.edit_message
    return edit(chat_id, number, message, Lane.NOTICE)


def _call(part: Part, message: Message, reader: Reader, lane: Lane) -> Call:
    media = json.loads(part.media)
    if part.kind == Kind.ALBUM:
        return calls.send_album(reader.chat_id, media, message, lane)
    if part.kind in STORED:
        return calls.send_stored(reader.chat_id, part.kind, media[0]["media"], message, lane)
    if part.kind == Kind.COPY:
        return calls.copy_message(reader.chat_id, media[0]["chat_id"], media[0]["message_id"], message, lane)
    return calls.send_message(reader.chat_id, message, lane)


def _below_album(notice: Notice, t: Translator) -> Markup:
    return t("👆 Please confirm that you have seen this.") if notice.wants_seen else t("👆 To the pictures above:")


def render_post(notice: Notice, parts: Sequence[Part], reader: Reader) -> list[Call]:
    """The copy for a group or channel: no buttons for one person, and a question is Telegram's own poll."""
    return [_post(notice, parts, number, reader) for number in range(len(parts))]


def _post(notice: Notice, parts: Sequence[Part], number: int, reader: Reader) -> Call:
    options, text = json.loads(parts[number].options), text_at(notice, parts, number, reader)
    if options:
        return calls.send_poll(reader.chat_id, plain(text), options, Lane.NOTICE)
    return _call(parts[number], Message(text), reader, Lane.NOTICE)


def render_post_correction(
    notice: Notice, parts: Sequence[Part], numbers: Sequence[Sequence[int]], reader: Reader
) -> list[Call]:
    """The same in a group or channel. A poll cannot be edited: it is stopped, and the corrected one follows."""
    made = []
    for position, (part, ids) in enumerate(zip(parts, numbers, strict=False)):
        if not ids:
            continue
        if part.kind == Kind.QUESTION:
            made.append(calls.stop_poll(reader.chat_id, ids[-1], Lane.NOTICE))
            made.append(_post(notice, parts, position, reader))
        elif text := text_at(notice, parts, position, reader):
            made.append(_edit(part, reader.chat_id, ids[0], Message(text)))
    return made


def render_post_withdrawal(
    parts: Sequence[Part], numbers: Sequence[Sequence[int]], reader: Reader, *, may_delete: bool
) -> list[Call]:
    """Take a copy in a group or channel back; of what can no longer be deleted, a poll is stopped."""
    if may_delete:
        return render_withdrawal(parts, numbers, reader, may_delete=True)
    polls = [(part, sent) for part, sent in zip(parts, numbers, strict=False) if part.kind == Kind.QUESTION and sent]
    others = [[] if part.kind == Kind.QUESTION else sent for part, sent in zip(parts, numbers, strict=False)]
    stopped = [calls.stop_poll(reader.chat_id, sent[-1], Lane.NOTICE) for _, sent in polls]
    return [*stopped, *render_withdrawal(parts, others, reader, may_delete=False)]
