import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot import crashpoints
from bot.outbox.lanes import Lane
from bot.people.models import Cohort, Person, Role
from bot.recurrence import service as recurrence
from bot.recurrence.models import Outcome
from bot.timetable.service import MORNING, prepare_cohort
from bot.turn import Turns
from schedules import timetable
from schedules.timetable import push_mornings
from tests.support.camps import MONDAY, SUNDAY_NOON, TUESDAY, WEDNESDAY, Camps, local
from tests.support.house import HandClock

pytestmark = pytest.mark.anyio
HOUR = local(MONDAY, 7, 30)


class Stopped(Exception):
    """The process died here."""


class Mornings:
    """The pass, and a clock that is moved by hand."""

    def __init__(self, camps: Camps) -> None:
        self.camps = camps
        self.clock = HandClock(SUNDAY_NOON)
        self.turns = Turns(camps.database, self.clock)

    async def at(self, now: datetime) -> None:
        """Let the pass run at an instant."""
        self.clock.at = now
        await push_mornings(self.turns)

    def outcomes(self, cohort: Cohort) -> list[tuple[date, str, str]]:
        """What became of each day."""
        row = self.camps.see(lambda s: recurrence.find_recurrence(s, cohort.id or 0, MORNING))
        assert row is not None
        found = self.camps.see(lambda s: recurrence.occurrences(s, row.id or 0))
        return [(one.on, one.outcome, one.reason) for one in found]

    def texts(self, person: Person) -> list[str]:
        """What a person is owed."""
        return [body(row)["text"] for row in self.camps.outbox if row.chat_id == person.telegram_id]


def body(row: Any) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(row.payload)
    return payload


def key(cohort: Cohort, on: date, person: Person) -> str:
    return f"morning:{cohort.id}:{on}:{person.id}"


@pytest.fixture
def mornings(camps: Camps) -> Mornings:
    return Mornings(camps)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timetable, "PAGE", 2)
    monkeypatch.setattr(timetable, "ENOUGH", 2)


