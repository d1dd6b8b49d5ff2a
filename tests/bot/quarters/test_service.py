from dataclasses import dataclass
from datetime import date

import pytest
from sqlmodel import Session, select

from bot.audit.models import Change
from bot.checkin import service as checkin
from bot.checkin.models import Rule
from bot.checkin.places import Spot
from bot.checkin.policies import Scope, Setting
from bot.errors import NotAllowed
from bot.hours import service as hours
from bot.ids import PersonId
from bot.people import access
from bot.people.founding import NameTaken
from bot.people.models import Cohort, Membership, Person, Role
from bot.people.service import Speaker
from bot.quarters import service
from bot.quarters.service import BadName, BeginsInThePast, Copier, Opening, Plan, PlanMoved
from bot.recurrence import service as recurrence
from bot.reminders import service as reminders
from bot.timetable import versions
from bot.timetable.models import Activity
from bot.timetable.service import MORNING
from tests.support.camps import MONDAY, SUNDAY_NOON, TUESDAY, WEDNESDAY, Camps, local

FIRST = date(2027, 3, 8)


def speaker_of(person: Person) -> Speaker:
    return Speaker(PersonId(person.id or 0), person.telegram_id or 0, person.name, "en")


@dataclass
class Desk:
    camps: Camps
    source: Cohort
    speaker: Speaker

    def plan(self, first: date = FIRST, name: str = "") -> Plan:
        return self.camps.see(
            lambda s: service.plan(
                s, source_id=self.source.id or 0, first=first, name=name, speaker=self.speaker, now=SUNDAY_NOON
            )
        )

    def open(self, name: str = "", seen: str | None = None, copiers: tuple[Copier, ...] = ()) -> Cohort:
        planned = self.plan(name=name)
        return self.camps.do(
            lambda s: service.open_quarter(
                s,
                source_id=self.source.id or 0,
                first=FIRST,
                name=name,
                seen=seen or planned.fingerprint,
                copiers=copiers,
                speaker=self.speaker,
                now=SUNDAY_NOON,
            )
        )

    def activities(self, cohort: Cohort) -> list[Activity]:
        query = select(Activity).where(Activity.cohort_id == cohort.id).order_by(Activity.__table__.c.starts_at)  # type: ignore[attr-defined]
        return self.camps.see(lambda s: list(s.exec(query).all()))


@pytest.fixture
def desk(camps: Camps) -> Desk:
    source = camps.cohort("第四期")
    speaker = speaker_of(camps.person(source, role=Role.COORDINATOR, name="王老师"))
    camps.activity(
        source, MONDAY, (9, 0), (10, 30), "开班式", kind="仪式", speaker="王芳", place="报告厅", notes="带笔"
    )
    camps.activity(source, WEDNESDAY, (14, 0), (16, 0), "研讨", group_name="一组", minutes=90)
    camps.activity(source, TUESDAY, title="Gone", cancelled_at=SUNDAY_NOON)
    return Desk(camps, source, speaker)


def test_a_plan_says_what_the_next_camp_would_be_and_makes_nothing(desk: Desk) -> None:
    planned = desk.plan()

    assert (planned.name, planned.first, planned.last) == ("第五期", FIRST, date(2027, 3, 10))
    assert [(copy.source.title, copy.starts_at) for copy in planned.copies] == [
        ("开班式", local(FIRST, 9)),
        ("研讨", local(date(2027, 3, 10), 14)),
    ]
    assert planned.coordinators == ("王老师",)
    assert desk.camps.see(lambda s: len(s.exec(select(Cohort)).all())) == 1


def test_the_new_camp_has_every_activity_with_all_that_is_said_about_it(desk: Desk) -> None:
    cohort = desk.open()

    first, second = desk.activities(cohort)
    assert (first.title, first.kind, first.speaker, first.place, first.notes) == (
        "开班式",
        "仪式",
        "王芳",
        "报告厅",
        "带笔",
    )
    assert (second.group_name, second.minutes, second.version) == ("一组", 90, 0)
    assert (first.starts_at, first.ends_at) == (local(FIRST, 9), local(FIRST, 10, 30))


