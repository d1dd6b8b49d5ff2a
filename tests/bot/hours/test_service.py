from datetime import datetime

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.audit import service as audit
from bot.audit.models import Change
from bot.checkin import service as checkin
from bot.checkin.queries import ATTENDANCE
from bot.checkin.rules import Status
from bot.errors import Gone, NotAllowed, NotLinked
from bot.hours import reviewing
from bot.hours import service as hours
from bot.hours.models import HoursWarning
from bot.hours.rules import Ending, Level, Rules, Standing
from bot.hours.service import NothingMissed, Setting
from bot.people.models import Role
from bot.people.service import MEMBERSHIP, Speaker
from bot.timetable.service import TABLE as ACTIVITY
from tests.support.hours_camp import EVE, HOUR, HoursCamp


def test_nothing_is_used_before_the_camp_begins(camp: HoursCamp) -> None:
    ledger = camp.ledger()

    assert (ledger.total, ledger.allowance, ledger.left) == (35 * 60, 5 * 60, 5 * 60)
    assert {entry.standing for entry in ledger.entries} == {Standing.AHEAD}


def test_the_ledger_divides_what_happened(camp: HoursCamp) -> None:
    camp.hold(0, 0, 1, late=1)
    camp.hold(1, 0)
    evening = camp.ends(2)

    first, second, third = (camp.ledger(one, evening) for one in range(3))

    assert (first.sum("attended"), first.used) == (300, 0)
    assert (second.sum("attended"), second.sum("late"), second.sum("absent")) == (150, 30, 120)
    assert (third.sum("absent"), third.used, third.left) == (300, 300, 0)


def test_nobody_is_absent_while_the_check_in_is_open(camp: HoursCamp) -> None:
    start = camp.starts(0)
    camp.do(lambda s: _open(s, camp, 0))

    during = camp.entry(0, at=start + HOUR)
    at_the_end = camp.entry(0, at=camp.ends(0))
    later = camp.entry(0, at=camp.ends(0) + 2 * HOUR)

    assert [one.standing for one in (during, at_the_end, later)] == [Standing.AHEAD, Standing.AHEAD, Standing.ABSENT]


def test_one_mark_by_hand_makes_nobody_else_absent(camp: HoursCamp) -> None:
    camp.mark(0, 0, Status.PRESENT, camp.starts(0))

    entries = [camp.entry(0, trainee, camp.ends(0) + 3 * HOUR) for trainee in (0, 1)]

    assert [one.standing for one in entries] == [Standing.PRESENT, Standing.UNRECORDED]


def test_an_activity_of_another_group_is_not_in_the_ledger(camp: HoursCamp) -> None:
    camp.do(lambda s: _only_for(s, camp.activities[0], "第2组"))

    assert camp.ledger(0).entry(camp.activities[0]) is None
    assert camp.ledger(1).entry(camp.activities[0]) is not None
    assert camp.ledger(0).total == 32 * 60


def test_what_an_activity_counts_may_differ_from_its_length(camp: HoursCamp) -> None:
    camp.do(lambda s: _set(s, camp.activities[0], minutes=45))

    assert camp.entry(0).record.minutes == 45


def test_a_cancelled_activity_asks_for_no_hours(camp: HoursCamp) -> None:
    camp.do(lambda s: _set(s, camp.activities[0], cancelled_at=EVE))

    assert camp.ledger().total == 32 * 60


def test_somebody_is_not_absent_from_what_ended_before_they_joined(camp: HoursCamp) -> None:
    camp.hold(0, 0)
    camp.do(lambda s: _joined(s, camp, 1, camp.ends(1)))

    assert camp.entry(0, 1, camp.ends(0)).standing is Standing.UNRECORDED


def test_the_rules_can_be_changed_and_every_ledger_follows(camp: HoursCamp) -> None:
    camp.hold(0, 1)
    before = camp.ledger(0, camp.ends(0))

    camp.rule(Setting.SHARE, 1, 10)
    camp.rule(Setting.ABSENCE, 2)
    after = camp.ledger(0, camp.ends(0))

    assert (before.used, before.allowance) == (180, 300)
    assert (after.used, after.allowance) == (360, 210)
    assert after.endings == (Ending.HOURS,)


