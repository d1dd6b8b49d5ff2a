from datetime import date

import pytest
from telegram import InlineKeyboardMarkup

from bot import buttons
from bot.errors import Gone


def test_what_is_packed_is_unpacked() -> None:
    data = buttons.pack("people", "page", 7, -100123, "b")

    assert data == "people:page:7:-100123:b"
    assert buttons.unpack(data) == ["7", "-100123", "b"]


def test_the_longest_data_telegram_takes_are_64_bytes() -> None:
    assert len(buttons.pack("f", "a", "x" * 60)) == 64
    with pytest.raises(ValueError, match="longer than 64 bytes"):
        buttons.pack("f", "a", "张" * 21)


@pytest.mark.parametrize(
    ("data", "matches"),
    [
        ("people:page", True),
        ("people:page:7", True),
        ("people:pages:7", False),
        ("people:pag", False),
        ("xpeople:page:7", False),
        ("", False),
    ],
)
def test_a_pattern_matches_one_action_only(data: str, matches: bool) -> None:
    assert buttons.pattern("people", "page")(data) is matches


def test_numbers_are_read_as_numbers() -> None:
    assert buttons.numbers("people:page:7:-100123", 2) == [7, -100123]


@pytest.mark.parametrize(
    "data",
    [
        None,
        "",
        "people:page",
        "people:page:7",
        "people:page:7:8:9",
        "people:page:7:x",
        "people:page:7:",
        "people:page:7:1.5",
        "people:page:7:١",
        "people:page:7:8\n",
        "people:page:7:99999999999999999999",
        "people:page:7: 8",
    ],
)
def test_data_that_were_tampered_with_are_gone(data: str | None) -> None:
    with pytest.raises(Gone):
        buttons.numbers(data, 2)


@pytest.mark.parametrize("number", [-1, 0, 1, 3_652_059, 10**17])
def test_a_day_that_no_camp_ever_had_is_gone(number: int) -> None:
    with pytest.raises(Gone):
        buttons.day(number)


def test_a_day_is_read_from_its_number() -> None:
    assert buttons.day(date(2026, 12, 7).toordinal()) == date(2026, 12, 7)


def test_rows_without_buttons_are_left_out() -> None:
    one = buttons.button("One", "f:a:1")

    assert buttons.keyboard([], [one], []) == InlineKeyboardMarkup([[one]])
    assert buttons.keyboard([], []) is None


def test_a_link_opens_an_address() -> None:
    assert buttons.link("Map", "https://example.org").url == "https://example.org"
