"""Text is tidied without losing what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sheets.text import close_up, narrow, tidy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a \u3000 b\n", "a b"),
        ("\u202d13800000001\u202c", "13800000001"),
        ("张\u200b三\ufeff", "张三"),
        ("Mu\u0308ller", "Müller"),
    ],
)
def test_text_is_tidied(text: str, expected: str) -> None:
    assert tidy(text) == expected


def test_full_width_signs_become_ordinary() -> None:
    assert narrow("（Ａ１：２）") == "(A1:2)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("张 三 丰", "张三丰"), ("李 𬭎", "李𬭎"), ("Anna Müller", "Anna Müller"), ("张三 Tom", "张三 Tom")],
)
def test_only_spaces_between_chinese_characters_are_closed_up(text: str, expected: str) -> None:
    assert close_up(text) == expected


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    once = narrow(text)

    assert narrow(once) == once
