from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session

from bot.checkin import service as checkin
from bot.checkin.walk_in_views import WalkInView
from bot.checkin.walk_ins import (
    Ending,
    NamesakeOnRoster,
    NotAName,
    Settled,
    TooEarlyForWalkIns,
    WalkInSettled,
    read_walk_in,
)
from bot.errors import Gone, NotAllowed
from bot.people import groups
from bot.people.models import Person
from bot.people.service import MEMBERSHIP, Speaker
from tests.support.checkin_camp import START, Camp

HOUR = timedelta(hours=1)


def add(camp: Camp, name: str = "过客", phone: str = "", who: Speaker | None = None, at: object = START) -> WalkInView:
    return camp.do(
        lambda s: checkin.add_walk_in(
            s,
            speaker=who or camp.coordinator,
            activity_id=camp.lecture,
            name=name,
            phone=phone,
            now=at,  # type: ignore[arg-type]
        )
    )


def merge(camp: Camp, walk_in: WalkInView, person_id: int) -> Settled:
    return camp.do(
        lambda s: checkin.merge_walk_in(
            s, speaker=camp.coordinator, walk_in_id=walk_in.id, person_id=person_id, now=START + HOUR
        )
    )


def enrol(camp: Camp, walk_in: WalkInView) -> Settled:
    return camp.do(
        lambda s: checkin.enrol_walk_in(s, speaker=camp.coordinator, walk_in_id=walk_in.id, now=START + HOUR)
    )


@pytest.mark.parametrize(
    ("text", "name", "phone"),
    [
        ("张三", "张三", ""),
        ("张三 13800001111", "张三", "13800001111"),
        ("Mary Ann Lee +86 138 0000 1111", "Mary Ann Lee", "13800001111"),
        ("13800001111", "13800001111", ""),
    ],
)
def test_a_name_and_the_phone_after_it_are_told_apart(text: str, name: str, phone: str) -> None:
    assert read_walk_in(text) == (name, phone)


def test_a_walk_in_is_no_attendance_and_the_same_one_twice_is_one(camp: Camp) -> None:
    first, second = add(camp), add(camp)

    assert first.id == second.id
    assert camp.arrivals() == []
    assert [one.id for one in camp.see(lambda s: checkin.waiting_walk_ins(s, camp.cohort))] == [first.id]


def test_merging_records_the_hour_at_the_desk_once(camp: Camp) -> None:
    walk_in, person = add(camp, "学员01"), camp.trainees[1].person_id

    settled = merge(camp, walk_in, person)

    assert (settled.ending, settled.recorded, camp.arrivals()) == (Ending.MERGED, True, [START])
    assert [one.person_id for one in walk_in.likely] == [person]
    with pytest.raises(WalkInSettled):
        merge(camp, walk_in, person)


def test_merging_with_somebody_who_is_in_changes_nothing(camp: Camp) -> None:
    camp.open()
    camp.type(camp.code(START), START)

    settled = merge(camp, add(camp, at=START + HOUR), camp.trainees[0].person_id)

    assert (settled.recorded, camp.arrivals()) == (False, [START])


def test_enrolling_makes_one_person_and_one_attendance(camp: Camp) -> None:
    settled = enrol(camp, add(camp, "新来的", "13800001111"))
    board = camp.see(lambda s: checkin.read_board(s, activity_id=camp.lecture))

    assert (settled.ending, settled.name) == (Ending.ENROLLED, "新来的")
    assert [one.name for one in board.present] == ["新来的"]
    assert board.counts.expected == 4


def test_nobody_is_enrolled_under_a_name_that_the_roster_has(camp: Camp) -> None:
    walk_in = add(camp, "学员01")

    with pytest.raises(NamesakeOnRoster):
        enrol(camp, walk_in)

    assert camp.arrivals() == []
    assert enrol(camp, add(camp, "学员01乙")).name == "学员01乙"


def test_what_nobody_settles_expires_after_two_days(camp: Camp) -> None:
    walk_in = add(camp)

    def expire(at: object) -> int:
        return camp.do(lambda s: checkin.expire_walk_ins(s, now=at))  # type: ignore[arg-type]

    assert [expire(START + 47 * HOUR), expire(START + 48 * HOUR), expire(START + 49 * HOUR)] == [0, 1, 0]
    with pytest.raises(WalkInSettled):
        enrol(camp, walk_in)


def test_strangers_to_the_camp_and_bad_names_are_refused(camp: Camp) -> None:
    _, _, stranger = camp.stranger_cohort()
    walk_in = add(camp)

    for who in (camp.trainees[0], stranger):
        with pytest.raises(NotAllowed):
            add(camp, who=who)
    for name in ("", " ", "x" * 61):
        with pytest.raises(NotAName):
            add(camp, name)
    with pytest.raises(TooEarlyForWalkIns):
        add(camp, at=START - 2 * HOUR)
    with pytest.raises(Gone):
        merge(camp, walk_in, stranger.person_id)


def test_a_walk_in_who_comes_back_without_a_group_keeps_the_group_of_the_days_before(camp: Camp) -> None:
    who = camp.trainees[0].person_id
    camp.do(lambda s: _leave_from_group(s, camp, who))

    settled = enrol(camp, add(camp, "回来的学员", "13800001111"))

    spells = camp.see(lambda s: groups.spells_of(s, camp.cohort))[who]
    on = START.date()
    assert settled.ending is Ending.ENROLLED
    assert [groups.held_on(spells, "", day) for day in (on - timedelta(days=1), on)] == ["一组", ""]


def _leave_from_group(session: Session, camp: Camp, person_id: int) -> None:
    groups.change_group(
        session,
        speaker=camp.coordinator,
        cohort_id=camp.cohort,
        person_id=person_id,
        group="一组",
        now=START - timedelta(days=2),
    )
    person = session.get_one(Person, person_id)
    person.phone = "13800001111"
    session.add(person)
    mine = (MEMBERSHIP.c.person_id == person_id, MEMBERSHIP.c.cohort_id == camp.cohort)
    session.connection().execute(update(MEMBERSHIP).where(*mine).values(left_at=START - HOUR))
