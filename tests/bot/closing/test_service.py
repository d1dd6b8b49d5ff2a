from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import Session

from bot.checkin import service as checkin
from bot.checkin import walk_ins
from bot.checkin.appeals import make_appeal
from bot.checkin.head_counts import count_heads
from bot.checkin.rules import Status
from bot.closing import rules
from bot.closing import service as closing
from bot.errors import Gone, NotAllowed
from bot.people.models import Role
from bot.people.service import PERSON
from bot.recurrence import service as recurrence
from bot.recurrence.models import Occurrence
from tests.support.hours_camp import EVE, HOUR, MINUTE, HoursCamp

MONDAY = date(2026, 12, 7)
EVENING = datetime(2026, 12, 7, 13, 0, tzinfo=EVE.tzinfo)
"""Nine in the evening, by the camp's clock."""


def review(camp: HoursCamp, at: datetime = EVENING) -> closing.DayReview:
    return camp.see(lambda s: closing.review_day(s, camp.cohort, MONDAY, at))


def hold_all(camp: HoursCamp) -> None:
    for number in range(3):
        camp.hold(number, 0, 1, 2)


def test_a_day_on_which_everything_is_done_is_clear(camp: HoursCamp) -> None:
    hold_all(camp)

    seen = review(camp)

    assert seen.is_clear
    assert (seen.activities, seen.ahead) == (3, 0)


def test_the_missing_are_named_by_activity_and_those_on_leave_are_not(camp: HoursCamp) -> None:
    camp.decide(camp.ask(0))
    camp.hold(0, 2)
    camp.hold(1, 0, 1, 2)
    camp.hold(2, 0, 1, 2)

    seen = review(camp)

    assert [(one.activity.title, [p.name for p in one.people], one.is_open) for one in seen.missing] == [
        ("课程1", ["学员01"], False)
    ]


def test_an_activity_without_any_attendance_is_named_and_nobody_is_missing_there(camp: HoursCamp) -> None:
    camp.hold(0, 0, 1, 2)

    seen = review(camp)

    assert [one.title for one in seen.unrecorded] == ["课程2", "课程3"]
    assert seen.missing == ()


def test_what_is_still_to_come_is_counted_and_not_judged(camp: HoursCamp) -> None:
    camp.hold(0, 0, 1, 2)

    seen = review(camp, camp.ends(0))

    assert (seen.ahead, seen.unrecorded) == (2, ())


def test_head_counts_appeals_requests_walk_ins_and_the_unlinked_are_there(camp: HoursCamp) -> None:
    hold_all(camp)
    camp.do(lambda s: _leave_open(s, camp))
    camp.ask(4)

    seen = review(camp)

    assert [(one.group, one.counted, one.arrived) for one in seen.counts] == [("第2组", 3, 1)]
    assert [one.name for one in seen.appeals] == ["学员00"]
    assert [one.name for one in seen.requests] == ["学员00"]
    assert [one.name for one in seen.walk_ins] == ["新来的"]
    assert seen.unlinked == 1


def test_a_head_count_that_agrees_is_no_exception(camp: HoursCamp) -> None:
    hold_all(camp)
    camp.do(
        lambda s: count_heads(
            s, speaker=camp.coordinator, activity_id=camp.activities[0], counted=1, group="第2组", now=camp.ends(0)
        )
    )

    assert review(camp).counts == ()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COORDINATOR])
def test_readers_see_the_day_and_only_a_coordinator_may_act(camp: HoursCamp, role: Role) -> None:
    seen = camp.see(
        lambda s: closing.show_day(s, speaker=camp.staff[role], cohort_id=camp.cohort, on=None, now=EVENING)
    )

    assert (seen.on, seen.may_act) == (MONDAY, role is Role.COORDINATOR)


def test_nobody_else_sees_the_day(camp: HoursCamp) -> None:
    for who in (camp.trainees[0], camp.staff[Role.UNIT_CONTACT], None):
        with pytest.raises(NotAllowed):
            camp.see(
                lambda s, who=who: closing.show_day(s, speaker=who, cohort_id=camp.cohort, on=None, now=EVENING)  # type: ignore[misc]
            )


def test_every_camp_gets_its_close_of_day_once(camp: HoursCamp) -> None:
    before = camp.see(lambda s: closing.unplanned(s, EVE))

    camp.do(lambda s: closing.plan(s, camp.cohort, EVE))

    assert before == [camp.cohort]
    assert camp.see(lambda s: closing.unplanned(s, EVE)) == []
    assert camp.see(lambda s: recurrence.find_recurrence(s, camp.cohort, "closing").due_at) == EVENING  # type: ignore[union-attr]


def test_a_day_is_closed_once_at_its_hour(camp: HoursCamp) -> None:
    camp.do(lambda s: closing.plan(s, camp.cohort, EVE))

    early = camp.do(lambda s: closing.take_due(s, EVENING - MINUTE))
    due = camp.do(lambda s: closing.take_due(s, EVENING))
    again = camp.do(lambda s: closing.take_due(s, EVENING))

    assert (early, [one.on for one in due], again) == ([], [MONDAY], [])