def test_a_changed_rule_stands_in_the_change_log(camp: HoursCamp) -> None:
    camp.rule(Setting.SHARE, 1, 5)
    camp.rule(Setting.SHARE, 1, 5)

    lines = camp.see(lambda s: s.scalars(select(Change).where(col(Change.subject) == "hours_rule")).all())
    assert [(line.before, line.after) for line in lines] == [('{"of":7}', '{"of":5}')]
    assert lines[0].actor_id == camp.coordinator.person_id


@pytest.mark.parametrize(
    ("setting", "value"),
    [(Setting.SHARE, (2, 7)), (Setting.DAYS, (9,)), (Setting.LATE, ()), (Setting.DEPARTMENT, (1,))],
)
def test_a_rule_that_is_not_offered_is_refused(camp: HoursCamp, setting: Setting, value: tuple[int, ...]) -> None:
    value = (camp.trainees[0].person_id,) if setting is Setting.DEPARTMENT else value

    with pytest.raises(Gone):
        camp.rule(setting, *value)

    assert camp.see(lambda s: hours.rules_of(s, camp.cohort)) == Rules()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.UNIT_CONTACT])
def test_only_a_coordinator_changes_rules(camp: HoursCamp, role: Role) -> None:
    with pytest.raises(NotAllowed):
        camp.do(
            lambda s: hours.change_rule(
                s, speaker=camp.staff[role], cohort_id=camp.cohort, setting=Setting.LATE, value=(1,), now=EVE
            )
        )


def test_a_unit_contact_sees_own_people_only(camp: HoursCamp) -> None:
    contact = camp.staff[Role.UNIT_CONTACT]

    seen = camp.see(lambda s: hours.show_overview(s, speaker=contact, cohort_id=camp.cohort, now=EVE))

    assert [one.trainee.name for one in seen.accounts] == ["学员01"]
    assert not seen.may_act
    with pytest.raises(NotAllowed):
        _look(camp, contact, 0)
    assert _look(camp, contact, 1).trainee.name == "学员01"


def test_an_auditor_sees_everybody_and_may_do_nothing(camp: HoursCamp) -> None:
    seen = _look(camp, camp.staff[Role.AUDITOR], 0)

    assert not seen.may_act


@pytest.mark.parametrize("who", ["trainee", "stranger", "teacher"])
def test_nobody_else_sees_a_ledger(camp: HoursCamp, who: str) -> None:
    speaker = {"trainee": camp.trainees[1], "stranger": None, "teacher": camp.department}[who]

    with pytest.raises(NotAllowed):
        _look(camp, speaker, 0)


def test_ones_own_ledger_needs_no_role_but_the_camp(camp: HoursCamp) -> None:
    own = camp.see(lambda s: hours.show_own(s, speaker=camp.trainees[0], cohort_id=camp.cohort, now=EVE))

    assert own.is_own
    with pytest.raises(Gone):
        camp.see(lambda s: hours.show_own(s, speaker=camp.coordinator, cohort_id=camp.cohort, now=EVE))
    with pytest.raises(NotLinked):
        camp.see(lambda s: hours.show_own(s, speaker=None, cohort_id=camp.cohort, now=EVE))


def test_hours_return_once_for_one_cause(camp: HoursCamp) -> None:
    camp.hold(0, 1)

    first, second = _return(camp, 100), _return(camp, 100)

    assert (first.minutes, first.news, second.news) == (100, True, False)
    entry = camp.entry(0, at=camp.ends(0))
    assert (entry.made_up, entry.absent, entry.record.sources) == (100, 80, ("Essay",))


def test_no_more_hours_return_than_were_missed(camp: HoursCamp) -> None:
    camp.hold(0, 1)
    _return(camp, 500)

    with pytest.raises(NothingMissed):
        _return(camp, 10, cause="makeup:2")

    assert camp.entry(0, at=camp.ends(0)).made_up == 180


