"""A workbook survives the way through JSON."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sheets.shapes import Cell, CellError, Row, Sheet, Workbook
from bot.sheets.wire import dump_workbook, load_workbook

CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.text(),
    st.floats(allow_nan=False),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.builds(CellError, st.text()),
)


@given(st.lists(CELLS), st.text())
def test_every_cell_comes_back_as_it_was(cells: list[Cell], name: str) -> None:
    before = Workbook(name, (Sheet("one", (Row(3, tuple(cells)),)), Sheet("two", ())))

    after = load_workbook(dump_workbook(before))

    assert after == before


def test_kinds_of_time_are_not_mixed_up() -> None:
    cells = (date(2026, 12, 7), datetime(2026, 12, 7, 0, 0), time(0, 0))  # noqa: DTZ001

    after = load_workbook(dump_workbook(Workbook("a", (Sheet("b", (Row(1, cells),)),))))

    assert [type(cell) for cell in after.sheets[0].rows[0].cells] == [date, datetime, time]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"name": "a", "sheets": [{"title": "", "rows": [[1, [[]]]]}]}'])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        load_workbook(text)