@pytest.fixture
def crash_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Die the nth time a transaction of the pass is about to commit."""

    def arm(nth: int) -> None:
        reached = 0

        def stop(place: str) -> None:
            nonlocal reached
            reached += place == "schedule:before-commit"
            if reached == nth:
                raise Stopped

        monkeypatch.setattr(crashpoints, "hook", stop)

    return arm


async def test_nothing_is_sent_a_second_before_the_hour(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort()
    camps.person(cohort)
    camps.activity(cohort, MONDAY)

    await mornings.at(HOUR - timedelta(seconds=1))

    assert camps.keys == []


async def test_every_linked_trainee_gets_the_day_at_the_hour(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort()
    people = [camps.person(cohort) for _ in range(3)]
    camps.activity(cohort, MONDAY)

    await mornings.at(HOUR)

    assert camps.keys == [key(cohort, MONDAY, person) for person in people]
    assert mornings.outcomes(cohort) == [(MONDAY, Outcome.FIRED, "")]


async def test_a_push_is_a_reminder_addressed_to_the_persons_own_chat(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort()
    person = camps.person(cohort)
    camps.activity(cohort, MONDAY)

    await mornings.at(HOUR)

    (row,) = camps.outbox
    assert (row.lane, row.method, row.chat_id, row.status) == (Lane.REMINDER, "sendMessage", person.telegram_id, "new")
    assert (body(row)["chat_id"], body(row)["parse_mode"]) == (person.telegram_id, "HTML")
    assert row.created_at == HOUR


async def test_each_person_reads_their_own_language_or_else_the_cohorts(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort(language="en")
    english, chinese = camps.person(cohort), camps.person(cohort, language="zh")
    camps.activity(cohort, MONDAY)

    await mornings.at(HOUR)

    assert ["Monday" in text for text in mornings.texts(english)] == [True]
    assert ["12月7日 星期一" in text for text in mornings.texts(chinese)] == [True]


async def test_the_unlinked_those_out_of_reach_and_those_who_left_are_not_written_to(
    camps: Camps, mornings: Mornings
) -> None:
    cohort = camps.cohort()
    camps.person(cohort, linked=False)
    blocked, gone = camps.person(cohort), camps.person(cohort)
    camps.do(lambda s: s.get_one(Person, blocked.id).__setattr__("unreachable_at", SUNDAY_NOON))
    camps.leave(gone, cohort)
    camps.activity(cohort, MONDAY)

    await mornings.at(HOUR)

    assert camps.keys == []
    assert mornings.outcomes(cohort) == [(MONDAY, Outcome.FIRED, "")]


async def test_coordinators_get_the_day_with_the_number_of_the_unlinked(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort()
    coordinator, trainee = camps.person(cohort, role=Role.COORDINATOR), camps.person(cohort)
    camps.person(cohort, linked=False)
    camps.person(cohort, linked=False)
    camps.activity(cohort, MONDAY)

    await mornings.at(HOUR)

    assert ["2 trainees are not linked" in text for text in mornings.texts(coordinator)] == [True]
    assert ["not linked" in text for text in mornings.texts(trainee)] == [False]


async def test_somebody_who_is_both_gets_one_message_a_cohort(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort()
    person = camps.person(cohort, role=Role.COORDINATOR)
    camps.join(person, cohort, Role.TRAINEE)
    camps.activity(cohort, MONDAY)

    await mornings.at(HOUR)

    assert ["linked" in text for text in mornings.texts(person)] == [True]


async def test_a_trainee_of_two_cohorts_gets_one_message_from_each(camps: Camps, mornings: Mornings) -> None:
    one, other = camps.cohort("One"), camps.cohort("Other")
    person = camps.person(one, other)
    camps.activity(one, MONDAY)
    camps.activity(other, MONDAY)

    await mornings.at(HOUR)

    assert camps.keys == [key(one, MONDAY, person), key(other, MONDAY, person)]


async def test_a_cohort_without_activities_that_day_is_not_woken(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort()
    camps.person(cohort)
    camps.activity(cohort, TUESDAY)
    camps.activity(cohort, MONDAY, cancelled_at=SUNDAY_NOON)

    await mornings.at(HOUR)

    assert camps.keys == []
    assert mornings.outcomes(cohort) == [(MONDAY, Outcome.NOTHING_TO_SAY, "")]


async def test_each_cohort_is_woken_at_its_own_hour(camps: Camps, mornings: Mornings) -> None:
    east, west = camps.cohort("East", zone="Asia/Tokyo"), camps.cohort("West", zone="Asia/Shanghai")
    people = [camps.person(east), camps.person(west)]
    camps.activity(east, MONDAY)
    camps.activity(west, MONDAY)

    await mornings.at(HOUR - timedelta(hours=1))

    assert camps.keys == [key(east, MONDAY, people[0])]


async def test_the_pass_again_sends_nothing_again(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort()
    camps.person(cohort)
    camps.activity(cohort, MONDAY)
    await mornings.at(HOUR)

    await mornings.at(HOUR + timedelta(seconds=1))

    assert len(camps.keys) == 1


async def test_a_clock_that_steps_back_sends_nothing_again(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort()
    camps.person(cohort)
    camps.activity(cohort, MONDAY)
    await mornings.at(HOUR)

    for minutes in (-60, -1, 0, 1):
        await mornings.at(HOUR + timedelta(minutes=minutes))

    assert len(camps.keys) == 1
    assert len(mornings.outcomes(cohort)) == 1


async def test_a_whole_camp_is_woken_once_every_day(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort()
    person = camps.person(cohort)
    for on in (MONDAY, TUESDAY, WEDNESDAY):
        camps.activity(cohort, on)

    for hours in range(24 * 6):
        await mornings.at(HOUR - timedelta(days=1) + timedelta(hours=hours))

    assert camps.keys == [key(cohort, on, person) for on in (MONDAY, TUESDAY, WEDNESDAY)]


async def test_a_push_missed_by_less_than_its_grace_is_sent_late(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort()
    person = camps.person(cohort)
    camps.activity(cohort, MONDAY, (14, 0), (15, 0))

    await mornings.at(HOUR + timedelta(hours=4))

    assert camps.keys == [key(cohort, MONDAY, person)]


async def test_a_push_missed_by_more_is_recorded_and_the_coordinators_are_told(
    camps: Camps, mornings: Mornings
) -> None:
    cohort = camps.cohort()
    camps.person(cohort)
    coordinator = camps.person(cohort, role=Role.COORDINATOR)
    camps.activity(cohort, MONDAY, (14, 0), (15, 0))

    await mornings.at(HOUR + timedelta(hours=4, seconds=1))

    assert mornings.outcomes(cohort) == [(MONDAY, Outcome.SKIPPED, "too_late")]
    assert camps.keys == [f"missed:{cohort.id}:{MONDAY}:{coordinator.id}"]
    assert "Monday, December 7" in mornings.texts(coordinator)[0]


async def test_a_push_after_the_last_activity_is_recorded_as_over(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort()
    camps.person(cohort)
    camps.activity(cohort, MONDAY, (8, 0), (8, 30))

    await mornings.at(local(MONDAY, 9))

    assert mornings.outcomes(cohort) == [(MONDAY, Outcome.SKIPPED, "over")]


async def test_of_several_missed_days_only_the_last_is_sent(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort()
    person, coordinator = camps.person(cohort), camps.person(cohort, role=Role.COORDINATOR)
    for on in (MONDAY, TUESDAY, WEDNESDAY):
        camps.activity(cohort, on)

    await mornings.at(local(WEDNESDAY, 8))

    assert mornings.outcomes(cohort) == [
        (MONDAY, Outcome.SKIPPED, "superseded"),
        (TUESDAY, Outcome.SKIPPED, "superseded"),
        (WEDNESDAY, Outcome.FIRED, ""),
    ]
    assert camps.keys == sorted(
        [
            key(cohort, WEDNESDAY, person),
            key(cohort, WEDNESDAY, coordinator),
            f"missed:{cohort.id}:{TUESDAY}:{coordinator.id}",
        ]
    )


async def test_missed_days_without_activities_alarm_nobody(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort()
    camps.person(cohort, role=Role.COORDINATOR)

    await mornings.at(local(WEDNESDAY, 20))

    assert [outcome for _, outcome, _ in mornings.outcomes(cohort)] == [Outcome.NOTHING_TO_SAY] * 3
    assert camps.keys == []


async def test_a_hundred_missed_days_are_each_recorded(camps: Camps, mornings: Mornings) -> None:
    last = MONDAY + timedelta(days=99)
    cohort = camps.cohort(ends_on=last)

    await mornings.at(local(last, 20))

    assert len(mornings.outcomes(cohort)) == 100


@pytest.mark.usefixtures("small_pages")
async def test_a_large_cohort_is_taken_in_pages_and_nobody_is_left_out(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort()
    camps.person(cohort, role=Role.COORDINATOR)
    people = [camps.person(cohort) for _ in range(5)]
    camps.activity(cohort, MONDAY)

    await mornings.at(HOUR)

    assert {key(cohort, MONDAY, person) for person in people} < set(camps.keys)
    assert len(camps.keys) == 6
    assert mornings.outcomes(cohort) == [(MONDAY, Outcome.FIRED, "")]


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("nth", range(1, 6))
async def test_wherever_the_process_dies_everybody_gets_the_day_exactly_once(
    camps: Camps, mornings: Mornings, crash_at: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    cohorts = [camps.cohort(f"Camp {number}") for number in range(2)]
    owed = []
    for cohort in cohorts:
        camps.activity(cohort, MONDAY)
        owed += [key(cohort, MONDAY, camps.person(cohort)) for _ in range(3)]
        owed.append(key(cohort, MONDAY, camps.person(cohort, role=Role.COORDINATOR)))
    crash_at(nth)

    with pytest.raises(Stopped):
        await mornings.at(HOUR)
    monkeypatch.setattr(crashpoints, "hook", None)
    await Mornings(camps).at(HOUR + timedelta(minutes=5))

    assert camps.keys == sorted(owed)
    assert [mornings.outcomes(cohort) for cohort in cohorts] == [[(MONDAY, Outcome.FIRED, "")]] * 2


async def test_the_courier_is_woken_when_there_is_something_to_deliver(camps: Camps) -> None:
    cohort = camps.cohort()
    camps.person(cohort)
    camps.activity(cohort, MONDAY)
    woken: list[bool] = []
    turns = Turns(camps.database, HandClock(HOUR), on_outgoing=lambda: woken.append(True))

    await push_mornings(turns)

    assert woken == [True]


async def test_a_zone_changed_after_the_push_does_not_repeat_the_day(camps: Camps, mornings: Mornings) -> None:
    cohort = camps.cohort()
    person = camps.person(cohort)
    camps.activity(cohort, MONDAY)
    await mornings.at(HOUR)
    camps.rezone(cohort, "Europe/Berlin")
    camps.do(lambda s: prepare_cohort(s, s.get_one(Cohort, cohort.id), HOUR))

    await mornings.at(local(MONDAY, 8, zone="Europe/Berlin"))

    assert camps.keys == [key(cohort, MONDAY, person)]
