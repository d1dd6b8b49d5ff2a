from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest

from bot.errors import Gone
from bot.people.models import Cohort, Role
from bot.recurrence import service as recurrence
from bot.timetable import service
from bot.timetable.models import Activity
from bot.timetable.rules import Day
from bot.timetable.service import MORNING, Week
from tests.support.camps import MONDAY, SUNDAY_NOON, TUESDAY, WEDNESDAY, Camps, local

NINE = local(MONDAY, 9)


def titles(activities: Sequence[Activity]) -> list[str]:
    return [activity.title for activity in activities]


def days(camps: Camps, person_id: int | None, now: datetime) -> list[Day]:
    return camps.see(lambda s: service.day_for(s, person_id=person_id or 0, now=now))


def week(camps: Camps, person_id: int | None, on: date | None, now: datetime = NINE) -> Week | None:
    return camps.see(lambda s: service.week_for(s, person_id=person_id or 0, on=on, now=now))


def test_the_activities_come_in_the_order_of_time_without_cancelled_ones(camps: Camps) -> None:
    cohort = camps.cohort()
    camps.activity(cohort, TUESDAY, title="last")
    camps.activity(cohort, MONDAY, (10, 0), (11, 0), "middle")
    camps.activity(cohort, MONDAY, title="first")
    camps.activity(cohort, MONDAY, title="cancelled", cancelled_at=SUNDAY_NOON)

    found = camps.see(lambda s: service.activities_of(s, cohort.id or 0))

    assert titles(found) == ["first", "middle", "last"]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_day_is_the_cohorts_own_day(camps: Camps, zone: str) -> None:
    cohort = camps.cohort(zone=zone)
    camps.activity(cohort, MONDAY, (23, 0), (23, 30), "the evening before")
    camps.activity(cohort, TUESDAY, (0, 0), (0, 30), "just after midnight")
    camps.activity(cohort, TUESDAY, (23, 0), (23, 59), "late")
    camps.activity(cohort, WEDNESDAY, (0, 0), (0, 30), "the day after")

    found = camps.see(lambda s: service.activities_on(s, cohort.id or 0, TUESDAY))

    assert titles(found) == ["just after midnight", "late"]


def test_other_cohorts_activities_are_not_shown(camps: Camps) -> None:
    cohort, other = camps.cohort("A"), camps.cohort("B")
    camps.activity(other, MONDAY)

    found = camps.see(lambda s: service.activities_on(s, cohort.id or 0, MONDAY))

    assert titles(found) == []


def test_an_activity_is_found_by_its_id_even_when_cancelled(camps: Camps) -> None:
    activity = camps.activity(camps.cohort(), MONDAY, cancelled_at=SUNDAY_NOON)

    found = camps.see(lambda s: service.get_activity(s, activity.id or 0))

    assert (found.title, found.cancelled_at) == ("Registration", SUNDAY_NOON)


def test_an_unknown_activity_is_gone(camps: Camps) -> None:
    with pytest.raises(Gone):
        camps.see(lambda s: service.get_activity(s, 404))


def test_near_are_the_activities_one_may_check_in_to_the_nearest_beginning_first(camps: Camps) -> None:
    cohort = camps.cohort()
    camps.activity(cohort, MONDAY, (7, 0), (8, 45), "ended a while ago")
    camps.activity(cohort, MONDAY, (9, 50), (11, 0), "soon")
    camps.activity(cohort, MONDAY, (8, 50), (9, 45), "on now")
    camps.activity(cohort, MONDAY, (10, 1), (11, 0), "too early")

    found = camps.see(lambda s: service.near(s, cohort.id or 0, NINE))

    assert titles(found) == ["on now", "soon", "ended a while ago"]


def test_a_running_cohort_shows_today(camps: Camps) -> None:
    cohort = camps.cohort()
    person = camps.person(cohort)
    camps.activity(cohort, MONDAY, title="today")
    camps.activity(cohort, TUESDAY, title="tomorrow")

    (day,) = days(camps, person.id, NINE)

    assert (day.on, day.today, day.is_trainee) == (MONDAY, MONDAY, True)
    assert [item.title for item in day.items] == ["today"]
    assert day.following is not None
    assert day.following.title == "tomorrow"


