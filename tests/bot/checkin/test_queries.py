"""Arrivals are inserted with their batch; whoever asks in between sees them all the same."""

from datetime import timedelta

from sqlmodel import Session

from bot.checkin import service as checkin
from bot.checkin.outcomes import AlreadyIn, Arrived, Outcome, Typed
from bot.checkin.rules import Status
from bot.people.service import Speaker
from tests.support.checkin_camp import START, Camp


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
