from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlmodel import Session, col, select

from bot.audit.models import Change
from bot.people import enrolling, groups, service
from bot.people.enrolling import LEAVE_OUT, NEW, Enrolled, Plan, RosterMoved
from bot.people.models import Membership, Person, Role
from bot.people.roster_shapes import Field, Roster, RosterEntry
from bot.people.roster_wire import dump_roster, load_roster
from bot.sheets.headings import Heading
from tests.support.camp import NOBODY, add_person, make_camp
from tests.support.house import MONDAY

FIELDS = (Field.NAME, Field.PHONE, Field.UNIT, Field.GROUP, Field.POST)
LI = RosterEntry(3, "李睿", "13900007001", "中央门社区", "第一组", "组长", leads_group=True)
YANG = RosterEntry(4, "杨兰", "13900007002", "小桃园社区", "第二组", None)


def roster(*entries: RosterEntry) -> Roster:
    headings = tuple(Heading(field, field, column) for column, field in enumerate(FIELDS))
    return Roster("Sheet1", entries, (), headings, ())


def plan(
    session: Session,
    *entries: RosterEntry,
    answers: dict[int, int] | None = None,
    leave: bool = False,
    cohort_id: int = 1,
) -> Plan:
    cohort = service.get_cohort(session, cohort_id)
    return enrolling.plan_roster(session, cohort=cohort, roster=roster(*entries), answers=answers, leave=leave)


def enrol(
    session: Session,
    *entries: RosterEntry,
    answers: dict[int, int] | None = None,
    leave: bool = False,
    cohort_id: int = 1,
) -> Enrolled:
    cohort = service.get_cohort(session, cohort_id)
    found = plan(session, *entries, answers=answers, leave=leave, cohort_id=cohort_id)
    return enrolling.carry_out(session, cohort=cohort, plan=found, actor=NOBODY, now=MONDAY)


def members(session: Session, role: Role = Role.TRAINEE, cohort_id: int = 1) -> list[tuple[str, str | None]]:
    query = (
        select(Person.name, Membership.group_name)
        .join(Membership)
        .where(Membership.role == role, Membership.cohort_id == cohort_id, col(Membership.left_at).is_(None))
    )
    return sorted((name, group) for name, group in session.exec(query))


@pytest.fixture(autouse=True)
def _camp(session: Session) -> None:
    make_camp(session)


def test_new_people_are_enrolled_with_group_and_post(session: Session) -> None:
    done = enrol(session, LI, YANG)

    assert done == Enrolled(1, added=2, changed=0, unchanged=0, left=0)
    assert members(session) == [("李睿", "第一组"), ("杨兰", "第二组")]
    assert members(session, Role.GROUP_LEADER) == [("李睿", "第一组")]


def test_the_same_roster_again_changes_nothing(session: Session) -> None:
    enrol(session, LI, YANG)
    log = len(session.exec(select(Change)).all())

    again = plan(session, LI, YANG)
    enrol(session, LI, YANG)

    assert not again.changes_something
    assert len(session.exec(select(Change)).all()) == log


def test_changes_are_written_and_recorded_with_before_and_after(session: Session) -> None:
    enrol(session, LI, YANG)

    enrol(session, LI, replace(YANG, group="第三组", unit="挹江门社区"))

    change = session.exec(select(Change).where(Change.action == "change")).one()
    assert members(session)[1] == ("杨兰", "第三组")
    assert (change.before, change.after) == (
        '{"unit":"小桃园社区","group":"第二组"}',
        '{"unit":"挹江门社区","group":"第三组"}',
    )


def test_a_leader_whose_post_is_gone_leads_no_more(session: Session) -> None:
    enrol(session, LI)

    enrol(session, replace(LI, post=None, leads_group=False))

    assert members(session, Role.GROUP_LEADER) == []
    assert members(session) == [("李睿", "第一组")]


def test_a_leader_who_moves_leads_the_new_group(session: Session) -> None:
    enrol(session, LI)

    enrol(session, replace(LI, group="第五组"))

    assert members(session, Role.GROUP_LEADER) == [("李睿", "第五组")]


