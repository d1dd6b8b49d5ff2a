"""The way of copies to the outbox and back, with an outbox whose outcomes the test decides."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select, update
from sqlmodel import Session

from bot import schema
from bot.database import Database
from bot.notices import dispatch, drafting, pieces, sending, steering
from bot.notices.correcting import correct
from bot.notices.models import Amendment, Kind, Notice, Recipient, State, Status
from bot.notices.pieces import Piece
from bot.outbox.models import Outbox
from bot.people.service import Speaker
from bot.turn import Turn, Turns
from schedules import notices as passes
from tests.support.checkin_camp import COORDINATOR, START, Camp, build_camp
from tests.support.house import HandClock

assert schema

OUTBOX, RECIPIENT = Outbox.__table__, Recipient.__table__  # type: ignore[attr-defined]
PEOPLE = 7
T = TypeVar("T")


class Office:
    """A camp, its coordinator, and a courier that does what it is told."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.camp: Camp = build_camp(database, PEOPLE)
        self.clock = HandClock(START)
        self.turns = Turns(database, self.clock)
        self.message_ids = 100

    @property
    def speaker(self) -> Speaker:
        return self.camp.coordinator

    def take(self, work: Callable[[Turn], T]) -> T:
        return self.turns.take_now(work)

    def send(self, text: str = "Hello {name}") -> int:
        """Start a notice; its number."""

        def work(turn: Turn) -> int:
            draft = drafting.open_draft(
                turn.session, cohort_id=self.camp.cohort, speaker=self.speaker, chat_id=COORDINATOR, now=turn.now
            )
            pieces.add_piece(turn.session, draft, Piece(Kind.TEXT, text), turn.now)
            draft.reason = "a test"
            sending.send_now(turn.session, draft, self.speaker, turn.now)
            return draft.id or 0

        return self.take(work)

    def tick(self, notice_id: int, seconds: float = 0.5) -> None:
        """One round of the clock's pass."""
        self.clock.at += timedelta(seconds=seconds)
        after: int | None = 0
        while after is not None:
            after = self.take(partial(passes.collect, notice_id=notice_id, after=after))
        self.take(partial(passes.feed, notice_id=notice_id))
        self.take(partial(passes.finish, notice_id=notice_id))

    def deliver(self, how_many: int = 1000, status: str = "sent", error: str | None = None) -> int:
        """Let the courier settle the oldest waiting copies."""

        def work(session: Session) -> int:
            waiting = select(OUTBOX.c.id).where(OUTBOX.c.status == "new", OUTBOX.c.key.like("notice:%:%:%"))
            ids = session.connection().execute(waiting.order_by(OUTBOX.c.id).limit(how_many)).scalars().all()
            for row in ids:
                self.message_ids += 1
                session.connection().execute(
                    update(OUTBOX)
                    .where(OUTBOX.c.id == row)
                    .values(
                        status=status,
                        error=error,
                        settled_at=self.clock.at,
                        message_id=self.message_ids if status == "sent" else None,
                    )
                )
            return len(ids)

        return self.database.write_now(work)

    def states(self, notice_id: int) -> Counter[str]:
        """How many copies are in each state."""
        query = select(RECIPIENT.c.state).where(RECIPIENT.c.notice_id == notice_id)
        return Counter(self.database.read_now(lambda s: s.connection().execute(query).scalars().all()))

    def payloads(self, notice_id: int) -> list[str]:
        """What is owed or was said, by key."""
        query = select(OUTBOX.c.key).where(OUTBOX.c.key.like(f"notice:{notice_id}:%:%")).order_by(OUTBOX.c.key)
        return list(self.database.read_now(lambda s: s.connection().execute(query).scalars().all()))

    def do(self, notice_id: int, work: Callable[[Turn, Notice], object]) -> None:
        """Do something with a notice in a turn."""
        self.take(lambda turn: work(turn, turn.session.get_one(Notice, notice_id)))

    def pause(self, turn: Turn, notice: Notice) -> None:
        if steering.pause(turn.session, notice, self.speaker, turn.now):
            dispatch.take_back(turn.session, notice)

    def cancel(self, turn: Turn, notice: Notice) -> None:
        if notice.status in (Status.SENDING, Status.PAUSED):
            dispatch.take_back(turn.session, notice)
            steering.cancel(turn.session, notice, self.speaker, turn.now)

    def correct(self, turn: Turn, notice: Notice) -> None:
        texts = {"": "Better"}
        correct(turn.session, notice, position=0, texts=texts, why="typo", speaker=self.speaker, now=turn.now)
        dispatch.take_back(turn.session, notice)

    def close(self) -> None:
        self.database.close()


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    built = Office(Database(database_url))
    yield built
    built.close()