@pytest.mark.parametrize(("late", "told"), [(rules.GRACE, True), (rules.GRACE + MINUTE, False)])
def test_after_an_outage_a_day_is_closed_late_or_recorded_as_skipped(
    camp: HoursCamp, late: timedelta, told: bool
) -> None:
    camp.do(lambda s: closing.plan(s, camp.cohort, EVE))

    taken = camp.do(lambda s: closing.take_due(s, EVENING + late))

    outcomes = camp.see(lambda s: [(one.outcome, one.reason) for one in s.scalars(select(Occurrence))])
    assert bool(taken) is told
    assert outcomes == [("fired", "") if told else ("skipped", "too_late")]


def test_the_hour_can_be_changed_and_stays_when_the_plan_is_brought_into_line(camp: HoursCamp) -> None:
    camp.do(lambda s: closing.plan(s, camp.cohort, EVE))

    changed = camp.do(lambda s: _hour(s, camp, time(18, 0)))
    camp.do(lambda s: closing.plan(s, camp.cohort, EVE))

    assert changed.at == time(18, 0)
    assert camp.see(lambda s: closing.hour_of(s, speaker=camp.coordinator, cohort_id=camp.cohort)).at == time(18, 0)


def test_an_hour_that_is_not_offered_is_refused(camp: HoursCamp) -> None:
    with pytest.raises(Gone):
        camp.do(lambda s: _hour(s, camp, time(3, 33)))


def test_the_missing_of_an_activity_are_named_once_and_on_the_same_day(camp: HoursCamp) -> None:
    camp.hold(0, 1)
    now = camp.ends(0)

    (found,) = camp.see(lambda s: closing.find_absences(s, now))
    first = camp.do(lambda s: closing.take_absence(s, found, now))
    second = camp.do(lambda s: closing.take_absence(s, found, now))

    assert first is not None
    assert [one.person.name for one in first.people] == ["学员00", "学员02"]
    assert first.in_a_row == ()
    assert second is None
    assert camp.see(lambda s: closing.find_absences(s, now)) == []


def test_absences_in_a_row_are_pointed_out_with_their_activities(camp: HoursCamp) -> None:
    camp.hold(0, 1)
    camp.hold(1, 1, 2)

    found = camp.see(lambda s: closing.find_absences(s, camp.ends(1)))

    rows = {one.activity.title: one.in_a_row for one in found}
    assert rows["课程1"] == ()
    (row,) = rows["课程2"]
    assert row.person.name == "学员00"
    assert [entry.record.title for entry in row.row] == ["课程1", "课程2"]


def test_nobody_is_named_who_was_marked_present_before_it_is_said(camp: HoursCamp) -> None:
    camp.hold(0, 1)
    now = camp.ends(0)
    (found,) = camp.see(lambda s: closing.find_absences(s, now))
    camp.mark(0, 0, Status.PRESENT, now)

    told = camp.do(lambda s: closing.take_absence(s, found, now))

    assert told is not None
    assert [one.person.name for one in told.people] == ["学员02"]


def test_while_the_check_in_is_open_nobody_is_named_before_the_last_call(camp: HoursCamp) -> None:
    camp.do(lambda s: _stay_open(s, camp))
    ended = camp.ends(2)

    times = [ended + HOUR, ended + 2 * HOUR]
    named = [bool(camp.see(lambda s, at=at: closing.find_absences(s, at))) for at in times]  # type: ignore[misc]

    assert named == [False, True]


def test_the_last_call_is_on_the_day_itself() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    late = datetime(2026, 12, 7, 14, 0, tzinfo=EVE.tzinfo)

    assert rules.absences_due_at(late, late + 4 * HOUR, zone) == datetime(2026, 12, 7, 15, 30, tzinfo=EVE.tzinfo)
    assert rules.absences_due_at(late, late, zone) == late
    assert rules.absences_due_at(late + 2 * HOUR, late + 6 * HOUR, zone) == late + 6 * HOUR


def _leave_open(session: Session, camp: HoursCamp) -> None:
    activity, now = camp.activities[0], camp.ends(0)
    count_heads(session, speaker=camp.coordinator, activity_id=activity, counted=3, group="第2组", now=now)
    make_appeal(session, speaker=camp.trainees[0], activity_id=activity, said="I was there", now=now)
    walk_ins.add_walk_in(session, speaker=camp.coordinator, activity_id=activity, name="新来的", now=now)
    session.execute(PERSON.update().where(PERSON.c.id == camp.trainees[2].person_id).values(telegram_id=None))


def _hour(session: Session, camp: HoursCamp, at: time) -> closing.Hour:
    return closing.change_hour(session, speaker=camp.coordinator, cohort_id=camp.cohort, at=at, now=EVE)


def _stay_open(session: Session, camp: HoursCamp) -> None:
    checkin.open_checkin(session, speaker=camp.coordinator, activity_id=camp.activities[2], now=camp.starts(2))
