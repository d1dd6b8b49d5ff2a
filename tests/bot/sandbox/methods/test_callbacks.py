import json

import pytest

from bot.sandbox.core import Sandbox
from tests.bot.sandbox.calling import SetClock, refusal, result
from tests.bot.sandbox.conftest import LIN

TOO_LATE = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def query(sandbox: Sandbox) -> str:
    keyboard = json.dumps({"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]})
    sent = result(sandbox, "sendMessage", chat_id=LIN, text="x", reply_markup=keyboard)
    return sandbox.press(LIN, sent["message_id"], "go")


def test_a_press_is_answered_once(sandbox: Sandbox, query: str) -> None:
    result(sandbox, "answerCallbackQuery", callback_query_id=query)

    assert refusal(sandbox, "answerCallbackQuery", callback_query_id=query) == TOO_LATE


def test_an_unknown_press_cannot_be_answered(sandbox: Sandbox) -> None:
    assert refusal(sandbox, "answerCallbackQuery", callback_query_id="12") == TOO_LATE


def test_a_press_can_be_answered_for_150_seconds(sandbox: Sandbox, clock: SetClock, query: str) -> None:
    clock.advance(151)

    assert refusal(sandbox, "answerCallbackQuery", callback_query_id=query) == TOO_LATE


def test_an_answer_has_at_most_200_characters(sandbox: Sandbox, query: str) -> None:
    assert refusal(sandbox, "answerCallbackQuery", callback_query_id=query, text="x" * 201) == (
        "400 Bad Request: MESSAGE_TOO_LONG"
    )


def test_an_answer_opens_only_real_addresses(sandbox: Sandbox, query: str) -> None:
    assert refusal(sandbox, "answerCallbackQuery", callback_query_id=query, url="http://localhost/") == (
        "400 Bad Request: URL_INVALID"
    )
