"""Every supported method answers what python-telegram-bot 22.8 can read, on both faces."""

import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    MenuButtonCommands,
)
from telegram.constants import ChatAction

from bot.sandbox.core import Sandbox
from bot.sandbox.methods import METHODS
from tests.bot.sandbox.conftest import LIN, http_bot, in_process_bot

pytestmark = pytest.mark.anyio

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])


def picture(width: int = 8, height: int = 8) -> bytes:
    """A small PNG."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\0" * width for _ in range(height)))
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


@pytest.fixture(params=["in process", "http"])
async def contract_bot(request: pytest.FixtureRequest, sandbox: Sandbox) -> AsyncIterator[Bot]:
    face = in_process_bot if request.param == "in process" else http_bot
    async with face(sandbox) as made:
        yield made


async def _text(bot: Bot) -> int:
    return (await bot.send_message(LIN, "hello", reply_markup=KEYBOARD)).message_id


async def _document(bot: Bot) -> Any:
    return await bot.send_document(LIN, b"a,b\n", filename="roster.csv", caption="the <b>roster</b>", parse_mode="HTML")


async def _poll(bot: Bot, **extra: Any) -> Any:
    return await bot.send_poll(LIN, "Which day?", ["Monday", "Tuesday"], is_anonymous=False, **extra)


async def send_message(bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.send_message(LIN, "<b>林</b> 😀 <i>day</i>", parse_mode="HTML", reply_markup=KEYBOARD)

    assert (sent.text_html, sent.reply_markup) == ("<b>林</b> 😀 <i>day</i>", KEYBOARD)


async def answer_callback_query(bot: Bot, sandbox: Sandbox) -> None:
    query = sandbox.press(LIN, await _text(bot), "go")

    assert await bot.answer_callback_query(query, "done") is True


async def edit_message_text(bot: Bot, sandbox: Sandbox) -> None:
    edited: Any = await bot.edit_message_text("changed", LIN, await _text(bot))

    assert (edited.text, edited.reply_markup) == ("changed", None)


async def edit_message_caption(bot: Bot, sandbox: Sandbox) -> None:
    edited: Any = await bot.edit_message_caption(LIN, (await _document(bot)).message_id, caption="new")

    assert edited.caption == "new"


async def edit_message_reply_markup(bot: Bot, sandbox: Sandbox) -> None:
    edited: Any = await bot.edit_message_reply_markup(LIN, await _text(bot))

    assert edited.reply_markup is None


async def edit_message_media(bot: Bot, sandbox: Sandbox) -> None:
    media = InputMediaDocument(b"new", filename="new.txt")

    edited: Any = await bot.edit_message_media(media, LIN, (await _document(bot)).message_id)

    assert edited.document.file_name == "new.txt"


async def send_document(bot: Bot, sandbox: Sandbox) -> None:
    sent = await _document(bot)

    assert (sent.document.file_name, sent.caption_html) == ("roster.csv", "the <b>roster</b>")


async def send_photo(bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.send_photo(LIN, picture(40, 30))

    assert (sent.photo[-1].width, sent.photo[-1].height) == (40, 30)


async def send_video(bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.send_video(LIN, b"moving", filename="walk.mp4", caption="A walk")

    assert sent.video is not None
    assert sent.caption == "A walk"


async def send_animation(bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.send_animation(LIN, b"moving", filename="wave.mp4")

    assert sent.animation is not None


async def send_audio(bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.send_audio(LIN, b"song", filename="song.mp3")

    assert sent.audio is not None


async def send_voice(bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.send_voice(LIN, b"words", filename="words.ogg")

    assert sent.voice is not None


async def send_video_note(bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.send_video_note(LIN, b"round", filename="round.mp4")

    assert sent.video_note is not None


async def send_sticker(bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.send_sticker(LIN, b"sticker")

    assert sent.sticker is not None


async def send_media_group(bot: Bot, sandbox: Sandbox) -> None:
    media = [InputMediaDocument(b"one", filename="1.txt"), InputMediaDocument(b"two", filename="2.txt")]

    sent = await bot.send_media_group(LIN, media)

    assert [item.document and item.document.file_name for item in sent] == ["1.txt", "2.txt"]
    assert len({item.media_group_id for item in sent}) == 1


async def get_file(bot: Bot, sandbox: Sandbox) -> None:
    file = await bot.get_file((await _document(bot)).document.file_id)

    assert bytes(await file.download_as_bytearray()) == b"a,b\n"


async def send_location(bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.send_location(LIN, 31.2, 121.5)

    assert sent.location is not None
    assert sent.location.latitude == 31.2


async def send_venue(bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.send_venue(LIN, 31.2, 121.5, "Hall", "1 Road")

    assert sent.venue is not None
    assert sent.venue.title == "Hall"


async def send_contact(bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.send_contact(LIN, "+8613800000000", "Office")

    assert sent.contact is not None
    assert sent.contact.first_name == "Office"


async def send_poll(bot: Bot, sandbox: Sandbox) -> None:
    sent = await _poll(
        bot, type="quiz", correct_option_ids=[1], explanation="<b>why</b>", explanation_parse_mode="HTML"
    )

    assert (sent.poll.correct_option_ids, sent.poll.explanation) == ((1,), "why")


async def stop_poll(bot: Bot, sandbox: Sandbox) -> None:
    sent = await _poll(bot)
    sandbox.vote(LIN, sent.poll.id, [1])

    stopped = await bot.stop_poll(LIN, sent.message_id)

    assert (stopped.is_closed, [option.voter_count for option in stopped.options]) == (True, [0, 1])


async def send_chat_action(bot: Bot, sandbox: Sandbox) -> None:
    assert await bot.send_chat_action(LIN, ChatAction.UPLOAD_DOCUMENT) is True


async def delete_message(bot: Bot, sandbox: Sandbox) -> None:
    assert await bot.delete_message(LIN, await _text(bot)) is True


async def delete_messages(bot: Bot, sandbox: Sandbox) -> None:
    assert await bot.delete_messages(LIN, [await _text(bot), 999]) is True


async def forward_message(bot: Bot, sandbox: Sandbox) -> None:
    sent = await bot.forward_message(LIN, LIN, await _text(bot))

    assert sent.forward_origin is not None


async def copy_message(bot: Bot, sandbox: Sandbox) -> None:
    first = await _text(bot)

    copied = await bot.copy_message(LIN, LIN, first)

    assert sandbox.messages(LIN)[-1]["message_id"] == copied.message_id != first


async def get_me(bot: Bot, sandbox: Sandbox) -> None:
    assert (await bot.get_me()).username == "cohort_sandbox_bot"


async def get_chat(bot: Bot, sandbox: Sandbox) -> None:
    assert (await bot.get_chat(LIN)).username == "lin_mei"


async def get_chat_member(bot: Bot, sandbox: Sandbox) -> None:
    group = sandbox.add_group("Group 3", [LIN])

    assert (await bot.get_chat_member(group, LIN)).status == "creator"


async def get_chat_member_count(bot: Bot, sandbox: Sandbox) -> None:
    assert await bot.get_chat_member_count(sandbox.add_group("Group 3", [LIN])) == 2


async def get_chat_administrators(bot: Bot, sandbox: Sandbox) -> None:
    administrators = await bot.get_chat_administrators(sandbox.add_group("Group 3", [LIN]))

    assert [member.user.id for member in administrators] == [LIN]


async def leave_chat(bot: Bot, sandbox: Sandbox) -> None:
    assert await bot.leave_chat(sandbox.add_group("Group 3", [LIN])) is True


async def pin_chat_message(bot: Bot, sandbox: Sandbox) -> None:
    message_id = await _text(bot)

    await bot.pin_chat_message(LIN, message_id)

    pinned = (await bot.get_chat(LIN)).pinned_message
    assert pinned is not None
    assert pinned.message_id == message_id


async def unpin_chat_message(bot: Bot, sandbox: Sandbox) -> None:
    await bot.pin_chat_message(LIN, await _text(bot))

    assert await bot.unpin_chat_message(LIN) is True


async def unpin_all_chat_messages(bot: Bot, sandbox: Sandbox) -> None:
    assert await bot.unpin_all_chat_messages(LIN) is True


async def set_my_commands(bot: Bot, sandbox: Sandbox) -> None:
    commands = [BotCommand("today", "What is on today")]

    assert await bot.set_my_commands(commands, BotCommandScopeChat(LIN), "zh") is True


async def get_my_commands(bot: Bot, sandbox: Sandbox) -> None:
    commands = (BotCommand("today", "What is on today"),)
    await bot.set_my_commands(commands, language_code="zh")

    assert (await bot.get_my_commands(language_code="zh"), await bot.get_my_commands()) == (commands, ())


async def delete_my_commands(bot: Bot, sandbox: Sandbox) -> None:
    assert await bot.delete_my_commands() is True


async def set_my_name(bot: Bot, sandbox: Sandbox) -> None:
    assert await bot.set_my_name("Camp") is True


async def get_my_name(bot: Bot, sandbox: Sandbox) -> None:
    await bot.set_my_name("营", "zh")

    assert ((await bot.get_my_name("zh")).name, (await bot.get_my_name()).name) == ("营", "Cohort Bot")


async def set_my_description(bot: Bot, sandbox: Sandbox) -> None:
    assert await bot.set_my_description("Runs camps") is True


async def get_my_description(bot: Bot, sandbox: Sandbox) -> None:
    await bot.set_my_description("Runs camps")

    assert (await bot.get_my_description()).description == "Runs camps"


async def set_my_short_description(bot: Bot, sandbox: Sandbox) -> None:
    assert await bot.set_my_short_description("Camps") is True


async def get_my_short_description(bot: Bot, sandbox: Sandbox) -> None:
    await bot.set_my_short_description("Camps")

    assert (await bot.get_my_short_description()).short_description == "Camps"


async def set_chat_menu_button(bot: Bot, sandbox: Sandbox) -> None:
    assert await bot.set_chat_menu_button(LIN, MenuButtonCommands()) is True


async def get_chat_menu_button(bot: Bot, sandbox: Sandbox) -> None:
    assert (await bot.get_chat_menu_button()).type == "commands"


async def set_webhook(bot: Bot, sandbox: Sandbox) -> None:
    assert await bot.set_webhook("https://camp.example.org/hook") is True


async def delete_webhook(bot: Bot, sandbox: Sandbox) -> None:
    assert await bot.delete_webhook() is True


async def get_webhook_info(bot: Bot, sandbox: Sandbox) -> None:
    sandbox.say(LIN, "hello")

    assert (await bot.get_webhook_info()).pending_update_count == 1


async def get_updates(bot: Bot, sandbox: Sandbox) -> None:
    group = sandbox.add_group("Group 3", [LIN])
    message = await _text(bot)
    poll = await _poll(bot)
    sandbox.start(LIN, "ABC")
    sandbox.say(LIN, "/who", chat_id=group)
    sandbox.press(LIN, message, "go")
    sandbox.vote(LIN, poll.poll.id, [0])
    sandbox.block(LIN)

    updates = await bot.get_updates(allowed_updates=[])

    assert [update.to_dict().keys() - {"update_id"} for update in updates] == [
        {"my_chat_member"},
        {"message"},
        {"message"},
        {"callback_query"},
        {"poll"},
        {"poll_answer"},
        {"my_chat_member"},
    ]


Check = Callable[[Bot, Sandbox], Awaitable[None]]
CHECKS: dict[str, Check] = {
    check.__name__.replace("_", ""): check
    for check in (
        *(send_message, answer_callback_query, edit_message_text, edit_message_caption, edit_message_reply_markup),
        *(edit_message_media, send_document, send_photo, send_media_group, get_file, send_location, send_venue),
        *(send_video, send_animation, send_audio, send_voice, send_video_note, send_sticker),
        *(send_contact, send_poll, stop_poll, send_chat_action, delete_message, delete_messages, forward_message),
        *(copy_message, get_me, get_chat, get_chat_member, get_chat_member_count, get_chat_administrators, leave_chat),
        *(pin_chat_message, unpin_chat_message, unpin_all_chat_messages, set_my_commands, get_my_commands),
        *(delete_my_commands, set_my_name, get_my_name, set_my_description, get_my_description),
        *(set_my_short_description, get_my_short_description, set_chat_menu_button, get_chat_menu_button),
        *(set_webhook, delete_webhook, get_webhook_info, get_updates),
    )
}


@pytest.mark.parametrize("method", sorted(CHECKS))
async def test_the_library_reads_the_answer_of(method: str, contract_bot: Bot, sandbox: Sandbox) -> None:
    await CHECKS[method](contract_bot, sandbox)


def test_every_supported_method_is_checked() -> None:
    assert set(CHECKS) == {*METHODS, "getupdates"}
