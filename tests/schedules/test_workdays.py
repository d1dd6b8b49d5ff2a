from datetime import date, datetime

import pytest

from bot.people.models import Role
from bot.turn import Turns
from bot.workdays.models import SpecialDay
from schedules.workdays import push_missing_table
from tests.support.camps import Camps, local
from tests.support.house import HandClock

pytestmark = pytest.mark.anyio

NOVEMBER, DECEMBER = date(2026, 11, 20), date(2026, 12, 2)


async def push(camps: Camps, at: datetime) -> list[str]:
    await push_missing_table(Turns(camps.database, HandClock(at)))
    return camps.keys


async def test_coordinators_are_told_once_a_month_that_next_years_table_is_missing(camps: Camps) -> None:
    camp = camps.cohort()
    coordinator = camps.person(camp, role=Role.COORDINATOR)
    camps.person(camp)

    await push(camps, local(NOVEMBER, 10))
    await push(camps, local(NOVEMBER, 15))
    keys = await push(camps, local(DECEMBER, 10))

    assert keys == [f"workdays:2027:2026-11:{coordinator.id}", f"workdays:2027:2026-12:{coordinator.id}"]
    assert "table of holidays for 2027 is missing" in camps.outbox[0].payload


@pytest.mark.parametrize("hour", [8, 18, 23])
async def test_nobody_is_told_outside_working_hours(camps: Camps, hour: int) -> None:
    camps.person(camps.cohort(), role=Role.COORDINATOR)

    assert await push(camps, local(NOVEMBER, hour)) == []


async def test_nobody_is_told_before_the_table_can_be_known_or_once_it_is_there(camps: Camps) -> None:
    coordinator = camps.person(camps.cohort(), role=Role.COORDINATOR)
    early = await push(camps, local(date(2026, 11, 14), 10))
    camps.do(
        lambda s: s.add(
            SpecialDay(
                on=date(2027, 1, 1),
                is_off=True,
                name="元旦",
                imported_at=local(NOVEMBER, 9),
                imported_by=coordinator.id or 0,
            )
        )
    )

    assert (early, await push(camps, local(NOVEMBER, 10))) == ([], [])


async def test_coordinators_of_camps_that_are_over_are_left_alone(camps: Camps) -> None:
    old = camps.cohort(starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 4))
    camps.person(old, role=Role.COORDINATOR)

    assert await push(camps, local(NOVEMBER, 10)) == []