def test_each_level_is_told_once_and_names_the_activity(camp: HoursCamp) -> None:
    camp.hold(0, 1)
    evening = camp.ends(0)

    first = _news(camp, evening)
    again = _news(camp, evening)

    assert [(one.level, one.entry.record.title) for one in first if one.entry] == [(Level.HALF, "课程1")]
    assert again == []


def test_the_end_of_a_course_skips_what_came_before_it(camp: HoursCamp) -> None:
    for number in range(3):
        camp.hold(number, 1)

    told = _news(camp, camp.ends(2))

    assert [one.level for one in told] == [Level.OVER]
    assert len(camp.see(lambda s: s.scalars(select(HoursWarning)).all())) == 3


def test_an_end_that_was_undone_is_told_and_may_come_again(camp: HoursCamp) -> None:
    for number in range(3):
        camp.hold(number, 1)
    now = camp.ends(2)
    _news(camp, now)
    _return(camp, 180)

    lifted = _news(camp, now)
    quiet = _news(camp, now)
    camp.hold(3, 1)
    again = _news(camp, camp.ends(3))

    assert [(one.is_lifted, one.level) for one in lifted] == [(True, Level.THREE_QUARTERS)]
    assert quiet == []
    assert [one.level for one in again] == [Level.OVER]


def test_nobody_who_was_present_has_news(camp: HoursCamp) -> None:
    camp.hold(0, 0, 1, 2)

    found = camp.see(lambda s: hours.review(s, camp.cohort, camp.ends(0)))

    assert found.person_ids == ()


def test_a_camp_is_looked_through_when_something_changed_and_then_not_again(camp: HoursCamp) -> None:
    camp.hold(0, 1)
    now = camp.ends(0)

    due = camp.see(lambda s: hours.cohorts_to_review(s, now))
    found = camp.see(lambda s: hours.review(s, camp.cohort, now))
    camp.do(lambda s: hours.finish(s, found))

    assert list(due) == [camp.cohort]
    assert found.person_ids == (camp.trainees[0].person_id, camp.trainees[2].person_id)
    assert list(camp.see(lambda s: hours.cohorts_to_review(s, now))) == []


@pytest.mark.parametrize(("subject", "is_due"), [("notice", False), ("leave", True), ("whatever comes", True)])
def test_only_what_no_ledger_is_made_of_is_no_reason_to_look(camp: HoursCamp, subject: str, is_due: bool) -> None:
    now = camp.ends(0)
    camp.do(lambda s: hours.finish(s, hours.review(s, camp.cohort, now)))
    camp.do(lambda s: _log(s, camp, now, None, subject))

    due = camp.see(lambda s: hours.cohorts_to_review(s, now))

    assert list(due) == ([camp.cohort] if is_due else [])


def test_the_end_of_an_activity_alone_makes_a_camp_due(camp: HoursCamp) -> None:
    camp.do(lambda s: _open(s, camp, 0))
    open_ = camp.ends(0)
    camp.do(lambda s: hours.finish(s, hours.review(s, camp.cohort, open_)))

    due = [list(camp.see(lambda s, at=at: hours.cohorts_to_review(s, at))) for at in (open_ + HOUR, open_ + 2 * HOUR)]  # type: ignore[misc]

    assert due == [[], [camp.cohort]]


def test_a_line_about_one_person_has_only_that_persons_ledger_looked_at(camp: HoursCamp) -> None:
    camp.hold(0, 0, 1, 2)
    now = camp.ends(0)
    camp.do(lambda s: hours.finish(s, hours.review(s, camp.cohort, now)))
    _stay_away_unseen(camp, 0, 1)
    camp.do(lambda s: _log(s, camp, now, person_id=camp.trainees[0].person_id))

    found = camp.see(lambda s: hours.review(s, camp.cohort, now))

    assert found.person_ids == (camp.trainees[0].person_id,)


