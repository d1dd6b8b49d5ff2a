"""Bodies of inbox rows become what handlers take."""

import warnings
from typing import Any

import pytest
from telegram import Bot, InaccessibleMessage, Update

from bot.context import Blocked, Fetched
from bot.inbox.events import read_event
from bot.inbox.models import Kind

BOT = Bot("1:x")
CHAT = {"id": 5, "type": "private", "first_name": "Lan"}
USER = {"id": 5, "is_bot": False, "first_name": "Lan", "language_code": "zh-hans"}
SCREEN = {
    "message_id": 9,
    "chat": CHAT,
    "date": 1_800_000_000,
    "from": {"id": 1, "is_bot": True, "first_name": "B"},
    "text": "/start old words",
    "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
}


def press(**changes: Any) -> dict[str, Any]:
    query = {"id": "77", "from": USER, "message": SCREEN, "chat_instance": "3", "data": "a:b:1"}
    return {"update_id": 1, "callback_query": query | changes}


def read(body: dict[str, Any]) -> Update:
    event = read_event(Kind.UPDATE, body, BOT)
    assert isinstance(event, Update)
    return event


def test_a_press_tells_who_pressed_what_and_where() -> None:
    query = read(press()).callback_query

    assert query is not None
    assert query.message is not None
    assert (query.id, query.data, query.from_user.id, query.from_user.language_code) == ("77", "a:b:1", 5, "zh-hans")
    assert (query.message.chat.id, query.message.message_id) == (5, 9)


def test_a_press_does_not_tell_what_stood_on_the_screen() -> None:
    update = read(press())

    assert update.callback_query is not None
    assert isinstance(update.callback_query.message, InaccessibleMessage)


def test_a_press_is_no_message_and_nobody_is_warned_of_that() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        assert read(press()).effective_message is None


def test_a_press_belongs_to_the_chat_and_the_person() -> None:
    update = read(press())

    assert update.effective_chat is not None
    assert update.effective_user is not None
    assert (update.effective_chat.id, update.effective_user.id) == (5, 5)


def test_a_press_without_a_message_is_read_as_the_library_reads_it() -> None:
    body = {
        "update_id": 1,
        "callback_query": {"id": "77", "from": USER, "inline_message_id": "z", "chat_instance": "3", "data": "a"},
    }

    query = read(body).callback_query

    assert query is not None
    assert (query.inline_message_id, query.message) == ("z", None)


def test_a_message_is_read_whole() -> None:
    message = read({"update_id": 1, "message": SCREEN}).message

    assert message is not None
    assert message.text == "/start old words"


def test_the_couriers_answers_are_no_updates() -> None:
    fetched = {"purpose": "import", "subject": 1, "chat_id": 5, "result": {}}

    assert read_event(Kind.FETCHED, fetched, BOT) == Fetched("import", 1, 5, {})
    assert read_event(Kind.BLOCKED, {"chat_id": 5}, BOT) == Blocked(5)


@pytest.mark.parametrize("changes", [{"message": {"chat": CHAT}}, {"message": 3}, {"from": "nobody"}])
def test_a_press_of_the_wrong_shape_fails_and_is_not_guessed_at(changes: dict[str, Any]) -> None:
    with pytest.raises((TypeError, KeyError, AttributeError, ValueError)):
        read_event(Kind.UPDATE, press(**changes), BOT)
