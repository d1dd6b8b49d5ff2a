import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sheets.shapes import Cell
from bot.timetable.sheet_extras import read_group, read_minutes, read_number, write_number
from bot.timetable.sheet_shapes import Number
from bot.timetable.sheet_times import Fault


@pytest.mark.parametrize("text", ["全体", "全体学员", "Everybody", "ALL", "-", None])
def test_everybody_is_no_group(text: str | None) -> None:
    assert read_group(text) is None


def test_any_other_text_is_the_groups_name() -> None:
    assert read_group("第一组") == "第一组"


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [("2", 120), (1.5, 90), ("0.75", 45), ("2学时", 120), ("1.5 小时", 90), ("１", 60), (None, None)],
)
def test_hours_are_read_in_minutes(cell: Cell, minutes: int | None) -> None:
    assert read_minutes(cell) == minutes


@pytest.mark.parametrize(("cell", "fault"), [("两", Fault.UNREADABLE), ("-1", Fault.UNREADABLE), ("25", Fault.NO_SUCH)])
def test_what_is_no_number_of_hours_is_said(cell: Cell, fault: Fault) -> None:
    assert read_minutes(cell) == fault


@given(st.integers(1, 10**8), st.integers(1, 10**14))
def test_a_number_reads_back_as_it_was_written(cohort_id: int, activity_id: int) -> None:
    assert read_number(write_number(cohort_id, activity_id)) == Number(cohort_id, activity_id)


@pytest.mark.parametrize("cell", ["12", "1-", "-1", "a-1", "1-1-1", None, 1.5])
def test_a_running_number_of_the_office_is_nobodys(cell: Cell) -> None:
    assert read_number(cell) is None
