import json
import re

import pytest

from bot.sandbox.core import Sandbox
from bot.sandbox.person_side import CannotDo
from tests.bot.sandbox.calling import pending, result
from tests.bot.sandbox.conftest import LIN


def _kinds(sandbox: Sandbox) -> list[str]:
    return [next(iter(update.keys() - {"update_id"})) for update in pending(sandbox)]


def test_a_deep_link_sends_start_with_its_payload_and_unblocks(sandbox: Sandbox) -> None:
    sandbox.block(LIN)

    sandbox.start(LIN, "ABC-1")

    assert _kinds(sandbox) == ["my_chat_member", "my_chat_member", "message"]
    assert pending(sandbox)[-1]["message"]["text"] == "/start ABC-1"
    assert result(sandbox, "sendMessage", chat_id=LIN, text="welcome back")["text"] == "welcome back"


def test_a_button_that_is_not_there_cannot_be_pressed(sandbox: Sandbox) -> None:
    sent = result(sandbox, "sendMessage", chat_id=LIN, text="x")

    with pytest.raises(CannotDo, match="no such button"):
        sandbox.press(LIN, sent["message_id"], "go")


def test_a_press_carries_the_message_and_its_keyboard(sandbox: Sandbox) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    sent = result(sandbox, "sendMessage", chat_id=LIN, text="x", reply_markup=json.dumps(keyboard))

    query_id = sandbox.press(LIN, sent["message_id"], "go")

    query = pending(sandbox)[0]["callback_query"]
    assert (query["id"], query["data"], query["message"]) == (query_id, "go", sent)


def test_a_press_on_a_deleted_message_carries_an_inaccessible_one(sandbox: Sandbox) -> None:
    sandbox.press_unchecked(LIN, 77, "go")

    assert pending(sandbox)[0]["callback_query"]["message"]["date"] == 0


def test_an_own_message_can_be_edited(sandbox: Sandbox) -> None:
    said = sandbox.say(LIN, "one")

    sandbox.edit_message(LIN, said["message_id"], "/two")

    edited = pending(sandbox)[-1]["edited_message"]
    assert (edited["text"], edited["entities"][0]["type"]) == ("/two", "bot_command")


def test_the_bots_messages_cannot_be_edited_by_a_person(sandbox: Sandbox) -> None:
    sent = result(sandbox, "sendMessage", chat_id=LIN, text="x")

    with pytest.raises(CannotDo, match="not a message of this person"):
        sandbox.edit_message(LIN, sent["message_id"], "y")


@pytest.mark.parametrize(
    ("text", "is_seen"),
    [
        ("hello all", False),
        ("/who", True),
        ("/who@cohort_sandbox_bot", True),
        ("/who@other_bot", False),
        ("ask @cohort_sandbox_bot", True),
    ],
)
def test_a_groups_chatter_is_hidden_from_the_bot(sandbox: Sandbox, text: str, is_seen: bool) -> None:
    group = sandbox.add_group("Group 3", [LIN])

    sandbox.say(LIN, text, chat_id=group)

    assert ("message" in _kinds(sandbox)) == is_seen


def test_a_reply_to_the_bot_in_a_group_is_seen(sandbox: Sandbox) -> None:
    group = sandbox.add_group("Group 3", [LIN])
    sent = result(sandbox, "sendMessage", chat_id=group, text="how many?")

    sandbox.say(LIN, "all nine", chat_id=group, reply_to=sent["message_id"])

    assert pending(sandbox)[-1]["message"]["reply_to_message"]["text"] == "how many?"


def test_location_and_contact_arrive_with_their_owner(sandbox: Sandbox) -> None:
    sandbox.send_location(LIN, 31.2, 121.5, accuracy=20.0)
    sandbox.send_contact(LIN, "+8613800001111")

    place, contact = (update["message"] for update in pending(sandbox))
    assert place["location"] == {"latitude": 31.2, "longitude": 121.5, "horizontal_accuracy": 20.0}
    assert contact["contact"]["user_id"] == contact["from"]["id"] == LIN


def test_a_person_is_not_added_twice(sandbox: Sandbox) -> None:
    again = sandbox.add_person("Someone else", person_id=LIN)

    assert again["name"] == "Lin"


def test_a_new_person_gets_a_64_bit_id(sandbox: Sandbox) -> None:
    person = sandbox.add_person("Wang")

    assert re.fullmatch(r"5\d{9}", str(person["id"]))