def test_a_roll_called_after_the_end_has_those_looked_at_whom_it_did_not_record(camp: HoursCamp) -> None:
    now = camp.ends(0) + 2 * HOUR
    camp.do(lambda s: hours.finish(s, hours.review(s, camp.cohort, now)))
    away, activity = camp.trainees[1].person_id, camp.activities[0]
    sheet = {"speaker": camp.coordinator, "activity_id": activity}
    camp.do(lambda s: checkin.name_absent(s, **sheet, person_id=away))  # type: ignore[arg-type]
    camp.do(lambda s: checkin.call_roll(s, **sheet, now=now))  # type: ignore[arg-type]

    due = camp.see(lambda s: hours.cohorts_to_review(s, now))
    found = camp.see(lambda s: hours.review(s, camp.cohort, now))

    assert (list(due), found.person_ids) == ([camp.cohort], (away,))


@pytest.mark.parametrize("cause", ["a rule", "many people", "an end"])
def test_what_touches_everybody_has_every_ledger_looked_at(
    camp: HoursCamp, cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    camp.hold(0, 0, 1, 2)
    first, now = camp.ends(0), camp.ends(1) + 2 * HOUR if cause == "an end" else camp.ends(0)
    camp.do(lambda s: hours.finish(s, hours.review(s, camp.cohort, first)))
    _stay_away_unseen(camp, 0, 1)
    monkeypatch.setattr(reviewing, "MANY", 0 if cause == "many people" else 500)
    camp.do(lambda s: _log(s, camp, now, person_id=None if cause == "a rule" else camp.trainees[2].person_id))

    found = camp.see(lambda s: hours.review(s, camp.cohort, now))

    assert found.person_ids == tuple(one.person_id for one in camp.trainees[:2])


def _stay_away_unseen(camp: HoursCamp, *trainees: int) -> None:
    """These people are taken off the first activity, with nothing in the log."""
    ids = [camp.trainees[number].person_id for number in trainees]
    gone = ATTENDANCE.c.activity_id == camp.activities[0], ATTENDANCE.c.person_id.in_(ids)
    camp.do(lambda s: s.execute(update(ATTENDANCE).where(*gone).values(arrived_at=None)))


def _log(session: Session, camp: HoursCamp, now: datetime, person_id: int | None, subject: str = "hours") -> None:
    actor = audit.Actor(name="command")
    line = {"action": "change", "subject": subject, "cohort_id": camp.cohort, "person_id": person_id}
    audit.record(session, audit.entry(actor=actor, now=now, **line))  # type: ignore[arg-type]


def _open(session: Session, camp: HoursCamp, number: int) -> None:
    activity, start = camp.activities[number], camp.starts(number)
    checkin.open_checkin(session, speaker=camp.coordinator, activity_id=activity, now=start)


def _set(session: Session, activity_id: int, **values: object) -> None:
    session.execute(update(ACTIVITY).where(ACTIVITY.c.id == activity_id).values(**values))


def _only_for(session: Session, activity_id: int, group: str) -> None:
    _set(session, activity_id, group_name=group)


def _joined(session: Session, camp: HoursCamp, trainee: int, at: datetime) -> None:
    mine = MEMBERSHIP.c.person_id == camp.trainees[trainee].person_id
    session.execute(update(MEMBERSHIP).where(mine).values(joined_at=at))


def _look(camp: HoursCamp, speaker: Speaker | None, trainee: int) -> hours.Account:
    person = camp.trainees[trainee].person_id
    return camp.see(lambda s: hours.show_account(s, speaker=speaker, cohort_id=camp.cohort, person_id=person, now=EVE))


def _return(camp: HoursCamp, minutes: int, cause: str = "makeup:1") -> hours.Returned:
    return camp.do(
        lambda s: hours.return_hours(
            s,
            cohort_id=camp.cohort,
            person_id=camp.trainees[0].person_id,
            activity_id=camp.activities[0],
            minutes=minutes,
            source="Essay",
            cause=cause,
            speaker=camp.coordinator,
            now=camp.ends(2),
        )
    )


def _news(camp: HoursCamp, now: datetime) -> list[hours.News]:
    return camp.do(lambda s: hours.take_news_of(s, camp.cohort, camp.trainees[0].person_id, now))
