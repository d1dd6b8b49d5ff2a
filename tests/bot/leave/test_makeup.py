from typing import Any

import pytest

from bot.checkin.rules import Status as Mark
from bot.errors import Gone, NotAllowed
from bot.hours.rules import Standing
from bot.hours.service import NothingMissed
from bot.leave import service as leave
from bot.leave.makeup import AlreadyOffered, NoTask, NothingToMakeUp, OtherSteps
from bot.leave.models import Step
from bot.people.models import Role
from bot.timetable.service import TABLE as ACTIVITY
from tests.support.hours_camp import HoursCamp


def test_a_task_makes_up_what_was_missed_and_the_source_is_shown(camp: HoursCamp) -> None:
    camp.hold(0, 1)
    now = camp.ends(0)

    offered = _offer(camp, task="Read chapter 3")
    steps = [
        _step(camp, leave.answer_offer, offered.id, camp.trainees[0], accept=True),
        _step(camp, leave.report_done, offered.id, camp.trainees[0], note="Done on Sunday"),
        _step(camp, leave.confirm, offered.id, camp.coordinator),
    ]

    assert [one.view.step for one in steps] == [Step.ACCEPTED, Step.DONE, Step.CONFIRMED]
    entry = camp.entry(0, at=now)
    assert (entry.made_up, entry.absent, entry.record.sources) == (180, 0, ("Read chapter 3",))
    assert camp.ledger(at=now).left == 300


def test_another_activity_makes_up_what_was_missed(camp: HoursCamp) -> None:
    camp.hold(0, 1)
    camp.do(lambda s: _only_for(s, camp.activities[4], "第2组"))

    offered = _offer(camp, other_id=camp.activities[4])

    assert (offered.other, offered.task, offered.source) == ("课程5", "", "课程5")


def test_an_activity_that_is_ones_own_anyway_makes_nothing_up(camp: HoursCamp) -> None:
    camp.hold(0, 1)

    with pytest.raises(Gone):
        _offer(camp, other_id=camp.activities[4])


def test_nothing_is_offered_to_whoever_was_present(camp: HoursCamp) -> None:
    camp.hold(0, 0)

    with pytest.raises(NothingToMakeUp):
        _offer(camp, task="Read chapter 3")


def test_one_offer_at_a_time(camp: HoursCamp) -> None:
    camp.hold(0, 1)
    first = _offer(camp, task="Read chapter 3")
    with pytest.raises(AlreadyOffered):
        _offer(camp, task="Read chapter 4")

    _step(camp, leave.answer_offer, first.id, camp.trainees[0], accept=False)

    assert _offer(camp, task="Read chapter 4").step is Step.OFFERED


@pytest.mark.parametrize("task", ["", "x", "x" * 501])
def test_a_task_says_what_is_to_be_done(camp: HoursCamp, task: str) -> None:
    camp.hold(0, 1)

    with pytest.raises(NoTask):
        _offer(camp, task=task)


def test_hours_return_once_however_often_it_is_confirmed(camp: HoursCamp) -> None:
    camp.hold(0, 1)
    offered = _offer(camp, task="Read chapter 3")
    _step(camp, leave.answer_offer, offered.id, camp.trainees[0], accept=True)

    results = [_step(camp, leave.confirm, offered.id, camp.coordinator) for _ in range(2)]

    assert [one.news for one in results] == [True, False]
    assert camp.entry(0, at=camp.ends(0)).made_up == 180


def test_steps_come_in_their_order(camp: HoursCamp) -> None:
    camp.hold(0, 1)
    offered = _offer(camp, task="Read chapter 3")

    with pytest.raises(OtherSteps):
        _step(camp, leave.report_done, offered.id, camp.trainees[0], note="")
    with pytest.raises(OtherSteps):
        _step(camp, leave.confirm, offered.id, camp.coordinator)
    _step(camp, leave.withdraw_offer, offered.id, camp.coordinator)
    with pytest.raises(OtherSteps):
        _step(camp, leave.answer_offer, offered.id, camp.trainees[0], accept=True)


def test_what_is_not_done_yet_goes_back_with_a_line(camp: HoursCamp) -> None:
    camp.hold(0, 1)
    offered = _offer(camp, task="Read chapter 3")
    _step(camp, leave.answer_offer, offered.id, camp.trainees[0], accept=True)
    _step(camp, leave.report_done, offered.id, camp.trainees[0], note="")

    back = _step(camp, leave.send_back, offered.id, camp.coordinator, line="Page 40 is missing")

    assert (back.view.step, back.view.line) == (Step.ACCEPTED, "Page 40 is missing")


def test_make_ups_belong_to_their_two_sides(camp: HoursCamp) -> None:
    camp.hold(0, 1)
    offered = _offer(camp, task="Read chapter 3")

    with pytest.raises(Gone):
        _step(camp, leave.answer_offer, offered.id, camp.trainees[1], accept=True)
    for who in (camp.trainees[0], camp.staff[Role.AUDITOR], camp.staff[Role.UNIT_CONTACT]):
        with pytest.raises(NotAllowed):
            _step(camp, leave.confirm, offered.id, who)
    with pytest.raises(NotAllowed):
        camp.see(lambda s: leave.show_make_up(s, speaker=camp.trainees[1], make_up_id=offered.id))


def test_who_was_marked_present_meanwhile_has_nothing_to_make_up(camp: HoursCamp) -> None:
    camp.hold(0, 1)
    offered = _offer(camp, task="Read chapter 3")
    _step(camp, leave.answer_offer, offered.id, camp.trainees[0], accept=True)
    camp.mark(0, 0, Mark.PRESENT, camp.ends(0))

    with pytest.raises(NothingMissed):
        _step(camp, leave.confirm, offered.id, camp.coordinator)

    assert camp.entry(0, at=camp.ends(0)).standing is Standing.PRESENT


def _offer(camp: HoursCamp, **what: Any) -> leave.MakeUpView:
    return camp.do(
        lambda s: leave.offer(
            s,
            speaker=camp.coordinator,
            cohort_id=camp.cohort,
            person_id=camp.trainees[0].person_id,
            activity_id=camp.activities[0],
            now=camp.ends(0),
            **what,
        )
    )


def _step(camp: HoursCamp, step: Any, make_up_id: int, who: Any, **more: Any) -> leave.Moved:
    moved: leave.Moved = camp.do(lambda s: step(s, speaker=who, make_up_id=make_up_id, now=camp.ends(0), **more))
    return moved


def _only_for(session: Any, activity_id: int, group: str) -> None:
    _set(session, activity_id, group_name=group)


def _set(session: Any, activity_id: int, **values: Any) -> None:
    session.execute(ACTIVITY.update().where(ACTIVITY.c.id == activity_id).values(**values))