def test_a_roster_that_moves_people_keeps_the_groups_of_the_days_before(session: Session) -> None:
    enrol(session, LI, YANG)
    cohort, later = service.get_cohort(session, 1), MONDAY + timedelta(days=1)
    found = plan(session, replace(LI, group="第五组"), YANG)

    enrolling.carry_out(session, cohort=cohort, plan=found, actor=NOBODY, now=later)

    spells = groups.spells_of(session, 1)
    (moved,) = spells.values()
    days = [service.local_day(cohort, at) for at in (MONDAY, later)]
    assert [groups.held_on(moved, "第五组", day) for day in days] == ["第一组", "第五组"]


def test_whoever_was_made_a_leader_in_the_chat_is_not_unmade_by_the_same_roster(session: Session) -> None:
    enrol(session, LI, YANG)
    person = session.exec(select(Person.id).where(Person.name == "杨兰")).one() or 0
    service.grant(
        session, person_id=person, cohort_id=1, role=Role.GROUP_LEADER, actor=NOBODY, now=MONDAY, group_name="第二组"
    )

    found = plan(session, LI, YANG)

    assert not found.changes_something


def test_who_is_missing_stays_or_leaves_as_asked_and_can_come_back(session: Session) -> None:
    enrol(session, LI, YANG)

    enrol(session, LI)
    stayed = members(session)
    enrol(session, LI, leave=True)
    left = members(session)
    enrol(session, LI, YANG)

    assert [len(stayed), len(left), len(members(session))] == [2, 1, 2]
    assert len(session.exec(select(Person)).all()) == 2


def test_the_same_phone_is_the_same_person_in_the_next_camp_and_stays_linked(session: Session) -> None:
    enrol(session, LI)
    session.exec(select(Person)).one().telegram_id = 5
    next_id = make_camp(session, "Camp Five")

    enrol(session, replace(LI, group="第九组"), cohort_id=next_id)

    assert session.exec(select(Person)).one().telegram_id == 5
    assert members(session, cohort_id=next_id) == [("李睿", "第九组")]


def test_a_namesake_with_another_phone_is_asked_about(session: Session) -> None:
    enrol(session, LI)
    other = replace(LI, phone="13800000000")

    asked = plan(session, other)

    assert len(asked.diff.questions) == 1
    with pytest.raises(RosterMoved):
        enrol(session, other)


def test_the_answer_somebody_new_makes_a_second_person(session: Session) -> None:
    enrol(session, LI)

    enrol(session, replace(LI, phone="13800000000"), answers={3: NEW})

    assert [name for name, _ in members(session)] == ["李睿", "李睿"]


def test_the_answer_this_person_changes_the_phone(session: Session) -> None:
    enrol(session, LI)
    person_id = session.exec(select(Person)).one().id or 0

    enrol(session, replace(LI, phone="13800000000"), answers={3: person_id})

    assert session.exec(select(Person)).one().phone == "13800000000"


def test_a_row_left_out_changes_nothing_and_its_person_is_not_missing(session: Session) -> None:
    enrol(session, LI)

    left_out = plan(session, replace(LI, phone="13800000000"), answers={3: LEAVE_OUT}, leave=True)

    assert not left_out.changes_something
    assert left_out.left_out != ()


def test_two_people_can_swap_their_phones(session: Session) -> None:
    enrol(session, LI, YANG)
    swapped = [replace(LI, phone=YANG.phone), replace(YANG, phone=LI.phone)]
    people = {person.name: person.id or 0 for person in session.exec(select(Person)).all()}

    enrol(session, *swapped, answers={3: people["李睿"], 4: people["杨兰"]})

    phones = {person.name: person.phone for person in session.exec(select(Person)).all()}
    assert phones == {"李睿": YANG.phone, "杨兰": LI.phone}


def test_an_operators_account_is_nobody_to_ask_about(session: Session) -> None:
    service.open_operator(session, 900, "李睿", MONDAY)

    assert plan(session, LI).diff.questions == ()


def test_the_fingerprint_changes_with_what_would_be_done(session: Session) -> None:
    first = plan(session, LI, YANG)
    same = plan(session, LI, YANG)
    add_person(session, 1, "杨兰", phone=YANG.phone)

    assert first.fingerprint == same.fingerprint
    assert plan(session, LI, YANG).fingerprint != first.fingerprint


def test_a_roster_survives_the_wait_for_a_confirmation() -> None:
    kept = roster(LI, YANG)

    assert load_roster(dump_roster(kept)) == kept