def test_times_are_in_the_cohorts_own_zone(camps: Camps) -> None:
    cohort = camps.cohort(zone="America/New_York")
    camps.activity(cohort, MONDAY)

    (day,) = days(camps, camps.person(cohort).id, local(MONDAY, 8, zone="America/New_York"))

    assert [f"{item.starts:%H:%M} {item.ends:%H:%M}" for item in day.items] == ["08:30 09:00"]


def test_a_coordinator_sees_the_same_without_being_a_trainee(camps: Camps) -> None:
    cohort = camps.cohort()
    person = camps.person(cohort, role=Role.COORDINATOR)

    (day,) = days(camps, person.id, NINE)

    assert (day.on, day.is_trainee) == (MONDAY, False)


def test_before_a_camp_its_first_day_is_shown(camps: Camps) -> None:
    cohort = camps.cohort()
    camps.activity(cohort, MONDAY)

    (day,) = days(camps, camps.person(cohort).id, SUNDAY_NOON)

    assert (day.on, day.today) == (MONDAY, MONDAY - timedelta(days=1))


def test_a_running_camp_hides_the_next_one(camps: Camps) -> None:
    running, following = camps.cohort("now"), camps.cohort("next", starts_on=TUESDAY)
    person = camps.person(running, following)

    found = days(camps, person.id, NINE)

    assert [day.cohort_name for day in found] == ["now"]


def test_when_all_camps_are_over_there_is_nothing(camps: Camps) -> None:
    person = camps.person(camps.cohort())

    assert days(camps, person.id, local(WEDNESDAY + timedelta(days=1), 9)) == []


def test_of_two_camps_at_once_the_one_that_is_on_comes_first(camps: Camps) -> None:
    idle, busy = camps.cohort("idle"), camps.cohort("busy")
    person = camps.person(idle, busy)
    camps.activity(busy, MONDAY, (8, 30), (10, 0))
    camps.activity(idle, MONDAY, (9, 30), (10, 0))

    found = days(camps, person.id, NINE)

    assert [day.cohort_name for day in found] == ["busy", "idle"]


def test_the_week_opens_at_today_and_knows_its_neighbours(camps: Camps) -> None:
    cohort = camps.cohort(starts_on=MONDAY - timedelta(days=3), ends_on=WEDNESDAY)
    for on in (MONDAY - timedelta(days=3), MONDAY, WEDNESDAY):
        camps.activity(cohort, on)

    found = week(camps, camps.person(cohort).id, None)

    assert found is not None
    assert (found.earlier, found.on, found.later) == (MONDAY - timedelta(days=3), MONDAY, WEDNESDAY)
    assert [len(day.items) for day in found.days] == [1]


def test_the_week_ends_where_nothing_follows(camps: Camps) -> None:
    cohort = camps.cohort()
    camps.activity(cohort, MONDAY)
    camps.activity(cohort, TUESDAY)

    found = week(camps, camps.person(cohort).id, TUESDAY)

    assert found is not None
    assert (found.earlier, found.on, found.later) == (MONDAY, TUESDAY, None)


def test_somebody_without_a_camp_has_no_week(camps: Camps) -> None:
    assert week(camps, 404, None) is None


def test_a_new_cohort_gets_its_morning_push(camps: Camps) -> None:
    cohort = camps.cohort()

    assert morning_of(camps, cohort) == (MONDAY, local(MONDAY, 7, 30), WEDNESDAY)


def test_a_cohort_whose_zone_has_changed_gets_its_morning_at_the_new_hour(camps: Camps) -> None:
    cohort = camps.cohort()
    cohort.time_zone = "Europe/Berlin"

    camps.do(lambda s: service.prepare_cohort(s, cohort, SUNDAY_NOON))

    assert morning_of(camps, cohort) == (MONDAY, local(MONDAY, 7, 30, "Europe/Berlin"), WEDNESDAY)


def morning_of(camps: Camps, cohort: Cohort) -> tuple[date, datetime | None, date]:
    row = camps.see(lambda s: recurrence.find_recurrence(s, cohort.id or 0, MORNING))
    assert row is not None
    return row.next_on, row.due_at, row.until
