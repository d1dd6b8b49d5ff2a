from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.audit.models import Change
from bot.checkin import service as checkin
from bot.errors import Gone, NotAllowed, NotLinked
from bot.hours.rules import Standing
from bot.hours.service import Setting
from bot.leave import service as leave
from bot.leave.approving import LineTooLong, NoLine, NotYourTurn, OwnRequest
from bot.leave.models import Kind, Status
from bot.leave.requests import NoLongerPossible, NoReason, NothingChosen
from bot.people.models import Role
from bot.timetable.service import TABLE as ACTIVITY
from tests.support.hours_camp import EVE, HoursCamp


def test_leave_is_asked_for_by_the_activity(camp: HoursCamp) -> None:
    request = camp.ask(1, 2)

    assert [item.title for item in request.items] == ["课程2", "课程3"]
    assert (request.minutes, request.status, request.reason) == (240, Status.HEAD, "I am ill.")


def test_approval_reaches_the_check_in_and_the_ledger(camp: HoursCamp) -> None:
    request = camp.ask(1)

    decided = camp.decide(request)

    assert (decided.request.status, decided.request.decider) == (Status.APPROVED, "陈老师")
    excused = camp.see(lambda s: checkin.excused_from(s, camp.activities[1]))
    assert dict(excused) == {camp.trainees[0].person_id: f"leave:{request.id}"}
    assert camp.entry(1).standing is Standing.EXCUSED
    assert camp.ledger().left == 180


def test_what_is_not_decided_uses_nothing(camp: HoursCamp) -> None:
    camp.ask(1)

    assert camp.ledger().left == 300


def test_a_declined_request_changes_nothing_and_says_why(camp: HoursCamp) -> None:
    decided = camp.decide(camp.ask(1), approve=False, line="  We need\nyou there. ")

    assert (decided.request.status, decided.request.line) == (Status.DECLINED, "We need you there.")
    assert camp.entry(1).standing is Standing.AHEAD


def test_a_second_decision_is_no_news_and_changes_nothing(camp: HoursCamp) -> None:
    request = camp.ask(1)
    camp.decide(request)

    again = camp.decide(request, approve=False, line="no")

    assert (again.news, again.request.status) == (False, Status.APPROVED)
    assert len(_log(camp, "approve")) == 1


@pytest.mark.parametrize(("line", "refusal"), [("", NoLine), ("  ", NoLine), ("x" * 501, LineTooLong)])
def test_declining_needs_a_line(camp: HoursCamp, line: str, refusal: type[Exception]) -> None:
    request = camp.ask(1)

    with pytest.raises(refusal):
        camp.decide(request, approve=False, line=line)

    assert camp.see(lambda s: leave.get_request(s, request.id)).is_waiting


@pytest.mark.parametrize("reason", ["", "x", " \n ", "x" * 501])
def test_a_request_needs_a_reason(camp: HoursCamp, reason: str) -> None:
    with pytest.raises(NoReason):
        camp.ask(1, reason=reason)


def test_a_request_needs_an_activity(camp: HoursCamp) -> None:
    with pytest.raises(NothingChosen):
        camp.ask()


def test_what_has_begun_cannot_be_asked_about(camp: HoursCamp) -> None:
    camp.ask(1, at=camp.starts(1) - timedelta(seconds=1))

    with pytest.raises(NoLongerPossible):
        camp.ask(1, trainee=1, at=camp.starts(1))


def test_what_was_asked_about_cannot_be_asked_about_again(camp: HoursCamp) -> None:
    request = camp.ask(1)
    with pytest.raises(NoLongerPossible):
        camp.ask(1, 2)

    camp.decide(request, approve=False, line="no")
    again = camp.ask(1, 2)

    assert again.is_waiting


def test_another_camps_activity_cannot_be_asked_about(camp: HoursCamp) -> None:
    with pytest.raises(NoLongerPossible):
        camp.do(lambda s: _send(s, camp, [999]))


def test_only_a_trainee_of_the_camp_asks(camp: HoursCamp) -> None:
    with pytest.raises(Gone):
        camp.do(lambda s: _send(s, camp, [camp.activities[0]], speaker=camp.coordinator))
    with pytest.raises(NotLinked):
        camp.do(lambda s: _send(s, camp, [camp.activities[0]], speaker=None))


