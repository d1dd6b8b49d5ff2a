import json
from typing import Any

import pytest

from bot.sandbox.core import Sandbox
from bot.sandbox.methods.edits import NOT_MODIFIED
from bot.sandbox.params import Upload
from tests.bot.sandbox.calling import refusal, result
from tests.bot.sandbox.conftest import LIN

KEYBOARD = json.dumps({"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]})


def _sent(sandbox: Sandbox, **params: Any) -> int:
    return int(result(sandbox, "sendMessage", chat_id=LIN, text="<b>x</b>", parse_mode="HTML", **params)["message_id"])


def test_an_edit_that_changes_nothing_is_refused(sandbox: Sandbox) -> None:
    sent = _sent(sandbox, reply_markup=KEYBOARD)

    assert refusal(
        sandbox,
        "editMessageText",
        chat_id=LIN,
        message_id=sent,
        text="<b>x</b>",
        parse_mode="HTML",
        reply_markup=KEYBOARD,
    ) == (f"400 Bad Request: {NOT_MODIFIED}")


def test_other_formatting_is_a_change(sandbox: Sandbox) -> None:
    edited = result(sandbox, "editMessageText", chat_id=LIN, message_id=_sent(sandbox), text="x")

    assert "entities" not in edited


def test_an_edit_without_a_keyboard_removes_it(sandbox: Sandbox) -> None:
    sent = _sent(sandbox, reply_markup=KEYBOARD)

    edited = result(sandbox, "editMessageText", chat_id=LIN, message_id=sent, text="<b>x</b>", parse_mode="HTML")

    assert "reply_markup" not in edited


@pytest.mark.parametrize(
    "markup",
    [{"keyboard": [["Here"]]}, {"remove_keyboard": True}, {"force_reply": True}],
)
def test_a_message_sent_with_a_reply_keyboard_cannot_be_edited(sandbox: Sandbox, markup: dict[str, Any]) -> None:
    sent = _sent(sandbox, reply_markup=json.dumps(markup))

    assert refusal(sandbox, "editMessageText", chat_id=LIN, message_id=sent, text="y") == (
        "400 Bad Request: message can't be edited"
    )


def test_a_persons_message_cannot_be_edited(sandbox: Sandbox) -> None:
    said = sandbox.say(LIN, "x")["message_id"]

    assert refusal(sandbox, "editMessageText", chat_id=LIN, message_id=said, text="y") == (
        "400 Bad Request: message can't be edited"
    )


def test_a_forwarded_message_cannot_be_edited(sandbox: Sandbox) -> None:
    forwarded = result(sandbox, "forwardMessage", chat_id=LIN, from_chat_id=LIN, message_id=_sent(sandbox))

    assert refusal(sandbox, "editMessageText", chat_id=LIN, message_id=forwarded["message_id"], text="y") == (
        "400 Bad Request: message can't be edited"
    )


@pytest.mark.parametrize(
    ("message_id", "description"),
    [
        ("", "400 Bad Request: message identifier is not specified"),
        ("999", "400 Bad Request: message to edit not found"),
    ],
)
def test_a_missing_message_cannot_be_edited(sandbox: Sandbox, message_id: str, description: str) -> None:
    assert refusal(sandbox, "editMessageText", chat_id=LIN, message_id=message_id, text="y") == description


def test_a_text_too_long_for_an_edit_has_its_own_words(sandbox: Sandbox) -> None:
    assert refusal(sandbox, "editMessageText", chat_id=LIN, message_id=_sent(sandbox), text="x" * 4097) == (
        "400 Bad Request: MESSAGE_TOO_LONG"
    )


def test_a_text_has_no_caption_and_a_document_no_text(sandbox: Sandbox) -> None:
    file = {"document": Upload("a.txt", b"a")}
    document = result(sandbox, "sendDocument", file, chat_id=LIN)["message_id"]

    assert refusal(sandbox, "editMessageCaption", chat_id=LIN, message_id=_sent(sandbox), caption="y") == (
        "400 Bad Request: there is no caption in the message to edit"
    )
    assert refusal(sandbox, "editMessageText", chat_id=LIN, message_id=document, text="y") == (
        "400 Bad Request: there is no text in the message to edit"
    )
