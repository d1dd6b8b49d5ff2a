"""A whole room in one batch: what is read at once for all of them must tell each the same as if they came alone."""

import pytest
from sqlalchemy import event
from sqlmodel import Session

from bot.checkin import queries, rules
from bot.checkin import service as checkin
from bot.checkin.outcomes import AlreadyIn, Arrived, Cancelled, Claim, NotEnrolled, Outcome, Pressed, Scanned
from bot.database import read_ahead
from bot.people.service import Speaker
from bot.timetable.models import Activity
from tests.support.checkin_camp import START, Camp

ACTIVITY = Activity.__table__  # type: ignore[attr-defined]


@pytest.fixture
def room(camp: Camp) -> Camp:
    camp.open()
    return camp


def press(camp: Camp, who: Speaker) -> Pressed:
    return Pressed(camp.lecture, rules.button_mac(camp.secret(), camp.lecture, who.person_id))


def arrive(session: Session, who: Speaker, claim: Claim) -> Outcome:
    return checkin.record_arrival(session, speaker=who, claim=claim, at=START, received_at=START, now=START)


def expect(session: Session, camp: Camp, people: list[Speaker]) -> None:
    checkin.expect_arrivals(session, [(who.person_id, camp.lecture) for who in people])


def test_a_room_that_presses_costs_as_many_questions_as_one_person(room: Camp) -> None:
    claims = [(who, press(room, who)) for who in room.trainees]
    seen: list[str] = []
    event.listen(room.database.connect(), "before_cursor_execute", lambda *a: seen.append(a[2].split()[0]))

    def work(session: Session) -> list[type]:
        expect(session, room, room.trainees)
        return [type(arrive(session, who, claim)) for who, claim in claims]

    assert room.do(work) == [Arrived] * 3
    assert seen.count("SELECT") == 2
    assert room.arrivals() == [START] * 3


def test_whoever_presses_twice_in_one_batch_is_already_in(room: Camp) -> None:
    claims = [(who, press(room, who)) for who in (*room.trainees, *room.trainees)]

    def work(session: Session) -> list[type]:
        expect(session, room, room.trainees)
        return [type(arrive(session, who, claim)) for who, claim in claims]

    assert room.do(work) == [Arrived] * 3 + [AlreadyIn] * 3
    assert room.arrivals() == [START] * 3


def test_what_somebody_changed_earlier_in_the_batch_counts_for_those_after(room: Camp) -> None:
    claims = [(who, press(room, who)) for who in room.trainees]

    def work(session: Session) -> list[type]:
        expect(session, room, room.trainees)
        first = arrive(session, *claims[0])
        cancel = ACTIVITY.update().where(ACTIVITY.c.id == room.lecture).values(cancelled_at=START)
        session.connection().execute(cancel)
        return [type(first), *(type(arrive(session, who, claim)) for who, claim in claims[1:])]

    assert room.do(work) == [Arrived, Cancelled, Cancelled]


def test_a_stranger_among_the_crowd_is_turned_away(room: Camp) -> None:
    _, _, stranger = room.stranger_cohort()
    people, scan = [*room.trainees, stranger], Scanned(room.payload(START))

    def work(session: Session) -> list[type]:
        expect(session, room, people)
        return [type(arrive(session, who, scan)) for who in people]

    assert room.do(work) == [Arrived] * 3 + [NotEnrolled]


def test_two_who_come_are_no_crowd_and_an_activity_that_is_not_there_is_nothing(room: Camp) -> None:
    def work(session: Session) -> int:
        expect(session, room, room.trainees[: queries.A_CROWD - 1])
        checkin.expect_arrivals(session, [(who.person_id, 10**17) for who in room.trainees])
        return len(read_ahead(session))

    assert room.do(work) == 0