@pytest.mark.parametrize("who", [Role.AUDITOR, Role.UNIT_CONTACT])
def test_others_may_not_decide(camp: HoursCamp, who: Role) -> None:
    request = camp.ask(1)

    with pytest.raises((NotAllowed, NotYourTurn)):
        camp.decide(request, by=camp.staff[who])


def test_nobody_decides_their_own_request(camp: HoursCamp) -> None:
    with pytest.raises(OwnRequest):
        camp.decide(camp.ask(1), by=camp.trainees[0])


def test_a_request_can_be_taken_back_until_it_is_decided(camp: HoursCamp) -> None:
    first, second = camp.ask(1), camp.ask(2)
    camp.decide(second)

    results = [_withdraw(camp, one.id) for one in (first, second)]
    decided = camp.decide(first)

    assert [(one.news, one.request.status) for one in results] == [
        (True, Status.WITHDRAWN),
        (False, Status.APPROVED),
    ]
    assert (decided.news, camp.entry(1).standing) == (False, Standing.AHEAD)


def test_nobody_takes_back_what_is_not_theirs(camp: HoursCamp) -> None:
    request = camp.ask(1)

    with pytest.raises(Gone):
        camp.do(lambda s: leave.withdraw_request(s, speaker=camp.trainees[1], request_id=request.id, now=EVE))


def test_longer_leave_is_decided_by_the_department_after_the_coordinator(camp: HoursCamp) -> None:
    camp.rule(Setting.DEPARTMENT, camp.department.person_id)
    camp.rule(Setting.HEAD, 120)
    short, long = camp.ask(1), camp.ask(2, 4)

    first, second = camp.decide(short), camp.decide(long)
    with pytest.raises(NotYourTurn):
        camp.decide(long)
    between = camp.entry(2).standing
    third = camp.decide(long, by=camp.department, line="Get well")

    assert first.request.status is Status.APPROVED
    assert (second.request.status, second.request.head) == (Status.DEPARTMENT, "陈老师")
    assert between is Standing.AHEAD
    assert (third.request.status, third.request.decider, third.request.line) == (
        Status.APPROVED,
        "王处长",
        "Get well",
    )
    assert camp.entry(2).standing is Standing.EXCUSED


def test_the_department_cannot_decide_before_the_coordinator(camp: HoursCamp) -> None:
    camp.rule(Setting.DEPARTMENT, camp.department.person_id)
    camp.rule(Setting.HEAD, 0)

    with pytest.raises(NotYourTurn):
        camp.decide(camp.ask(1), by=camp.department)


def test_the_one_message_goes_to_whoever_decides_next(camp: HoursCamp) -> None:
    camp.rule(Setting.DEPARTMENT, camp.department.person_id)
    camp.rule(Setting.HEAD, 0)
    request = camp.ask(1)

    first = camp.see(lambda s: leave.deciders(s, request))
    after = camp.decide(request).request
    second = camp.see(lambda s: leave.deciders(s, after))

    assert [one.name for one in first] == ["陈老师"]
    assert [one.name for one in second] == ["王处长"]


def test_where_the_department_is_gone_the_coordinator_decides_what_it_left(camp: HoursCamp) -> None:
    camp.rule(Setting.DEPARTMENT, camp.department.person_id)
    camp.rule(Setting.HEAD, 0)
    request = camp.decide(camp.ask(1)).request
    camp.rule(Setting.DEPARTMENT, 0)

    assert camp.decide(request).request.status is Status.APPROVED


def test_a_change_after_approval_is_a_new_request(camp: HoursCamp) -> None:
    camp.decide(camp.ask(1, 2))

    back = camp.ask(2, kind=Kind.RETURN, reason="I can come after all.")
    waiting = camp.entry(2).standing
    camp.decide(back)

    assert waiting is Standing.EXCUSED
    assert (camp.entry(1).standing, camp.entry(2).standing) == (Standing.EXCUSED, Standing.AHEAD)
    assert camp.ledger().left == 180


def test_one_cannot_come_back_to_what_one_has_no_leave_from(camp: HoursCamp) -> None:
    with pytest.raises(NoLongerPossible):
        camp.ask(1, kind=Kind.RETURN)