def test_the_new_camp_keeps_zone_language_and_coordinators_and_has_no_trainees(desk: Desk) -> None:
    desk.camps.person(desk.source)

    cohort = desk.open()

    assert (cohort.time_zone, cohort.language, cohort.push_at) == ("Asia/Shanghai", "en", desk.source.push_at)
    people = desk.camps.see(lambda s: s.exec(select(Membership).where(Membership.cohort_id == cohort.id)).all())
    assert [(one.person_id, one.role) for one in people] == [(desk.speaker.person_id, Role.COORDINATOR)]


def test_the_morning_push_of_the_new_camp_is_set_up(desk: Desk) -> None:
    cohort = desk.open()

    found = desk.camps.see(lambda s: recurrence.find_recurrence(s, cohort.id or 0, MORNING))
    assert found is not None
    assert found.next_on == FIRST


def test_the_first_version_of_its_timetable_is_kept_and_every_activity_is_in_the_change_log(desk: Desk) -> None:
    cohort = desk.open()

    shelf = desk.camps.see(lambda s: versions.list_versions(s, cohort_id=cohort.id or 0, page=0, speaker=desk.speaker))
    changes = desk.camps.see(lambda s: s.exec(select(Change).where(Change.cohort_id == cohort.id)).all())
    assert [(one.number, one.cause, len(one.activities)) for one in shelf.versions] == [(1, versions.Cause.QUARTER, 2)]
    assert [change.action for change in changes if change.subject == "activity"] == ["create", "create"]


def test_other_features_are_told_the_new_activity_of_each_old_one(desk: Desk) -> None:
    told: list[Opening] = []

    cohort = desk.open(copiers=(lambda session, opening: told.append(opening),))

    (opening,) = told
    assert (opening.source, opening.target) == (desk.source.id, cohort.id)
    assert list(opening.activities.values()) == [one.id for one in desk.activities(cohort)]


def test_reminders_windows_and_hours_rules_are_copied_by_their_own_services(desk: Desk) -> None:
    source, number = desk.source.id or 0, desk.activities(desk.source)[0].id or 0

    def rule(session: Session) -> None:
        checkin.change_rule(
            session,
            speaker=desk.speaker,
            activity_id=number,
            scope=Scope.ACTIVITY,
            setting=Setting.LATE,
            value=15,
            now=SUNDAY_NOON,
        )
        hours.change_rule(
            session, speaker=desk.speaker, cohort_id=source, setting=hours.Setting.ABSENCE, value=(2,), now=SUNDAY_NOON
        )

    desk.camps.do(rule)

    def copy(session: Session, opening: Opening) -> None:
        shared = {"source": opening.source, "target": opening.target, "actor": opening.actor, "now": opening.now}
        reminders.copy_rules(session, **shared)  # type: ignore[arg-type]
        hours.copy_rules(session, **shared)  # type: ignore[arg-type]
        checkin.copy_rules(session, activities=opening.activities, **shared)  # type: ignore[arg-type]

    cohort = desk.open(copiers=(copy,))

    copied = desk.camps.see(lambda s: s.exec(select(Rule).where(Rule.cohort_id == cohort.id)).one())
    assert copied.scope == f"activity:{desk.activities(cohort)[0].id}"
    assert copied.late_after == 15
    assert desk.camps.see(lambda s: hours.rules_of(s, cohort.id or 0)).absence_factor == 2


def copy_hours(session: Session, opening: Opening) -> None:
    hours.copy_rules(session, source=opening.source, target=opening.target, actor=opening.actor, now=opening.now)


def deciding(desk: Desk, role: Role = Role.TEACHER) -> Person:
    """Somebody who decides longer leave in the camp that is copied."""
    person = desk.camps.person(desk.source, role=role, name="李处长")
    desk.camps.do(
        lambda s: hours.change_rule(
            s,
            speaker=desk.speaker,
            cohort_id=desk.source.id or 0,
            setting=hours.Setting.DEPARTMENT,
            value=(person.id or 0,),
            now=SUNDAY_NOON,
        )
    )
    return person


