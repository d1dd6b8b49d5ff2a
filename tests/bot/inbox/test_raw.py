import json
from typing import Any

import pytest

from bot.inbox.raw import is_update, write_body

BACKSLASH = "\\"


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ({"update_id": 0}, True),
        ({"update_id": -5}, True),
        ({"update_id": 2**63 - 1}, True),
        ({"update_id": 2**63}, False),
        ({"update_id": "5"}, False),
        ({"update_id": True}, False),
        ({"update_id": 5.0}, False),
        ({}, False),
        ([1], False),
        (None, False),
        ("update_id", False),
    ],
)
def test_an_update_is_an_object_with_an_id_of_64_bits(value: Any, known: bool) -> None:
    assert is_update(value) is known


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("plain", "plain"),
        ("张三", "张三"),
        ("😀", "😀"),
        ('"quoted"', '"quoted"'),
        ("a\x00b", "ab"),
        ("\x00\x00", ""),
        (f"{BACKSLASH}\x00", BACKSLASH),
        (f"{BACKSLASH}u0000", f"{BACKSLASH}u0000"),
        (f"{BACKSLASH * 2}u0000", f"{BACKSLASH * 2}u0000"),
        ("half a pair: \ud83d", "half a pair: ?"),
    ],
)
def test_what_is_stored_is_json_with_the_text_that_was_sent(text: str, stored: str) -> None:
    body = write_body({"update_id": 1, "message": {"text": text}})

    assert json.loads(body)["message"]["text"] == stored
    assert body.encode().decode() == body
