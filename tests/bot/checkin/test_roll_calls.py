from datetime import datetime, timedelta

import pytest

from bot.checkin import service as checkin
from bot.checkin.outcomes import ActivityCancelled, AlreadyIn
from bot.checkin.roll_calls import Called, RollUndone, TooEarlyToCall, TooLateToUndo
from bot.checkin.rules import Status
from bot.errors import Gone, NotAllowed
from bot.people import service as people
from bot.people.models import Role
from bot.people.service import Speaker
from tests.support.checkin_camp import START, Camp

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def call(camp: Camp, who: Speaker | None = None, group: str | None = None, at: datetime = START) -> Called:
    return camp.do(
        lambda s: checkin.call_roll(s, speaker=who or camp.coordinator, activity_id=camp.lecture, group=group, now=at)
    )


def absent(camp: Camp, number: int, who: Speaker | None = None) -> None:
    camp.do(
        lambda s: checkin.name_absent(
            s,
            speaker=who or camp.coordinator,
            activity_id=camp.lecture,
            person_id=camp.trainees[number].person_id,
        )
    )


def leader(camp: Camp) -> Speaker:
    """The first trainee, made the leader of the first group."""
    person = camp.trainees[0]
    camp.do(
        lambda s: people.grant(
            s,
            person_id=person.person_id,
            cohort_id=camp.cohort,
            role=Role.GROUP_LEADER,
            actor=camp.coordinator.actor,
            now=START,
            group_name="第1组",
        )
    )
    return person


def test_everybody_but_those_named_is_recorded_as_of_the_start_at_the_latest(camp: Camp) -> None:
    absent(camp, 1)

    called = call(camp, at=START + 20 * MINUTE)

    assert (called.recorded, [one.name for one in called.absent]) == (2, ["学员01"])
    assert camp.arrivals() == [START, START]


def test_naming_somebody_twice_takes_it_back(camp: Camp) -> None:
    absent(camp, 1)
    absent(camp, 1)

    assert call(camp).recorded == 3


def test_whoever_is_recorded_or_excused_is_left_as_they_are(camp: Camp) -> None:
    camp.open()
    camp.type(camp.code(START - MINUTE), START - MINUTE)
    actor, excused = camp.coordinator.actor, camp.trainees[1].person_id
    camp.do(lambda s: checkin.excuse(s, activity_id=camp.lecture, person_id=excused, actor=actor, now=START))

    assert call(camp).recorded == 1
    assert camp.attendance(camp.trainees[1]) is None
    assert START - MINUTE in camp.arrivals()


def test_a_group_is_called_alone_and_a_leader_calls_the_own_one(camp: Camp) -> None:
    first = leader(camp)

    assert call(camp, group="第2组").recorded == 1
    assert call(camp, first).recorded == 1
    with pytest.raises(NotAllowed):
        call(camp, first, group="第3组")
    with pytest.raises(NotAllowed):
        call(camp, camp.trainees[2])


def test_a_leader_cannot_name_somebody_of_another_group(camp: Camp) -> None:
    first = leader(camp)

    with pytest.raises(Gone):
        absent(camp, 2, first)


def test_a_second_call_records_nobody_twice(camp: Camp) -> None:
    assert [call(camp).recorded, call(camp).recorded] == [3, 0]


def test_a_code_after_the_roll_call_finds_the_person_in(camp: Camp) -> None:
    camp.open()
    call(camp)

    assert isinstance(camp.type(camp.code(START + MINUTE), START + MINUTE), AlreadyIn)


def test_undoing_keeps_what_was_changed_since_and_works_once_within_two_hours(camp: Camp) -> None:
    called = call(camp)
    kept = camp.trainees[0].person_id
    camp.do(
        lambda s: checkin.mark(
            s, speaker=camp.coordinator, activity_id=camp.lecture, person_id=kept, to=Status.LATE, now=START
        )
    )

    def undo(at: datetime) -> int:
        return camp.do(
            lambda s: checkin.undo_roll(s, speaker=camp.coordinator, roll_call_id=called.roll_call_id, now=at)
        ).removed

    with pytest.raises(TooLateToUndo):
        undo(START + 3 * HOUR)
    assert undo(START + HOUR) == 2
    with pytest.raises(RollUndone):
        undo(START + HOUR)
    assert len(camp.arrivals()) == 1


def test_before_the_doors_and_for_a_cancelled_activity_the_roll_is_not_called(camp: Camp) -> None:
    with pytest.raises(TooEarlyToCall):
        call(camp, at=START - 2 * HOUR)
    camp.change_activity(camp.lecture, cancelled_at=START)
    with pytest.raises(ActivityCancelled):
        call(camp)
    assert camp.arrivals() == []