def test_whoever_decides_longer_leave_decides_it_in_the_new_camp_too_and_has_a_place_there(desk: Desk) -> None:
    person = deciding(desk)

    cohort = desk.open(copiers=(copy_hours,))

    assert desk.camps.see(lambda s: hours.rules_of(s, cohort.id or 0)).department_id == person.id
    assert desk.camps.see(lambda s: access.roles_in(s, person.id or 0, cohort.id or 0)) == {Role.TEACHER}


def test_whoever_has_left_the_old_camp_decides_nothing_in_the_new_one(desk: Desk) -> None:
    person = deciding(desk)
    desk.camps.leave(person, desk.source)

    cohort = desk.open(copiers=(copy_hours,))

    assert desk.camps.see(lambda s: hours.rules_of(s, cohort.id or 0)).department_id is None
    assert desk.camps.see(lambda s: access.roles_in(s, person.id or 0, cohort.id or 0)) == set()


def test_the_site_of_a_visit_is_the_site_of_its_copy(desk: Desk) -> None:
    number, spot = desk.activities(desk.source)[0].id or 0, Spot(31.9, 118.6)
    desk.camps.do(lambda s: checkin.set_site(s, speaker=desk.speaker, activity_id=number, spot=spot, now=SUNDAY_NOON))

    def copy(session: Session, opening: Opening) -> None:
        checkin.copy_sites(session, activities=opening.activities, actor=opening.actor, now=opening.now)

    cohort = desk.open(copiers=(copy,))

    copied = desk.activities(cohort)[0].id or 0
    shown = desk.camps.see(lambda s: checkin.show_site(s, speaker=desk.speaker, activity_id=copied))
    assert (shown.radius is not None, shown.spot) == (True, spot)


def test_a_camp_that_changed_since_it_was_shown_is_not_copied(desk: Desk) -> None:
    seen = desk.plan().fingerprint
    desk.camps.activity(desk.source, TUESDAY, title="New")

    with pytest.raises(PlanMoved):
        desk.open(seen=seen)


def test_opening_twice_makes_one_camp(desk: Desk) -> None:
    seen = desk.plan().fingerprint
    desk.open(seen=seen)

    with pytest.raises((NameTaken, BadName, PlanMoved)):
        desk.open(seen=seen)

    assert desk.camps.see(lambda s: len(s.exec(select(Cohort)).all())) == 2


def test_a_name_that_is_taken_or_none_is_refused(desk: Desk) -> None:
    with pytest.raises(NameTaken):
        desk.open("第四期")
    with pytest.raises(BadName):
        desk.open("x" * 61)


def test_without_a_number_in_the_name_the_name_is_asked(camps: Camps) -> None:
    source = camps.cohort("Green Goose")
    desk = Desk(camps, source, speaker_of(camps.person(source, role=Role.COORDINATOR)))

    assert desk.plan().name == ""
    with pytest.raises(BadName):
        desk.open()


def test_a_day_that_is_over_is_refused(desk: Desk) -> None:
    with pytest.raises(BeginsInThePast):
        desk.plan(date(2026, 12, 5))


def test_a_holiday_in_the_way_shifts_the_days_and_is_named(camps: Camps) -> None:
    source = camps.cohort("第四期", starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 3))
    desk = Desk(camps, source, speaker_of(camps.person(source, role=Role.COORDINATOR)))
    now = local(date(2026, 9, 1), 9)

    planned = camps.see(
        lambda s: service.plan(
            s, source_id=source.id or 0, first=date(2026, 9, 30), name="", speaker=desk.speaker, now=now
        )
    )

    assert (planned.first, planned.last) == (date(2026, 9, 30), date(2026, 10, 8))
    assert [stretch.name for stretch in planned.flags.outlook.holidays] == ["国庆节"]


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.AUDITOR, Role.TEACHER])
def test_only_a_coordinator_of_the_camp_opens_the_next(desk: Desk, role: Role) -> None:
    other = speaker_of(desk.camps.person(desk.source, role=role))

    with pytest.raises(NotAllowed):
        Desk(desk.camps, desk.source, other).plan()
    assert desk.camps.see(lambda s: access.roles_in(s, other.person_id, desk.source.id or 0)) == {role}
