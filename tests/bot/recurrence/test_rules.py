from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.recurrence.rules import DAY, Due, day_exists, due_on, first_instant, next_due
from tests.bot.recurrence.oracle import Wall, distinct_zones, quiet_days, stretches, transitions

HOURS = (time(0, 0), time(0, 30), time(2, 30), time(7, 30), time(23, 59))
NEW_YORK = ZoneInfo("America/New_York")
SHANGHAI = ZoneInfo("Asia/Shanghai")
NUUK = ZoneInfo("America/Nuuk")
APIA = ZoneInfo("Pacific/Apia")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")


def utc(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_an_ordinary_day_is_due_at_its_wall_time() -> None:
    due = due_on(date(2026, 12, 7), time(7, 30), SHANGHAI)

    assert due == Due(date(2026, 12, 7), utc(2026, 12, 6, 23, 30))


def test_a_time_that_the_clock_jumps_over_is_due_the_instant_it_jumps() -> None:
    due = due_on(date(2027, 3, 14), time(2, 30), NEW_YORK)

    assert due == Due(date(2027, 3, 14), utc(2027, 3, 14, 7, 0))


def test_a_jump_of_half_an_hour_is_understood() -> None:
    due = due_on(date(2026, 10, 4), time(2, 15), LORD_HOWE)

    assert due == Due(date(2026, 10, 4), utc(2026, 10, 3, 15, 30))


def test_a_time_that_the_clock_shows_twice_is_due_the_first_time() -> None:
    due = due_on(date(2026, 11, 1), time(1, 30), NEW_YORK)

    assert due == Due(date(2026, 11, 1), utc(2026, 11, 1, 5, 30))


def test_an_hour_jumped_over_at_the_end_of_a_day_still_belongs_to_that_day() -> None:
    due = due_on(date(2026, 3, 28), time(23, 30), NUUK)

    assert due == Due(date(2026, 3, 28), utc(2026, 3, 29, 1, 0))


def test_a_day_that_the_zone_left_out_has_no_push() -> None:
    days = [date(2011, 12, 29), date(2011, 12, 30), date(2011, 12, 31)]

    found = [due_on(on, time(7, 30), APIA) for on in days]

    assert found == [
        Due(date(2011, 12, 29), utc(2011, 12, 29, 17, 30)),
        None,
        Due(date(2011, 12, 31), utc(2011, 12, 30, 17, 30)),
    ]


def test_the_next_day_after_one_that_was_left_out_comes_next() -> None:
    due = next_due(date(2011, 12, 30), date(2012, 1, 5), time(7, 30), APIA)

    assert due is not None
    assert due.on == date(2011, 12, 31)


def test_after_the_last_day_nothing_comes() -> None:
    due = next_due(date(2026, 12, 10), date(2026, 12, 9), time(7, 30), SHANGHAI)

    assert due is None


def test_the_day_after_the_clocks_go_forward_is_not_skipped_at_half_past_midnight() -> None:
    berlin, start = ZoneInfo("Europe/Berlin"), date(2027, 3, 27)

    found = [next_due(start + DAY * offset, date(2027, 4, 1), time(0, 30), berlin) for offset in range(4)]

    assert [due.on for due in found if due] == [start + DAY * offset for offset in range(4)]


def test_around_every_clock_change_each_local_day_is_due_the_first_minute_its_hour_has_come() -> None:
    for zone in distinct_zones():
        for wall in stretches(zone):
            check_stretch(wall, HOURS)


def test_on_all_other_days_the_clock_shows_the_hour_when_it_is_due() -> None:
    for zone in distinct_zones():
        changes = [at for at, _, _ in transitions(zone)]
        for on in quiet_days(zone, changes):
            instant = first_instant(on, time(7, 30), zone)
            assert instant.astimezone(zone).replace(tzinfo=None) == datetime.combine(on, time(7, 30)), (zone, on)


@pytest.mark.long
def test_every_zone_and_every_half_hour_agrees_with_the_clock_on_the_wall() -> None:
    hours = [time(hour, minute) for hour in range(24) for minute in (0, 15, 30, 59)]
    for name in sorted(available_timezones()):
        for wall in stretches(ZoneInfo(name)):
            check_stretch(wall, tuple(hours))


@pytest.mark.parametrize(
    ("zone", "on", "exists"),
    [
        (APIA, date(2011, 12, 30), False),
        (APIA, date(2011, 12, 31), True),
        (NUUK, date(2026, 3, 28), True),
        (ZoneInfo("Pacific/Kwajalein"), date(1993, 8, 21), False),
    ],
)
def test_a_zones_calendar_is_known(zone: ZoneInfo, on: date, exists: bool) -> None:
    assert day_exists(on, zone) is exists


def check_stretch(wall: Wall, hours: tuple[time, ...]) -> None:
    """Hold every day inside the stretch against the clock on the wall, and see that they come once and in order."""
    first, last = min(wall.days), max(wall.days)
    calendar = [first + DAY * number for number in range((last - first).days + 1)]
    for at in hours:
        dues = [due for on in calendar if (due := due_on(on, at, wall.zone))]
        assert [due.on for due in dues] == sorted(wall.days), (wall.zone, at)
        for due in dues:
            assert due.at == wall.first_showing(due.on, at), (wall.zone, due)
