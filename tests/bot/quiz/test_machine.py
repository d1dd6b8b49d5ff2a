"""Two people take tests in any order of deeds, with crashes and backlogs; a simple model knows each score."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlmodel import Session

from bot.database import Database
from bot.invariants import check
from bot.quiz import attempts, service
from bot.quiz.changing import Pick
from bot.quiz.models import POINT, Attempt
from bot.quiz.outcomes import Entry, Page
from tests.support.quiz_camp import NOON, QuizCamp, build_quiz_camp, single

QUESTIONS = 3
MINUTES = 10
CLOSES = timedelta(minutes=40)
PEOPLE = st.integers(0, 1)


class Crashed(Exception):
    """The power went before the commit."""


@dataclass
class Model:
    """One attempt as it should be."""

    started_at: datetime
    due_at: datetime
    ended: Literal["", "hand", "clock"] = ""
    answers: dict[int, tuple[int, datetime]] = field(default_factory=dict)

    def answer(self, question: int, place: int, at: datetime) -> None:
        if at > self.due_at:
            self.ended = self.ended or "clock"
        elif self.ended != "hand" and (question not in self.answers or at >= self.answers[question][1]):
            self.answers[question] = (place, at)

    def hand_in(self, at: datetime) -> None:
        self.ended = self.ended or ("clock" if at > self.due_at else "hand")

    @property
    def score(self) -> int:
        return sum(place == question for question, (place, _) in self.answers.items()) * POINT


class TakingTests(RuleBasedStateMachine):
    """The service beside the model."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        questions = tuple(single(number, right=number) for number in range(QUESTIONS))
        database = Database(f"sqlite:///{Path(self.folder.name) / 't.sqlite3'}")
        self.camp: QuizCamp = build_quiz_camp(database, trainees=2, questions=questions)
        self.now = NOON
        self.made: dict[int, list[tuple[int, Model]]] = {0: [], 1: []}
        self.exam = 0

    @initialize(tries=st.integers(1, 3))
    def open(self, tries: int) -> None:
        self.tries = tries
        self.exam = self.camp.test(
            minutes=MINUTES, attempts=tries, retake="anyone", closes_at=NOON + CLOSES, pass_percent=None
        )

    def teardown(self) -> None:
        assert self.camp.see(check) == []
        self.camp.database.close()
        self.folder.cleanup()

    @rule(minutes=st.integers(0, 7))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes, seconds=20)

    @rule(who=PEOPLE, crashes=st.booleans())
    def begin(self, who: int, crashes: bool) -> None:
        speaker = self.camp.trainees[who]
        found: Any = self._do(
            lambda s: attempts.begin(s, speaker=speaker, exam_id=self.exam, at=self.now, now=self.now), crashes
        )
        running = [model for _, model in self.made[who] if not model.ended and self.now <= model.due_at]
        for _, model in self.made[who]:
            if self.now > model.due_at:
                model.ended = model.ended or "clock"
        if running:
            assert isinstance(found, Page)
            assert found.attempt_id == self.made[who][-1][0]
        elif self.now < NOON + CLOSES and len(self.made[who]) < self.tries:
            assert isinstance(found, Page)
            due_at = min(self.now + timedelta(minutes=MINUTES), NOON + CLOSES)
            self.made[who].append((found.attempt_id, Model(self.now, due_at)))
        else:
            assert isinstance(found, Entry)
            assert found.bar is not None

    @precondition(lambda self: self.made[0] or self.made[1])
    @rule(
        who=PEOPLE,
        which=st.integers(0, 2),
        question=st.integers(0, QUESTIONS - 1),
        place=st.integers(0, 3),
        lag=st.integers(0, 400),
        crashes=st.booleans(),
    )
    def answer(self, who: int, which: int, question: int, place: int, lag: int, crashes: bool) -> None:
        """Also one that waited in a backlog, from an attempt that may be long over."""
        if not self.made[who]:
            return
        attempt_id, model = self.made[who][which % len(self.made[who])]
        at = max(model.started_at, self.now - timedelta(seconds=lag))
        item = self.camp.item(attempt_id, self.camp.questions[question]).id or 0
        speaker = self.camp.trainees[who]
        self._do(lambda s: service.answer(s, speaker=speaker, item_id=item, wanted=Pick(place), at=at), crashes)
        model.answer(question, place, at)

    @precondition(lambda self: self.made[0] or self.made[1])
    @rule(who=PEOPLE, crashes=st.booleans())
    def hand_in(self, who: int, crashes: bool) -> None:
        if not self.made[who]:
            return
        attempt_id, model = self.made[who][-1]
        speaker = self.camp.trainees[who]
        self._do(lambda s: attempts.hand_in(s, speaker=speaker, attempt_id=attempt_id, at=self.now), crashes)
        model.hand_in(self.now)

    @rule(crashes=st.booleans())
    def the_clock_looks(self, crashes: bool) -> None:
        self._do(lambda s: attempts.expire(s, now=self.now, limit=10), crashes)
        for _, model in (*self.made[0], *self.made[1]):
            if model.due_at < self.now:
                model.ended = model.ended or "clock"

    @invariant()
    def the_record_is_the_models(self) -> None:
        for attempt_id, model in (*self.made[0], *self.made[1]):
            attempt: Attempt = self.camp.attempt(attempt_id)
            assert (attempt.submitted_at is not None) == bool(model.ended)
            if model.ended:
                assert attempt.score == model.score
                assert attempt.is_by_clock == (model.ended == "clock")

    def _do(self, work: Any, crashes: bool) -> Any:
        """Do it in a transaction; with a crash, first once in vain."""
        if crashes:
            with suppress(Crashed):
                self.camp.do(lambda s: _crash_after(s, work))
        return self.camp.do(work)


def _crash_after(session: Session, work: Any) -> None:
    work(session)
    session.flush()
    raise Crashed


TestTakingTests = TakingTests.TestCase
TestTakingTests.settings = settings(
    max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
