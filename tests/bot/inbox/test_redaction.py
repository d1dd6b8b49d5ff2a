import json
from typing import Any

import pytest

from bot.inbox.redaction import BLANK, blank

PLACE = {"latitude": 31.2304, "longitude": 121.4737}


def after(kind: str, message: Any) -> Any:
    return json.loads(blank(json.dumps({"update_id": 1, kind: message})) or "null")[kind]


@pytest.mark.parametrize("kind", ["message", "edited_message"])
@pytest.mark.parametrize(
    "hidden",
    [
        {"location": PLACE},
        {"venue": {"location": PLACE, "title": "Hall"}},
        {"contact": {"phone_number": "13800000001"}},
    ],
)
def test_coordinates_and_contacts_do_not_stay(kind: str, hidden: dict[str, Any]) -> None:
    assert after(kind, {"message_id": 7, **hidden}) == {"message_id": 7}


def test_coordinates_in_a_quoted_message_do_not_stay() -> None:
    message = {"text": "I am here!", "reply_to_message": {"message_id": 6, "location": PLACE}}

    assert after("message", message) == {"text": "I am here!", "reply_to_message": {"message_id": 6}}


@pytest.mark.parametrize(
    "text",
    [
        "ABCDE23456",
        "abcde-23456",
        "ABCDE 23456",
        " K7M2QX ",
        "ＡＢＣＤＥ２３４５６",
        "/start c_ABCDE23456",
        "/start@camp_bot x",
    ],
)
def test_codes_do_not_stay(text: str) -> None:
    assert after("message", {"text": text, "entities": [{"type": "bot_command"}]}) == {"text": BLANK}


@pytest.mark.parametrize("text", ["/start", "Where is the hall, please?", "谢谢老师", "ok", "/cancel"])
def test_other_words_stay_as_they_are(text: str) -> None:
    raw = json.dumps({"update_id": 1, "message": {"text": text}})

    assert blank(raw) is raw


@pytest.mark.parametrize("raw", [None, ""])
def test_nothing_stays_nothing(raw: str | None) -> None:
    assert blank(raw) is raw


@pytest.mark.parametrize("raw", ["{", "[" * 100_000, '"\\"'])
def test_what_is_no_json_does_not_stay_and_raises_nothing(raw: str) -> None:
    assert blank(raw) is None


@pytest.mark.parametrize("raw", ["[]", "7", "null", '{"message": 5}', '{"message": {"text": 5}}'])
def test_json_of_any_shape_raises_nothing(raw: str) -> None:
    assert blank(raw) is raw


def test_edited_words_do_not_stay_since_they_may_have_been_said_without_a_name() -> None:
    said = {"message_id": 7, "text": "这是我刚才提的问题，改了一个字", "caption": "图片说明"}

    assert json.loads(blank(json.dumps({"edited_message": said})) or "")["edited_message"] == {
        "message_id": 7,
        "text": "[removed]",
        "caption": "[removed]",
    }
    assert json.loads(blank(json.dumps({"message": said})) or "") == {"message": said}
