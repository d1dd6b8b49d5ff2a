from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from bot.database import Database
from bot.doctor.findings import Finding, Level
from bot.doctor.holidays import examine_holidays
from tests.support.camps import Camps, build_camps

YEAR = 2040
"""No table of it comes with the library."""


@pytest.fixture
def camps(database_url: str) -> Iterator[Camps]:
    database = Database(database_url)
    yield build_camps(database)
    database.close()


def examine(camps: Camps, now: datetime) -> list[Finding]:
    return camps.see(lambda session: list(examine_holidays(session, now)))


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 4, tzinfo=UTC)


def test_without_camps_no_table_is_missed(camps: Camps) -> None:
    (found,) = examine(camps, at(YEAR, 6, 1))

    assert found.level is Level.OK


def test_a_year_of_a_camp_without_its_table_needs_a_person_once_the_table_is_out(camps: Camps) -> None:
    camps.cohort("第八期", starts_on=date(YEAR, 1, 5), ends_on=date(YEAR, 1, 9))

    (found,) = examine(camps, at(YEAR - 1, 11, 15))

    assert (found.level, f"the table for {YEAR} is missing, and 1 camp" in found.text) == (Level.PROBLEM, True)


def test_before_the_table_can_be_out_it_is_only_worth_knowing(camps: Camps) -> None:
    camps.cohort("第八期", starts_on=date(YEAR, 1, 5), ends_on=date(YEAR, 1, 9))

    (found,) = examine(camps, at(YEAR - 1, 11, 14))

    assert found.level is Level.NOTE


def test_a_camp_that_is_over_misses_nothing_and_one_over_new_year_touches_both_years(camps: Camps) -> None:
    camps.cohort("第八期", starts_on=date(YEAR, 1, 5), ends_on=date(YEAR, 1, 9))
    camps.cohort("第九期", starts_on=date(YEAR, 12, 30), ends_on=date(YEAR + 1, 1, 2))

    found = examine(camps, at(YEAR, 2, 1))

    assert [(one.level, one.text[:18]) for one in found] == [
        (Level.PROBLEM, f"the table for {YEAR}"),
        (Level.NOTE, f"the table for {YEAR + 1}"),
    ]
