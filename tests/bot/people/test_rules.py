from datetime import UTC, date, datetime, timedelta

import pytest

from bot.people.models import Role
from bot.people.rules import (
    DateFault,
    FileFault,
    Period,
    card_expiry,
    file_fault,
    masked,
    parse_period,
    parse_zone,
    wait_until,
)

NOW = datetime(2026, 12, 1, tzinfo=UTC)
CAMP = Period(date(2026, 12, 7), date(2026, 12, 9))


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-07 to 2026-12-09",
        "2026年12月7日-9日",
        "2026/12/7-2026/12/9",
        "2026.12.7—12.9",
        "２０２６年１２月７日至９日",
        "2026-12-07 2026-12-09",
        "from 2026-12-7 until 2026-12-9",
        "2026年12月7日起至12月9日止",
    ],
)
def test_days_are_read_as_people_write_them(text: str) -> None:
    assert parse_period(text) == CAMP


TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("12月8日到20日", date(2026, 12, 8), date(2026, 12, 20)),
        ("12月8日", date(2026, 12, 8), date(2026, 12, 8)),
        ("11月22日", date(2026, 11, 22), date(2026, 11, 22)),
        ("11月21日", date(2027, 11, 21), date(2027, 11, 21)),
        ("11月20日-24日", date(2026, 11, 20), date(2026, 11, 24)),
        ("12月30日-1月2日", date(2026, 12, 30), date(2027, 1, 2)),
        ("12.8-12.20", date(2026, 12, 8), date(2026, 12, 20)),
        ("Dec 8 - Dec 20", date(2026, 12, 8), date(2026, 12, 20)),
        ("December 8 to 20", date(2026, 12, 8), date(2026, 12, 20)),
        ("Dec 8 - 20, 2027", date(2027, 12, 8), date(2027, 12, 20)),
        ("2026-12-07", date(2026, 12, 7), date(2026, 12, 7)),
    ],
)
def test_days_without_a_year_are_the_next_ones_that_are_not_over(text: str, first: date, last: date) -> None:
    assert parse_period(text, TODAY) == Period(first, last)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2月30日-3月1日", DateFault.NO_SUCH_DAY),
        ("2月29日", DateFault.NO_SUCH_DAY),
        ("7-9", DateFault.UNREADABLE),
        ("8", DateFault.UNREADABLE),
        ("12月", DateFault.UNREADABLE),
        ("12月20日到8日", DateFault.BACKWARDS),
    ],
)
def test_days_without_a_year_that_are_none_say_why(text: str, fault: DateFault) -> None:
    assert parse_period(text, TODAY) == fault


def test_one_day_alone_is_a_camp_of_one_day() -> None:
    assert parse_period("2026-12-07") == Period(date(2026, 12, 7), date(2026, 12, 7))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("next week", DateFault.UNREADABLE),
        ("", DateFault.UNREADABLE),
        ("7-9", DateFault.UNREADABLE),
        ("2026-02-30", DateFault.NO_SUCH_DAY),
        ("2026-13-01", DateFault.NO_SUCH_DAY),
        ("12月8日到20日", DateFault.UNREADABLE),
        ("2026-12-07 at noon", DateFault.UNREADABLE),
        ("2026-12-09 to 2026-12-07", DateFault.BACKWARDS),
        ("2026-12-07 to 2028-12-09", DateFault.TOO_LONG),
        ("99999999999999999999-1-1", DateFault.UNREADABLE),
        ("2026-99999999999999999999-1", DateFault.UNREADABLE),
    ],
)
def test_what_is_no_period_says_why(text: str, fault: DateFault) -> None:
    assert parse_period(text) == fault


def test_zones_are_found_whatever_their_capitals() -> None:
    assert [parse_zone(text) for text in ("asia/shanghai", " Europe/Berlin ", "America/New York", "Beijing")] == [
        "Asia/Shanghai",
        "Europe/Berlin",
        "America/New_York",
        None,
    ]


def test_a_seat_card_lives_for_thirty_days_after_the_last_local_day() -> None:
    expiry = card_expiry(Role.TRAINEE, date(2026, 12, 9), "Asia/Shanghai", NOW)

    assert expiry == datetime(2027, 1, 8, 16, tzinfo=UTC)


def test_a_card_for_a_camp_long_over_still_lives_for_a_week() -> None:
    assert card_expiry(Role.TRAINEE, date(2026, 1, 1), "Asia/Shanghai", NOW) == NOW + timedelta(days=7)


def test_a_coordinators_link_lives_for_a_week() -> None:
    assert card_expiry(Role.COORDINATOR, date(2027, 12, 9), "Asia/Shanghai", NOW) == NOW + timedelta(days=7)


def test_the_wait_doubles_from_a_minute_to_an_hour() -> None:
    minutes = [(wait_until(failures, NOW) - NOW) / timedelta(minutes=1) for failures in (4, 5, 6, 7, 10, 11, 500)]

    assert minutes == [0, 1, 2, 4, 32, 60, 60]


@pytest.mark.parametrize(
    ("name", "size", "fault"),
    [
        ("名单.XLSX", 5 * 1024 * 1024, None),
        ("名单.csv", 1, None),
        ("名单.xls", 1, None),
        ("名单.xlsx", 5 * 1024 * 1024 + 1, FileFault.TOO_BIG),
        ("名单.pdf", 1, FileFault.NOT_A_TABLE),
        ("xlsx", 1, FileFault.NOT_A_TABLE),
    ],
)
def test_only_small_tables_are_fetched(name: str, size: int, fault: FileFault | None) -> None:
    assert file_fault(name, size) == fault


def test_a_masked_phone_tells_people_apart_without_giving_it_away() -> None:
    assert [masked("13900007001"), masked(None)] == ["139****7001", ""]
