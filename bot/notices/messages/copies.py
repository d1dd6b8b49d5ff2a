"""One person's copy of a notice: its parts as calls, with the buttons under the last, and its corrections."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot import buttons
from bot.buttons import Rows
from bot.i18n import Translator
from bot.notices import rules
from bot.notices.messages.wording import act, paragraphs
from bot.notices.models import Kind, Notice, Part
from bot.notices.rules import Known
from bot.outbox import calls
from bot.outbox.calls import Call, Message
from bot.outbox.lanes import Lane
from bot.preferences.messages import pause_button
from bot.preferences.models import Topic

OPTION_LABEL = 60


@dataclass(frozen=True, slots=True)
class Reader:
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
        made.append(_call(part, Message(text_of(notice, part, reader, is_first=number == 0), carried), reader, lane))
    if parts and parts[-1].kind == Kind.ALBUM and keyboard is not None:
        made.append(calls.send_message(reader.chat_id, Message(_below_album(notice, reader.t), keyboard), lane))
    return made


def text_of(notice: Notice, part: Part, reader: Reader, *, is_first: bool) -> Markup:
    """What a part says to this person; the first says whether the notice is urgent or has been corrected."""
    filled = Markup(rules.fill(part.text, reader.known))  # noqa: S704 - Telegram's own marks, fields escaped
    if not is_first:
        return filled
    t = reader.t
    urgent = t("❗️ <b>Urgent</b>") if notice.is_urgent else None
    corrected = t("✏️ <i>Corrected: {why}</i>", why=notice.correction) if notice.correction else None
    return paragraphs(urgent, filled, corrected)


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
    notice: Notice,
    parts: Sequence[Part],
    numbers: Sequence[Sequence[int]],
    reader: Reader,
    *,
    has_buttons: bool = True,
) -> list[Call]:
    """The edits that bring a sent copy up to date: of every part with words, in place."""
    keyboard = buttons.keyboard(*rows_under(notice, parts, reader.t)) if has_buttons else None
    made = []
    for position, (part, ids) in enumerate(zip(parts, numbers, strict=False)):
        if not part.text or not ids:
            continue
        is_last = position == len(parts) - 1 and part.kind != Kind.ALBUM
        text = text_of(notice, part, reader, is_first=position == 0)
        message = Message(text, keyboard if is_last else None)
        edit = calls.edit_message if part.kind in (Kind.TEXT, Kind.QUESTION) else calls.edit_caption
        made.append(edit(reader.chat_id, ids[0], message, Lane.NOTICE))
    return made


def render_withdrawal(numbers: Sequence[Sequence[int]], reader: Reader, *, may_delete: bool) -> list[Call]:
    """Take a copy back; where Telegram no longer deletes it, its text says that it does not hold any more."""
    ids = [number for part in numbers for number in part]
    if may_delete:
        return [calls.delete_messages(reader.chat_id, ids, Lane.NOTICE)]
    return [calls.edit_message(reader.chat_id, ids[0], Message(reader.t("🚫 This notice was withdrawn.")), Lane.NOTICE)]


def _call(part: Part, message: Message, reader: Reader, lane: Lane) -> Call:
    media = json.loads(part.media)
    if part.kind == Kind.ALBUM:
        return calls.send_album(reader.chat_id, media, message, lane)
    if part.kind in (Kind.PHOTO, Kind.DOCUMENT):
        return calls.send_stored(reader.chat_id, part.kind, media[0]["media"], message, lane)
    if part.kind == Kind.COPY:
        return calls.copy_message(reader.chat_id, media[0]["chat_id"], media[0]["message_id"], message, lane)
    return calls.send_message(reader.chat_id, message, lane)


def _below_album(notice: Notice, t: Translator) -> Markup:
    return t("👆 Please confirm that you have seen this.") if notice.wants_seen else t("👆 To the pictures above:")


def render_post(notice: Notice, parts: Sequence[Part], reader: Reader) -> list[Call]:
    """The copy for a group or channel: no buttons for one person, and a question is Telegram's own poll."""
    made = []
    for number, part in enumerate(parts):
        options = json.loads(part.options)
        text = text_of(notice, part, reader, is_first=number == 0)
        if options:
            made.append(calls.send_poll(reader.chat_id, text.striptags(), options, Lane.NOTICE))
        else:
            made.append(_call(part, Message(text), reader, Lane.NOTICE))
    return made
