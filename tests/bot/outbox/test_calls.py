"""Keyboards in calls: written by hand for speed, and so compared with what the library writes."""

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LoginUrl, SwitchInlineQueryChosenChat, WebAppInfo

from bot.outbox.calls import Message, body_of

BUTTONS = [
    InlineKeyboardButton("签到 <b>", callback_data="checkin:now:1"),
    InlineKeyboardButton("a link", url="https://example.org/?a=1&b=2"),
    InlineKeyboardButton("an app", web_app=WebAppInfo("https://example.org")),
    InlineKeyboardButton("log in", login_url=LoginUrl("https://example.org", request_write_access=True)),
    InlineKeyboardButton("pay", pay=True),
    InlineKeyboardButton("share", switch_inline_query=""),
    InlineKeyboardButton("choose", switch_inline_query_chosen_chat=SwitchInlineQueryChosenChat(allow_user_chats=True)),
]


@pytest.mark.parametrize("button", BUTTONS)
def test_a_keyboard_is_written_as_the_library_would(button: InlineKeyboardButton) -> None:
    keyboard = InlineKeyboardMarkup([[button, BUTTONS[0]], [button]])

    assert body_of(Message("words", keyboard))["reply_markup"] == keyboard.to_dict()