def test_the_preview_says_that_a_request_would_end_the_course(camp: HoursCamp) -> None:
    five, six = _preview(camp, 0, 1), _preview(camp, 0, 1, 2)

    assert (five.minutes, five.ends_course, five.after.left) == (300, False, 0)
    assert (six.minutes, six.ends_course) == (420, True)


def test_the_approver_sees_budget_earlier_leave_and_clashes(camp: HoursCamp) -> None:
    camp.decide(camp.ask(0, trainee=1))
    camp.decide(camp.ask(1))
    camp.do(lambda s: _speaker(s, camp.activities[4], "学员00"))
    request = camp.ask(0, 4)

    seen = camp.see(lambda s: leave.show_request(s, speaker=camp.coordinator, request_id=request.id, now=EVE))

    assert (seen.before.left, seen.after.left, seen.ends_course) == (180, 0, True)
    assert (seen.earlier, seen.earlier_minutes) == (1, 120)
    assert [(clash.item.title, clash.others_away, clash.is_speaker) for clash in seen.clashes] == [
        ("课程1", 1, False),
        ("课程5", 0, True),
    ]
    assert seen.may_decide


def test_an_auditor_reads_requests_and_decides_none(camp: HoursCamp) -> None:
    request, auditor = camp.ask(1), camp.staff[Role.AUDITOR]

    seen = camp.see(lambda s: leave.show_request(s, speaker=auditor, request_id=request.id, now=EVE))
    listed = camp.see(lambda s: leave.list_waiting(s, speaker=auditor, cohort_id=camp.cohort))

    assert not seen.may_decide
    assert [one.id for one in listed] == [request.id]


def test_a_photo_is_for_the_person_and_those_who_decide(camp: HoursCamp) -> None:
    request = camp.ask(1, photo="AgAC")

    found = [
        camp.see(lambda s, who=who: leave.require_photo(s, who, request.id))  # type: ignore[misc]
        for who in (camp.trainees[0], camp.coordinator)
    ]

    assert found == ["AgAC", "AgAC"]
    for who in (camp.trainees[1], camp.staff[Role.UNIT_CONTACT], None):
        with pytest.raises(NotAllowed):
            camp.see(lambda s, who=who: leave.require_photo(s, who, request.id))  # type: ignore[misc]


def test_every_step_of_a_request_stands_in_the_change_log(camp: HoursCamp) -> None:
    camp.decide(camp.ask(1), line="Fine")

    (asked,), (approved,) = _log(camp, "ask"), _log(camp, "approve")

    assert asked.actor_id == camp.trainees[0].person_id
    assert (approved.actor_id, approved.before, approved.after, approved.reason) == (
        camp.coordinator.person_id,
        '{"status":"head"}',
        '{"status":"approved"}',
        "Fine",
    )


def _send(session: Any, camp: HoursCamp, activity_ids: list[int], **more: Any) -> leave.RequestView:
    usual: dict[str, Any] = {"kind": Kind.LEAVE, "reason": "I am ill.", "photo": None, "now": EVE}
    usual["speaker"] = camp.trainees[0]
    return leave.send_request(session, cohort_id=camp.cohort, activity_ids=activity_ids, **usual | more)


def _withdraw(camp: HoursCamp, request_id: int) -> leave.TakenBack:
    return camp.do(lambda s: leave.withdraw_request(s, speaker=camp.trainees[0], request_id=request_id, now=EVE))


def _preview(camp: HoursCamp, *numbers: int) -> leave.Preview:
    ids = [camp.activities[number] for number in numbers]
    return camp.see(
        lambda s: leave.preview(
            s, speaker=camp.trainees[0], cohort_id=camp.cohort, kind=Kind.LEAVE, activity_ids=ids, now=EVE
        )
    )


def _log(camp: HoursCamp, action: str) -> list[Change]:
    query = select(Change).where(col(Change.subject) == "leave", col(Change.action) == action)
    return list(camp.see(lambda s: s.scalars(query).all()))


def _speaker(session: Any, activity_id: int, name: str) -> None:
    _set(session, activity_id, speaker=f"主讲：{name}")


def _set(session: Any, activity_id: int, **values: Any) -> None:
    session.execute(ACTIVITY.update().where(ACTIVITY.c.id == activity_id).values(**values))
