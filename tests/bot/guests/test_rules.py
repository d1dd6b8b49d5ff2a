import pytest

from bot.guests.rules import Unfit, read_name, read_number, read_unit


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" 李 明 ", "李明"), ("Anna  Li", "Anna Li"), ("阿依·古丽", "阿依·古丽"), ("123", Unfit.NAME), ("", Unfit.NAME)],
)
def test_a_name_is_kept_as_rosters_keep_it(typed: str, kept: str) -> None:
    assert read_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  花园 街道 ", "花园街道"), ("u" * 100, "u" * 100), ("u" * 101, Unfit.UNIT), (" ", Unfit.UNIT)],
)
def test_a_unit_is_one_line_of_at_most_a_hundred_characters(typed: str, kept: str) -> None:
    assert read_unit(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0000 1111", "13800001111"),
        ("+86-13800001111", "13800001111"),
        ("+44 20 7946 0000", "+442079460000"),
        ("call me", Unfit.PHONE),
        ("", Unfit.PHONE),
    ],
)
def test_a_phone_number_is_kept_as_rosters_keep_it(typed: str, kept: str) -> None:
    assert read_number(typed) == kept
