from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.forum.rules import (
    TooLong,
    facts,
    is_window,
    offered_closings,
    read_text,
    read_title,
    read_topics,
    usual_window,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 6, 4, 0, 30, tzinfo=UTC)
STARTS = datetime(2026, 12, 8, 6, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=2)
EVE = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)
"""Six in the evening in Shanghai on the day before."""


def test_sign_up_is_open_from_now_until_the_evening_before() -> None:
    assert usual_window(STARTS, ENDS, NOW, SHANGHAI, until_eve=True) == (NOW.replace(second=0), EVE)


def test_once_the_evening_before_is_over_it_is_open_until_the_beginning() -> None:
    late = EVE - timedelta(minutes=30)

    assert usual_window(STARTS, ENDS, late, SHANGHAI, until_eve=True) == (late.replace(second=0), STARTS)


def test_seats_of_an_open_lecture_can_be_taken_until_it_ends() -> None:
    assert usual_window(STARTS, ENDS, NOW, SHANGHAI, until_eve=False)[1] == ENDS


@pytest.mark.parametrize(
    ("opens", "closes", "fits"),
    [(NOW, EVE, True), (EVE, EVE, False), (NOW, ENDS, True), (NOW, ENDS + timedelta(minutes=1), False)],
)
def test_a_window_opens_before_it_closes_and_closes_before_the_end(
    opens: datetime, closes: datetime, fits: bool
) -> None:
    assert is_window(opens, closes, ENDS, NOW) is fits


def test_a_window_that_is_over_is_none() -> None:
    assert not is_window(NOW - timedelta(hours=2), NOW, ENDS, NOW)


def test_only_closings_to_come_are_offered() -> None:
    offered = offered_closings(STARTS, ENDS, STARTS - timedelta(hours=13))

    assert offered == [STARTS - timedelta(hours=12), STARTS - timedelta(hours=2), STARTS, ENDS]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  A   title \n on two lines ", "A title on two lines"),
        ("🎉", "🎉"),
        ("<b>Bold</b>", "<b>Bold</b>"),
        ("a\u202eb\x00c", "abc"),
        ("x" * 100, "x" * 100),
        ("x" * 101, TooLong(101, 100)),
        ("🎉" * 4096, TooLong(4096, 100)),
        ("", None),
        ("\u200b\u200d \ufe0f", None),
    ],
)
def test_a_title_is_one_line_that_can_be_seen(typed: str, kept: str | TooLong | None) -> None:
    assert read_title(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("one\n\n\n\ntwo  \n", "one\n\ntwo"), ("\n \n", None), ("x" * 1001, TooLong(1001, 1000))],
)
def test_a_longer_text_keeps_its_lines(typed: str, kept: str | TooLong | None) -> None:
    assert read_text(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "1. Who pays?\n2. Who helps?",
        "1、Who pays?\n2、Who helps?",
        "- Who pays?\n\n• Who helps?",
        "Who pays?\nWho helps?",
    ],
)
def test_each_line_is_a_question_without_its_number(typed: str) -> None:
    assert read_topics(typed) == ["Who pays?", "Who helps?"]


def test_a_question_that_begins_with_a_number_keeps_it() -> None:
    assert read_topics("2026 plans\n15 minutes city\n1.5 m wide") == ["2026 plans", "15 minutes city", "1.5 m wide"]


def test_time_and_place_are_told_apart_by_one_text() -> None:
    moved = facts(STARTS + timedelta(minutes=5), ENDS, "Hall 1")

    assert facts(STARTS, ENDS, "Hall 1") != moved
    assert facts(STARTS, ENDS, "Hall 1") != facts(STARTS, ENDS, "Hall 2")
    assert facts(STARTS, ENDS, "Hall 1") == facts(STARTS.astimezone(SHANGHAI), ENDS, "Hall 1")
