from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.preferences.rules import QuietHours, parse_quiet_hours, quiet_until
from tests.support.camps import local

NIGHT = QuietHours(22 * 60, 7 * 60)
NAP = QuietHours(12 * 60, 14 * 60)
MONDAY, TUESDAY = date(2026, 12, 7), date(2026, 12, 8)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("22-7", NIGHT),
        ("22:00-07:00", NIGHT),
        ("22：00～7：00", NIGHT),
        ("from 10pm to 7am", NIGHT),
        ("10 pm until 7 am", NIGHT),
        ("晚上10点到早上7点", NIGHT),
        ("晚上10点到次日7点", NIGHT),
        ("从22点至7点", NIGHT),
        ("晚上十点到早上七点", NIGHT),
        ("二十二点到七点", NIGHT),
        ("夜里十一点半到次日六点", QuietHours(23 * 60 + 30, 6 * 60)),
        ("22:30 to 6:45", QuietHours(22 * 60 + 30, 6 * 60 + 45)),
        ("晚上10点半到早上6:45", QuietHours(22 * 60 + 30, 6 * 60 + 45)),
        ("12-14", NAP),
        ("24-6", QuietHours(0, 6 * 60)),
    ],
)
def test_quiet_hours_are_read_as_people_write_them(typed: str, hours: QuietHours) -> None:
    assert parse_quiet_hours(typed) == hours


@pytest.mark.parametrize(
    "typed", ["", "at night", "22", "22-", "7-7", "25-7", "22:70-7", "22-7-8", "2026-12-07", "a22-7", "１", "22 or 7"]
)
def test_what_is_no_span_of_hours_is_refused(typed: str) -> None:
    assert parse_quiet_hours(typed) is None


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        (NIGHT, local(MONDAY, 21, 59), None),
        (NIGHT, local(MONDAY, 22), local(TUESDAY, 7)),
        (NIGHT, local(TUESDAY, 0, 30), local(TUESDAY, 7)),
        (NIGHT, local(TUESDAY, 7), None),
        (NAP, local(MONDAY, 13), local(MONDAY, 14)),
        (NAP, local(MONDAY, 14), None),
        (None, local(MONDAY, 23), None),
    ],
)
def test_quiet_hours_end_at_their_local_hour(hours: QuietHours | None, now: datetime, until: datetime | None) -> None:
    assert quiet_until(hours, SHANGHAI, now) == until


def test_quiet_hours_that_end_in_a_gap_of_the_clock_end_when_it_jumps() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    hours = QuietHours(22 * 60, 2 * 60 + 30)

    ends = quiet_until(hours, berlin, local(date(2026, 3, 29), 1, 0, "Europe/Berlin"))

    assert ends == local(date(2026, 3, 29), 3, 0, "Europe/Berlin")
