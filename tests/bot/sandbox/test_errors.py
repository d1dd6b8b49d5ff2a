import pytest

from bot.sandbox.errors import bad_request, too_many_requests


@pytest.mark.parametrize(
    ("reason", "description"),
    [
        ("Chat not found", "Bad Request: chat not found"),
        ("BUTTON_DATA_INVALID", "Bad Request: BUTTON_DATA_INVALID"),
        ("can't parse", "Bad Request: can't parse"),
        ("", "Bad Request: "),
    ],
)
def test_the_first_letter_is_small_unless_it_is_a_constant(reason: str, description: str) -> None:
    assert bad_request(reason).description == description


def test_a_body_names_code_description_and_parameters() -> None:
    assert too_many_requests(9).body() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 9",
        "parameters": {"retry_after": 9},
    }


def test_a_body_without_parameters_has_none() -> None:
    assert "parameters" not in bad_request("x").body()