def test_a_second_pass_owes_nobody_a_second_copy(office: Office) -> None:
    number = office.send()

    for _ in range(4):
        office.tick(number)

    assert len(office.payloads(number)) == PEOPLE
    assert office.states(number) == {"queued": PEOPLE}


def test_a_pause_takes_back_what_the_courier_has_not_claimed(office: Office) -> None:
    number = office.send()
    office.tick(number)
    office.deliver(2)

    office.do(number, office.pause)
    office.tick(number)

    assert office.states(number) == {"sent": 2, "waiting": PEOPLE - 2}
    assert len(office.payloads(number)) == 2


def test_an_uncertain_copy_is_not_sent_again_and_is_said_to_be_uncertain(office: Office) -> None:
    number = office.send()
    office.tick(number)
    office.deliver(1, "unknown", "no answer: TimedOut")
    office.deliver()

    for _ in range(3):
        office.tick(number)

    assert office.states(number) == {"unknown": 1, "sent": PEOPLE - 1}


def test_the_recipients_are_frozen_at_the_start(office: Office) -> None:
    number = office.send()
    office.database.write_now(
        lambda s: s.connection().execute(update(RECIPIENT.metadata.tables["membership"]).values(left_at=START))
    )

    office.tick(number)

    assert sum(office.states(number).values()) == PEOPLE


def test_a_correction_while_it_is_being_sent_reaches_those_who_have_it_and_those_who_wait(office: Office) -> None:
    number = office.send()
    office.tick(number)
    office.deliver(3)
    office.do(number, office.correct)

    for _ in range(4):
        office.tick(number)
        office.deliver()

    corrections = [key for key in office.payloads(number) if key.endswith(":r1")]
    assert len(corrections) == 3
    assert office.states(number) == {"sent": PEOPLE}


class NoticeMachine(RuleBasedStateMachine):
    """Any order of passes, deliveries, pauses, corrections and cancels, against what must always hold."""

    def __init__(self) -> None:
        super().__init__()
        self.office = Office(Database("sqlite:///" + _scratch()))
        self.number = self.office.send()
        self.is_cancelled = False

    @rule()
    def tick(self) -> None:
        self.office.tick(self.number, 1)

    @rule(
        how_many=st.integers(1, 4),
        outcome=st.sampled_from([("sent", None), ("sent", None), ("unknown", "no answer"), ("failed", "bad request")]),
    )
    def deliver(self, how_many: int, outcome: tuple[str, str | None]) -> None:
        self.office.deliver(how_many, *outcome)

    @rule()
    def pause(self) -> None:
        self.office.do(self.number, self.office.pause)

    @rule()
    def go_on(self) -> None:
        self.office.do(
            self.number, lambda turn, notice: steering.go_on(turn.session, notice, self.office.speaker, turn.now)
        )

    @rule()
    def correct(self) -> None:
        self.office.do(self.number, self.office.correct)

    @precondition(lambda self: not self.is_cancelled)
    @rule()
    def cancel(self) -> None:
        self.office.do(self.number, self.office.cancel)
        self.is_cancelled = True

    @invariant()
    def everybody_is_in_exactly_one_state(self) -> None:
        states = self.office.states(self.number)
        assert sum(states.values()) == PEOPLE
        assert set(states) <= set(State)

    @invariant()
    def nobody_is_owed_two_copies(self) -> None:
        copies = [key for key in self.office.payloads(self.number) if ":r" not in key]
        assert len(copies) == len(set(copies)) <= PEOPLE

    def teardown(self) -> None:
        """In the end, whatever happened, everything settles and nobody is missing."""
        self.go_on()
        for _ in range(8):
            self.office.tick(self.number, 1)
            self.office.deliver()
        states = self.office.states(self.number)
        assert not {"waiting", "queued"} & set(states)
        assert states.get("cancelled", 0) == 0 or self.is_cancelled
        pending = select(RECIPIENT.c.amendment).where(RECIPIENT.c.amendment == Amendment.QUEUED)
        assert self.office.database.read_now(lambda s: s.connection().execute(pending).all()) == []
        self.office.close()


def _scratch() -> str:
    return tempfile.mkdtemp() + "/notices.sqlite3"


TestNotices = NoticeMachine.TestCase
TestNotices.settings = settings(max_examples=6, stateful_step_count=15, deadline=None)
