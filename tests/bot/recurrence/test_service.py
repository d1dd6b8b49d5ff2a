from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace
from sqlmodel import Session

from bot.recurrence import service as recurrence
from bot.recurrence.models import Occurrence, Outcome, Recurrence
from bot.recurrence.service import Plan
from tests.support.camps import MONDAY, SUNDAY_NOON, TUESDAY, WEDNESDAY, Camps, local

KIND = "evening"
NEW_YORK = "America/New_York"


@dataclass
class Evening:
    """A recurrence under test, and short ways to live with it."""

    camps: Camps
    plan: Plan

    def ensure(self, now: datetime, **changes: Any) -> Recurrence:
        self.plan = replace(self.plan, **changes)
        return self.camps.do(lambda s: recurrence.ensure(s, self.plan, now))

    def settle(self, now: datetime, outcome: Outcome = Outcome.FIRED, reason: str = "") -> None:
        def work(session: Session) -> None:
            for waiting in recurrence.due(session, KIND, now, 10):
                recurrence.settle(session, waiting, outcome, now, reason)

        self.camps.do(work)

    @property
    def row(self) -> Recurrence:
        found = self.camps.see(lambda s: recurrence.find_recurrence(s, self.plan.cohort_id, KIND))
        assert found is not None
        return found

    @property
    def settled(self) -> list[date]:
        return [one.on for one in self.occurrences]

    @property
    def occurrences(self) -> list[Occurrence]:
        return list(self.camps.see(lambda s: recurrence.occurrences(s, self.row.id or 0)))


@pytest.fixture
def evening(camps: Camps) -> Evening:
    cohort = camps.cohort()
    plan = Plan(cohort.id or 0, KIND, time(19, 0), cohort.time_zone, MONDAY, WEDNESDAY)
    made = Evening(camps, plan)
    made.ensure(SUNDAY_NOON)
    return made


def test_a_recurrence_begins_on_the_first_day_of_its_plan(evening: Evening) -> None:
    assert (evening.row.next_on, evening.row.due_at) == (MONDAY, local(MONDAY, 19))


@pytest.mark.parametrize(
    "now", [SUNDAY_NOON, local(TUESDAY, 12), local(TUESDAY, 19), local(TUESDAY, 19, 1), local(WEDNESDAY, 20)]
)
def test_many_made_at_once_are_as_each_would_be_by_itself(camps: Camps, now: datetime) -> None:
    zones = ["Asia/Shanghai", NEW_YORK, "Pacific/Apia"]
    cohorts = [camps.cohort(f"{zone} {turn}") for turn in range(2) for zone in zones]
    plans = [
        Plan(cohort.id or 0, KIND, time(19, 0), zone, MONDAY, WEDNESDAY)
        for cohort, zone in zip(cohorts, zones * 2, strict=True)
    ]

    made = camps.do(lambda s: recurrence.begin(s, plans[:3], now))
    for plan in plans[3:]:
        camps.do(partial(recurrence.ensure, plan=plan, now=now))

    rows = [camps.see(partial(recurrence.find_recurrence, cohort_id=plan.cohort_id, kind=KIND)) for plan in plans]
    found = [(row.at, row.time_zone, row.until, row.due_at, row.due_at and row.next_on) for row in rows if row]
    assert made == 3
    assert found[:3] == found[3:]


def test_one_that_is_there_is_left_alone_by_those_made_at_once(evening: Evening) -> None:
    before = evening.row.due_at

    made = evening.camps.do(lambda s: recurrence.begin(s, [replace(evening.plan, at=time(21))], SUNDAY_NOON))

    assert (made, evening.row.due_at) == (0, before)


def test_a_recurrence_made_during_the_camp_begins_today(camps: Camps) -> None:
    evening = new(camps, local(TUESDAY, 12))

    assert evening.row.next_on == TUESDAY


def test_a_recurrence_made_after_the_hour_begins_tomorrow(camps: Camps) -> None:
    evening = new(camps, local(TUESDAY, 19, 1))

    assert evening.row.next_on == WEDNESDAY


