import json
from typing import Any

import pytest

from bot.sandbox.errors import ApiError
from bot.sandbox.keyboards import read_markup
from bot.sandbox.params import Params


def _refusal(markup: Any, *, private: bool = True) -> str:
    with pytest.raises(ApiError) as caught:
        read_markup(
            Params({"reply_markup": markup if isinstance(markup, str) else json.dumps(markup)}), private=private
        )
    return caught.value.description.removeprefix("Bad Request: ")


def _inline(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[button]]}


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        ("{", "can't parse reply keyboard markup JSON object"),
        ("[1]", "object expected as reply markup"),
        (_inline(callback_data="x"), "can't parse inline keyboard button: Can't find field \"text\""),
        (_inline(text="x"), "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        (_inline(text=" ", callback_data="x"), "inline keyboard button text must be non-empty"),
        (_inline(text="x", callback_data="林" * 22), "BUTTON_DATA_INVALID"),
        (_inline(text="x", callback_data=""), "BUTTON_DATA_INVALID"),
        (_inline(text="x", copy_text={"text": "y" * 257}), "BUTTON_COPY_TEXT_INVALID"),
        (
            _inline(text="x", url="http://localhost:8080/projector"),
            "inline keyboard button URL 'http://localhost:8080/projector' is invalid: Wrong HTTP URL",
        ),
        (
            _inline(text="x", url="ftp://example.org"),
            "inline keyboard button URL 'ftp://example.org' is invalid: Unsupported URL protocol",
        ),
        (
            _inline(text="x", web_app={"url": "http://example.org"}),
            "inline keyboard button Web App URL 'http://example.org' is invalid: Only HTTPS links are allowed",
        ),
        ({"keyboard": [[{"text": ""}]]}, "keyboard button text must be non-empty"),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "x"}]] * 101}, "reply markup is too long"),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 9]}, "reply markup is too long"),
    ],
)
def test_a_wrong_keyboard_is_refused(markup: Any, description: str) -> None:
    assert _refusal(markup) == description


@pytest.mark.parametrize(
    ("field", "description"),
    [
        ("request_location", "location can be requested in private chats only"),
        ("request_contact", "phone number can be requested in private chats only"),
    ],
)
def test_private_things_are_asked_in_private_chats(field: str, description: str) -> None:
    assert _refusal({"keyboard": [[{"text": "x", field: True}]]}, private=False) == description


def test_64_bytes_of_callback_data_pass() -> None:
    markup = read_markup(Params({"reply_markup": _inline(text="x", callback_data="x" * 64)}), private=True)

    assert markup is not None
    assert markup.wire == _inline(text="x", callback_data="x" * 64)


def test_the_first_of_several_actions_wins() -> None:
    given = _inline(text="x", callback_data="y", url="https://example.org/a")

    markup = read_markup(Params({"reply_markup": given}), private=True)

    assert markup is not None
    assert markup.wire == _inline(text="x", url="https://example.org/a")


def test_an_empty_inline_keyboard_is_none() -> None:
    assert read_markup(Params({"reply_markup": {"inline_keyboard": []}}), private=True) is None
