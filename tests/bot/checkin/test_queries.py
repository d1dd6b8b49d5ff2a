"""Arrivals are inserted with their batch; whoever asks in between sees them all the same."""

from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.checkin import service as checkin
from bot.checkin.boards import Counts
from bot.checkin.outcomes import AlreadyIn, Arrived, Outcome, Typed
from bot.checkin.rules import Status
from bot.people import groups
from bot.people.service import Speaker
from tests.support.checkin_camp import START, Camp

DAY = timedelta(days=1)


def arrive(session: Session, camp: Camp, who: Speaker, code: str) -> Outcome:
    return checkin.record_arrival(session, speaker=who, claim=Typed(code), at=START, received_at=START, now=START)


def test_a_second_claim_of_one_batch_is_told_that_the_first_stands(camp: Camp) -> None:
    camp.open()
    code, who = camp.code(START), camp.trainees[0]

    first, second = camp.do(lambda s: (arrive(s, camp, who, code), arrive(s, camp, who, code)))

    assert isinstance(first, Arrived)
    assert isinstance(second, AlreadyIn)
    assert (len(camp.arrivals()), len(camp.changes("arrive"))) == (1, 1)


def test_the_arrivals_of_a_batch_count_within_it(camp: Camp) -> None:
    camp.open()
    code = camp.code(START)

    def work(session: Session) -> int:
        for who in camp.trainees:
            arrive(session, camp, who, code)
        return checkin.counts(session, camp.lecture).arrived

    assert camp.do(work) == len(camp.trainees)


def test_a_mark_in_the_same_batch_changes_the_arrival_and_adds_none(camp: Camp) -> None:
    camp.open()
    code, who = camp.code(START), camp.trainees[0]

    def work(session: Session) -> Status | None:
        arrive(session, camp, who, code)
        marked = checkin.mark(
            session,
            speaker=camp.coordinator,
            activity_id=camp.lecture,
            person_id=who.person_id,
            to=Status.MISSING,
            now=START + timedelta(minutes=1),
        )
        return marked.before

    assert camp.do(work) is Status.PRESENT
    assert camp.arrivals() == [None]


def test_the_counts_of_an_activity_go_by_the_groups_of_its_day_as_the_lists_do(camp: Camp) -> None:
    first, second, third = (one.person_id for one in camp.trainees)
    for who, group in ((first, "一组"), (second, "一组"), (third, "二组")):
        camp.do(partial(_move, camp=camp, person_id=who, group=group, now=START - DAY))
    camp.change_activity(camp.lecture, group_name="一组")
    camp.open()
    camp.type(camp.code(START), START, camp.trainees[0])

    camp.do(partial(_move, camp=camp, person_id=first, group="二组", now=START + DAY))
    camp.do(partial(_move, camp=camp, person_id=third, group="一组", now=START + DAY))

    counts = camp.see(lambda s: checkin.counts(s, camp.lecture))
    board = camp.see(lambda s: checkin.read_board(s, activity_id=camp.lecture))
    assert (counts.arrived, counts.expected) == (1, 2)
    assert {one.person_id for one in (*board.present, *board.missing)} == {first, second}


def test_the_counts_of_no_activity_are_none(camp: Camp) -> None:
    assert camp.see(lambda s: checkin.counts(s, 999)) == Counts(0, 0)


def _move(session: Session, *, camp: Camp, person_id: int, group: str, now: datetime) -> None:
    groups.change_group(
        session, speaker=camp.coordinator, cohort_id=camp.cohort, person_id=person_id, group=group, now=now
    )
