import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.workdays.rules import DayKind, Special, Stretch, WorkCalendar, built_in_years, missing_year

TABLES = Path(__file__).parents[2] / "data" / "holidays"
CALENDAR = WorkCalendar()


def published(year: int) -> dict[date, bool]:
    table = json.loads((TABLES / f"{year}.json").read_text())
    return {date.fromisoformat(day["date"]): day["isOffDay"] for day in table["days"]}


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_of_a_year_is_worked_or_not_as_the_state_council_has_published(year: int) -> None:
    table = published(year)
    days = [date(year, 1, 1) + timedelta(days=offset) for offset in range(366 if year % 4 == 0 else 365)]

    wrong = [on for on in days if CALENDAR.is_working(on) == table.get(on, on.weekday() >= 5)]

    assert wrong == []


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_published_day_off_belongs_to_a_holiday_with_a_name(year: int) -> None:
    off = [on for on, is_off in published(year).items() if is_off]

    assert {CALENDAR.kind(on) for on in off} == {DayKind.HOLIDAY}
    assert [on for on in off if not CALENDAR.special(on).name] == []  # type: ignore[union-attr]


def test_a_make_up_saturday_is_worked_and_an_ordinary_one_is_not() -> None:
    assert CALENDAR.kind(date(2026, 10, 10)) is DayKind.MAKE_UP
    assert CALENDAR.kind(date(2026, 10, 17)) is DayKind.WEEKEND


def test_a_span_names_its_holidays_weekends_and_make_up_days() -> None:
    found = CALENDAR.look(date(2026, 9, 30), date(2026, 10, 11))

    assert found.holidays == (Stretch(date(2026, 10, 1), date(2026, 10, 7), "国庆节"),)
    assert (found.make_up, found.weekends, found.unknown) == ((date(2026, 10, 10),), (date(2026, 10, 11),), ())


def test_holidays_are_named_in_english_too() -> None:
    assert WorkCalendar(language="en").look(date(2026, 2, 16), date(2026, 2, 18)).holidays[0].name == "Chinese New Year"


def test_an_ordinary_week_is_plain() -> None:
    assert CALENDAR.look(date(2026, 12, 7), date(2026, 12, 9)).is_plain


def test_a_year_without_a_table_is_unknown_and_its_estimated_holidays_are_not_relied_on() -> None:
    assert 2027 not in built_in_years()
    assert CALENDAR.look(date(2027, 2, 5), date(2027, 2, 8)).unknown == (2027,)
    assert CALENDAR.kind(date(2027, 2, 8)) is DayKind.WORKDAY


def test_an_imported_table_outranks_the_built_in_one_for_the_whole_year() -> None:
    imported = WorkCalendar({date(2026, 12, 7): Special(date(2026, 12, 7), True, "校庆")})

    assert imported.kind(date(2026, 12, 7)) is DayKind.HOLIDAY
    assert imported.kind(date(2026, 10, 1)) is DayKind.WORKDAY
    assert imported.kind(date(2025, 10, 1)) is DayKind.HOLIDAY


def test_only_the_days_that_are_asked_for_are_remarked_upon() -> None:
    outlook = CALENDAR.look_at([date(2026, 11, 23), date(2026, 11, 30)])

    assert outlook.is_plain
    assert not CALENDAR.look(date(2026, 11, 23), date(2026, 11, 30)).is_plain


@pytest.mark.parametrize(
    ("today", "year"),
    [(date(2026, 11, 14), None), (date(2026, 11, 15), 2027), (date(2026, 12, 31), 2027), (date(2027, 1, 1), 2027)],
)
def test_the_next_years_table_is_missed_from_mid_november_on(today: date, year: int | None) -> None:
    assert missing_year(CALENDAR, today) == year


def test_a_table_that_is_there_is_not_missed() -> None:
    known = WorkCalendar({date(2027, 1, 1): Special(date(2027, 1, 1), True, "元旦")})

    assert missing_year(known, date(2026, 12, 1)) is None
