import json

import pytest

from bot.sandbox.core import Sandbox
from tests.bot.sandbox.calling import SetClock, refusal, result
from tests.bot.sandbox.conftest import LIN


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("", "400 Bad Request: message text is empty"),
        (" \n ", "400 Bad Request: text must be non-empty"),
        ("<b></b>", "400 Bad Request: text must be non-empty"),
        ("x" * 4097, "400 Bad Request: message is too long"),
        ("林" * 11_000, "400 Bad Request: text is too long"),
        ("<b>x", "400 Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\""),
    ],
)
def test_a_text_out_of_bounds_is_refused(sandbox: Sandbox, text: str, description: str) -> None:
    assert refusal(sandbox, "sendMessage", chat_id=LIN, text=text, parse_mode="HTML") == description


def test_4096_characters_are_counted_after_parsing(sandbox: Sandbox) -> None:
    sent = result(sandbox, "sendMessage", chat_id=LIN, text=f"<b>{'😀' * 4096}</b>", parse_mode="HTML")

    assert len(sent["text"]) == 4096


@pytest.mark.parametrize(
    ("mode", "description"),
    [
        ("MarkdownV2", "400 Bad Request: can't parse entities: the sandbox reads HTML only, not Markdown"),
        ("LaTeX", "400 Bad Request: unsupported parse_mode"),
    ],
)
def test_other_markup_is_refused(sandbox: Sandbox, mode: str, description: str) -> None:
    assert refusal(sandbox, "sendMessage", chat_id=LIN, text="x", parse_mode=mode) == description


@pytest.mark.parametrize(
    ("chat_id", "description"),
    [
        ("", "400 Bad Request: chat_id is empty"),
        ("99", "400 Bad Request: chat not found"),
        ("@nobody", "400 Bad Request: chat not found"),
    ],
)
def test_an_unknown_chat_is_refused(sandbox: Sandbox, chat_id: str, description: str) -> None:
    assert refusal(sandbox, "sendMessage", chat_id=chat_id, text="x") == description


def test_someone_who_never_wrote_is_unknown(sandbox: Sandbox) -> None:
    sandbox.add_person("Wang", person_id=7)

    assert refusal(sandbox, "sendMessage", chat_id=7, text="x") == "400 Bad Request: chat not found"


def test_a_member_of_a_group_must_write_first(sandbox: Sandbox) -> None:
    sandbox.add_person("Wang", person_id=7)
    sandbox.add_group("Group 3", [LIN, 7])

    assert refusal(sandbox, "sendMessage", chat_id=7, text="x") == (
        "403 Forbidden: bot can't initiate conversation with a user"
    )


def test_a_person_who_blocked_the_bot_cannot_be_written_to(sandbox: Sandbox) -> None:
    sandbox.block(LIN)

    assert refusal(sandbox, "sendMessage", chat_id=LIN, text="x") == "403 Forbidden: bot was blocked by the user"


def test_a_deleted_account_cannot_be_written_to(sandbox: Sandbox) -> None:
    sandbox.deactivate(LIN)

    assert refusal(sandbox, "sendMessage", chat_id=LIN, text="x") == "403 Forbidden: user is deactivated"


def test_a_group_that_removed_the_bot_cannot_be_written_to(sandbox: Sandbox) -> None:
    group = sandbox.add_group("Group 3", [LIN])
    sandbox.kick_bot(group, LIN)

    assert refusal(sandbox, "sendMessage", chat_id=group, text="x") == (
        "403 Forbidden: bot was kicked from the group chat"
    )


def test_an_upgraded_group_names_its_new_id(sandbox: Sandbox) -> None:
    group = sandbox.add_group("Group 3", [LIN])
    new_id = sandbox.upgrade_group(group)

    assert refusal(sandbox, "sendMessage", chat_id=group, text="x") == (
        "400 Bad Request: group chat was upgraded to a supergroup chat"
    )
    assert result(sandbox, "sendMessage", chat_id=new_id, text="x")["chat"]["type"] == "supergroup"


def test_a_reply_needs_its_message(sandbox: Sandbox) -> None:
    missing = json.dumps({"message_id": 999})

    assert refusal(sandbox, "sendMessage", chat_id=LIN, text="x", reply_parameters=missing) == (
        "400 Bad Request: message to be replied not found"
    )


def test_a_reply_may_go_without_its_message_when_allowed(sandbox: Sandbox) -> None:
    missing = json.dumps({"message_id": 999, "allow_sending_without_reply": True})

    assert "reply_to_message" not in result(sandbox, "sendMessage", chat_id=LIN, text="x", reply_parameters=missing)


def test_a_reply_carries_the_message_it_answers(sandbox: Sandbox) -> None:
    asked = sandbox.say(LIN, "where?")

    sent = result(sandbox, "sendMessage", chat_id=LIN, text="hall", reply_to_message_id=asked["message_id"])

    assert sent["reply_to_message"]["text"] == "where?"


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"longitude": 1}, "400 Bad Request: latitude is empty"),
        ({"latitude": 91, "longitude": 1}, "400 Bad Request: wrong latitude or longitude specified"),
        ({"latitude": 1, "longitude": 1, "live_period": 59}, "400 Bad Request: wrong live period specified"),
    ],
)
def test_a_wrong_location_is_refused(sandbox: Sandbox, params: dict[str, int], description: str) -> None:
    assert refusal(sandbox, "sendLocation", chat_id=LIN, **params) == description


def test_an_unknown_chat_action_is_refused(sandbox: Sandbox) -> None:
    assert refusal(sandbox, "sendChatAction", chat_id=LIN, action="dancing") == (
        "400 Bad Request: wrong parameter action in request"
    )


def test_a_message_older_than_48_hours_cannot_be_deleted(sandbox: Sandbox, clock: SetClock) -> None:
    sent = result(sandbox, "sendMessage", chat_id=LIN, text="x")
    clock.advance(48 * 3600)

    assert refusal(sandbox, "deleteMessage", chat_id=LIN, message_id=sent["message_id"]) == (
        "400 Bad Request: message can't be deleted"
    )


def test_deleting_twice_is_refused(sandbox: Sandbox) -> None:
    said = sandbox.say(LIN, "x")
    result(sandbox, "deleteMessage", chat_id=LIN, message_id=said["message_id"])

    assert refusal(sandbox, "deleteMessage", chat_id=LIN, message_id=said["message_id"]) == (
        "400 Bad Request: message to delete not found"
    )


def test_others_messages_in_a_group_cannot_be_deleted(sandbox: Sandbox) -> None:
    group = sandbox.add_group("Group 3", [LIN])
    said = sandbox.say(LIN, "x", chat_id=group)

    assert refusal(sandbox, "deleteMessage", chat_id=group, message_id=said["message_id"]) == (
        "400 Bad Request: message can't be deleted"
    )