def test_a_recurrence_made_when_all_is_over_is_never_due(camps: Camps) -> None:
    evening = new(camps, local(WEDNESDAY, 20))

    assert evening.row.due_at is None


def test_the_same_plan_again_changes_nothing(evening: Evening) -> None:
    before = evening.row

    evening.ensure(local(MONDAY, 18))

    assert evening.row == before


def test_a_day_that_is_owed_stays_owed_when_the_same_plan_comes_again(evening: Evening) -> None:
    evening.ensure(local(TUESDAY, 12))

    assert evening.row.next_on == MONDAY


def test_nothing_is_due_a_second_before_its_hour(evening: Evening) -> None:
    assert not is_due(evening, local(MONDAY, 19) - timedelta(seconds=1))


def test_it_is_due_when_its_hour_strikes(evening: Evening) -> None:
    assert is_due(evening, local(MONDAY, 19))


def test_other_kinds_are_not_due_with_it(evening: Evening) -> None:
    found = evening.camps.see(lambda s: recurrence.is_due(s, "other", local(MONDAY, 20)))

    assert not found


def test_a_settled_day_gives_way_to_the_next(evening: Evening) -> None:
    evening.settle(local(MONDAY, 19))

    assert (evening.row.next_on, evening.row.due_at) == (TUESDAY, local(TUESDAY, 19))
    assert [(one.on, one.outcome, one.due_at) for one in evening.occurrences] == [
        (MONDAY, Outcome.FIRED, local(MONDAY, 19))
    ]


def test_why_a_day_was_skipped_is_kept(evening: Evening) -> None:
    evening.settle(local(MONDAY, 23), Outcome.SKIPPED, "too_late")

    assert [(one.outcome, one.reason) for one in evening.occurrences] == [(Outcome.SKIPPED, "too_late")]


def test_after_the_last_day_it_is_over(evening: Evening) -> None:
    for on in (MONDAY, TUESDAY, WEDNESDAY):
        evening.settle(local(on, 19))

    assert evening.row.due_at is None
    assert evening.settled == [MONDAY, TUESDAY, WEDNESDAY]


def test_a_camp_that_is_prolonged_goes_on(evening: Evening) -> None:
    for on in (MONDAY, TUESDAY, WEDNESDAY):
        evening.settle(local(on, 19))

    evening.ensure(local(WEDNESDAY, 21), until=date(2026, 12, 11))

    assert evening.row.next_on == date(2026, 12, 10)


def test_days_between_the_end_and_a_prolongation_are_not_owed(evening: Evening) -> None:
    for on in (MONDAY, TUESDAY, WEDNESDAY):
        evening.settle(local(on, 19))

    evening.ensure(local(date(2026, 12, 13), 20), until=date(2026, 12, 16))

    assert evening.row.next_on == date(2026, 12, 14)


def test_a_camp_that_is_brought_forward_begins_earlier(camps: Camps) -> None:
    evening = new(camps, SUNDAY_NOON, starts_on=WEDNESDAY)

    evening.ensure(SUNDAY_NOON, starts_on=MONDAY)

    assert evening.row.next_on == MONDAY


def test_a_camp_that_is_put_off_begins_later(evening: Evening) -> None:
    evening.ensure(SUNDAY_NOON, starts_on=TUESDAY)

    assert evening.row.next_on == TUESDAY


def test_a_later_hour_on_a_day_already_done_does_not_fire_again(evening: Evening) -> None:
    evening.settle(local(MONDAY, 19))

    evening.ensure(local(MONDAY, 20), at=time(21, 0))

    assert (evening.row.next_on, evening.row.due_at) == (TUESDAY, local(TUESDAY, 21))


def test_an_earlier_hour_that_has_passed_is_due_at_once(evening: Evening) -> None:
    evening.ensure(local(MONDAY, 12), at=time(8, 0))

    assert (evening.row.next_on, evening.row.due_at) == (MONDAY, local(MONDAY, 8))


