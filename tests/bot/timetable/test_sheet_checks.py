"""A local time exists unless clocks skip it."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from bot.timetable.sheet_checks import exists


@pytest.mark.parametrize(
    ("zone", "on", "at", "expected"),
    [
        ("Asia/Shanghai", date(2026, 3, 29), time(2, 30), True),
        ("Europe/Berlin", date(2026, 3, 29), time(1, 59), True),
        ("Europe/Berlin", date(2026, 3, 29), time(2, 0), False),
        ("Europe/Berlin", date(2026, 3, 29), time(3, 0), True),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), True),
        ("Africa/Cairo", date(2026, 4, 24), time(0, 30), False),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), False),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 30), True),
    ],
)
def test_a_skipped_time_does_not_exist(zone: str, on: date, at: time, expected: bool) -> None:
    assert exists(on, at, ZoneInfo(zone)) is expected
