from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.audit.models import Change
from bot.database import Database
from bot.errors import Gone, NotAllowed
from bot.people import groups
from bot.people.groups import SPELL, Move, NotAGroup
from bot.people.models import Cohort, Person, Role
from bot.people.service import MEMBERSHIP, PERSON, Speaker
from tests.support.camps import MONDAY, SUNDAY_NOON, TUESDAY, WEDNESDAY, Camps, build_camps, local

MONDAY_NOON, TUESDAY_NOON = local(MONDAY, 12), local(TUESDAY, 12)


@pytest.fixture
def camps(database_url: str) -> Iterator[Camps]:
    camps = build_camps(Database(database_url))
    yield camps
    camps.database.close()


def speaker_of(person: Person) -> Speaker:
    return Speaker(person.id or 0, person.telegram_id or 0, person.name, "en")  # type: ignore[arg-type]


def move(camps: Camps, cohort: Cohort, person: Person, group: str, at: datetime, by: Person | None = None) -> Move:
    speaker = speaker_of(by) if by else Speaker(1, 1, "Op", "en", is_operator=True)  # type: ignore[arg-type]
    return camps.do(
        lambda s: groups.change_group(
            s, speaker=speaker, cohort_id=cohort.id or 0, person_id=person.id or 0, group=group, now=at
        )
    )


def group_on(camps: Camps, cohort: Cohort, person: Person, on: date) -> str:
    query = select(groups.group_on(PERSON.c.id, cohort.id, on)).select_from(
        MEMBERSHIP.join(PERSON, PERSON.c.id == MEMBERSHIP.c.person_id)
    )
    query = query.where(PERSON.c.id == person.id, MEMBERSHIP.c.role == Role.TRAINEE)
    return camps.see(lambda s: s.connection().execute(query).scalar_one())


def test_whoever_never_changed_has_always_had_the_present_group(camps: Camps) -> None:
    cohort = camps.cohort()
    person = camps.person(cohort)
    camps.do(lambda s: s.execute(MEMBERSHIP.update().values(group_name="第1组")))

    assert [group_on(camps, cohort, person, on) for on in (MONDAY, WEDNESDAY)] == ["第1组", "第1组"]


def test_yesterday_keeps_yesterdays_group(camps: Camps) -> None:
    cohort = camps.cohort()
    person = camps.person(cohort)
    camps.do(lambda s: s.execute(MEMBERSHIP.update().values(group_name="第1组")))

    done = move(camps, cohort, person, " 第2组 ", TUESDAY_NOON)

    assert done == Move(person.id or 0, "第1组", "第2组")
    assert [group_on(camps, cohort, person, on) for on in (MONDAY, TUESDAY, WEDNESDAY)] == ["第1组", "第2组", "第2组"]
    spells = camps.see(lambda s: groups.spells_of(s, cohort.id or 0))[person.id or 0]
    assert [groups.held_on(spells, "第2组", on) for on in (MONDAY, TUESDAY)] == ["第1组", "第2组"]


def test_two_changes_on_one_day_leave_the_last(camps: Camps) -> None:
    cohort = camps.cohort()
    person = camps.person(cohort)

    move(camps, cohort, person, "A", TUESDAY_NOON)
    move(camps, cohort, person, "B", TUESDAY_NOON + timedelta(hours=1))

    assert [group_on(camps, cohort, person, on) for on in (MONDAY, TUESDAY)] == ["", "B"]


def test_a_change_on_the_day_of_joining_counts_from_the_beginning(camps: Camps) -> None:
    cohort = camps.cohort()
    person = camps.person(cohort)

    move(camps, cohort, person, "A", SUNDAY_NOON)

    assert group_on(camps, cohort, person, MONDAY - timedelta(days=7)) == "A"


def test_the_day_is_the_camps_own(camps: Camps) -> None:
    cohort = camps.cohort()
    person = camps.person(cohort)

    move(camps, cohort, person, "A", local(TUESDAY, 0, 30))

    assert [group_on(camps, cohort, person, on) for on in (MONDAY, TUESDAY)] == ["", "A"]


def test_a_leader_who_is_moved_leads_the_new_group(camps: Camps) -> None:
    cohort = camps.cohort()
    person = camps.person(cohort)
    camps.join(person, cohort, Role.GROUP_LEADER)

    move(camps, cohort, person, "A", TUESDAY_NOON)

    query = select(MEMBERSHIP.c.group_name).where(MEMBERSHIP.c.role == Role.GROUP_LEADER)
    assert camps.see(lambda s: s.connection().execute(query).scalar_one()) == "A"


def test_a_move_stands_in_the_log(camps: Camps) -> None:
    cohort = camps.cohort()
    boss, person = camps.person(cohort, role=Role.COORDINATOR), camps.person(cohort)

    move(camps, cohort, person, "A", TUESDAY_NOON, by=boss)

    change = camps.see(lambda s: s.scalars(select(Change).where(Change.__table__.c.action == "move")).one())  # type: ignore[attr-defined]
    assert (change.actor_id, change.person_id) == (boss.id, person.id)
    assert (change.before, change.after) == ('{"group":null}', '{"group":"A"}')


def test_the_same_group_again_changes_nothing(camps: Camps) -> None:
    cohort = camps.cohort()
    person = camps.person(cohort)
    move(camps, cohort, person, "A", TUESDAY_NOON)

    done = move(camps, cohort, person, "A", local(WEDNESDAY, 12))

    assert not done.is_news
    assert len(camps.see(lambda s: s.connection().execute(select(SPELL)).all())) == 2


def test_only_a_coordinator_of_the_very_camp_moves_people(camps: Camps) -> None:
    cohort, other = camps.cohort(), camps.cohort("Other")
    person, auditor = camps.person(cohort), camps.person(cohort, role=Role.AUDITOR)
    stranger = camps.person(other, role=Role.COORDINATOR)

    for somebody in (auditor, stranger, person):
        with pytest.raises(NotAllowed):
            move(camps, cohort, person, "A", TUESDAY_NOON, by=somebody)

    assert group_on(camps, cohort, person, WEDNESDAY) == ""


def test_what_is_no_trainee_or_no_name_is_refused(camps: Camps) -> None:
    cohort = camps.cohort()
    person, teacher = camps.person(cohort), camps.person(cohort, role=Role.TEACHER)

    with pytest.raises(Gone):
        move(camps, cohort, teacher, "A", TUESDAY_NOON)
    with pytest.raises(NotAGroup):
        move(camps, cohort, person, "x" * 41, TUESDAY_NOON)


def test_the_names_of_groups_are_those_of_the_roster(camps: Camps) -> None:
    cohort = camps.cohort()
    for group in ("第2组", "第1组", "第2组"):
        move(camps, cohort, camps.person(cohort), group, SUNDAY_NOON)

    assert camps.see(lambda s: list(groups.names_of(s, cohort.id or 0))) == ["第2组", "第1组"]