def test_an_hour_still_ahead_revives_a_day_that_had_begun_too_late(camps: Camps) -> None:
    evening = new(camps, local(MONDAY, 20))

    evening.ensure(local(MONDAY, 20, 30), at=time(21, 0))

    assert (evening.row.next_on, evening.row.due_at) == (MONDAY, local(MONDAY, 21))


def test_a_zone_further_west_does_not_repeat_a_day(evening: Evening) -> None:
    evening.settle(local(MONDAY, 19))

    evening.ensure(local(MONDAY, 20), time_zone=NEW_YORK)

    assert (evening.row.next_on, evening.row.due_at) == (TUESDAY, local(TUESDAY, 19, zone=NEW_YORK))


def test_a_zone_further_east_still_owes_the_day_it_has_entered(camps: Camps) -> None:
    evening = new(camps, local(MONDAY, 9, zone=NEW_YORK), time_zone=NEW_YORK)
    evening.settle(local(MONDAY, 19, zone=NEW_YORK))
    in_the_evening = local(TUESDAY, 20)

    evening.ensure(in_the_evening, time_zone="Asia/Shanghai")

    assert (evening.row.next_on, evening.row.due_at) == (TUESDAY, local(TUESDAY, 19))
    assert is_due(evening, in_the_evening)


def test_a_day_settled_in_an_eastern_zone_is_passed_over_later_on(camps: Camps) -> None:
    evening = new(camps, local(TUESDAY, 6), at=time(7, 0))
    evening.settle(local(TUESDAY, 7))
    evening.ensure(local(TUESDAY, 8), time_zone="Pacific/Honolulu", at=time(23, 0))
    assert evening.row.next_on == MONDAY

    evening.settle(local(MONDAY, 23, zone="Pacific/Honolulu"))

    assert evening.row.next_on == WEDNESDAY


def test_a_clock_that_steps_back_makes_nothing_due_again(evening: Evening) -> None:
    evening.settle(local(MONDAY, 19))

    stepped_back = [is_due(evening, local(MONDAY, hour)) for hour in (18, 19, 20)]

    assert stepped_back == [False, False, False]


def test_the_day_after_tells_what_follows(evening: Evening) -> None:
    following = recurrence.following(evening.row)

    assert following is not None
    assert (following.on, following.at) == (TUESDAY, local(TUESDAY, 19))


def test_the_longest_waiting_comes_first_and_no_more_than_asked_for(camps: Camps) -> None:
    west, east = new(camps, SUNDAY_NOON, time_zone=NEW_YORK), new(camps, SUNDAY_NOON)

    waiting = camps.see(lambda s: recurrence.due(s, KIND, local(WEDNESDAY, 23), 1))

    assert [one.cohort_id for one in waiting] == [east.plan.cohort_id]
    assert west.row.due_at != east.row.due_at


def test_a_year_in_lord_howe_comes_to_a_day_each(camps: Camps) -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    evening = new(
        camps,
        datetime(2025, 12, 1, tzinfo=UTC),
        time_zone="Australia/Lord_Howe",
        at=time(2, 15),
        starts_on=first,
        until=last,
    )

    live_through(evening, lambda row: row.due_at)

    assert evening.settled == [first + timedelta(days=number) for number in range(365)]


def new(camps: Camps, now: datetime, **changes: Any) -> Evening:
    cohort = camps.cohort(f"Camp {camps.accounts}")
    camps.accounts += 1
    evening = Evening(camps, Plan(cohort.id or 0, KIND, time(19, 0), cohort.time_zone, MONDAY, WEDNESDAY))
    evening.ensure(now, **changes)
    return evening


def is_due(evening: Evening, now: datetime) -> bool:
    return evening.camps.see(lambda s: recurrence.is_due(s, KIND, now))


def live_through(evening: Evening, when: Callable[[Recurrence], datetime | None]) -> None:
    """Settle each day the instant it is due, until there is none, in one transaction."""

    def work(session: Session) -> None:
        row = session.get_one(Recurrence, evening.row.id)
        while (now := when(row)) is not None:
            recurrence.settle(session, row, Outcome.FIRED, now)

    evening.camps.do(work)
