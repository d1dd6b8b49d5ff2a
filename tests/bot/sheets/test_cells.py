"""What libraries return becomes a plain cell."""

from datetime import date, time, timedelta

import pytest

from bot.sheets.cells import Raw, plain_cell
from bot.sheets.shapes import Cell, CellError


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (13800000001.0, "13800000001"),
        (15, "15"),
        (0.25, 0.25),
        (1e300, str(int(1e300))),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (True, "TRUE"),
        (False, "FALSE"),
        ("", None),
        ("  ", None),
        (" a ", "a"),
        ("#REF!", CellError("#REF!")),
        ("#1", "#1"),
        (date(2026, 12, 7), date(2026, 12, 7)),
        (timedelta(hours=8, minutes=30), time(8, 30)),
        (timedelta(hours=25), "25:00"),
        (timedelta(hours=-1, minutes=-5), "-1:05"),
        (None, None),
    ],
)
def test_a_value_becomes_a_plain_cell(value: Raw, expected: Cell) -> None:
    assert plain_cell(value) == expected
