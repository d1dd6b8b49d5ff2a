import re

import pytest

from bot.figures import NUMBER, read_figures


@pytest.mark.parametrize(
    ("signs", "number"),
    [
        ("八", 8),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("二十三", 23),
        ("两", 2),
        ("零五", 5),
        ("〇", 0),
        ("九十九", 99),
    ],
)
def test_a_number_in_chinese_figures_is_read(signs: str, number: int) -> None:
    assert read_figures(signs) == number


@pytest.mark.parametrize(("text", "is_number"), [("十五", True), ("三", True), ("三四", False), ("百", False)])
def test_only_what_is_one_number_is_taken_for_one(text: str, is_number: bool) -> None:
    assert bool(re.fullmatch(NUMBER, text)) == is_number
