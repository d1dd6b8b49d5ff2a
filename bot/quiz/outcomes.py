"""What the services of this feature say: how a question stands for a person, and what became of an answer."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

from msgspec import Struct, field

from bot.banks.grading import Answer, Grade
from bot.banks.questions import Question
from bot.errors import Refusal
from bot.people.service import Reader
from bot.quiz.measures import Measure
from bot.quiz.models import Exam
from bot.quiz.rules import Bar, Standing


class NotYours(Refusal):
    """This question was put to somebody else. Send /quiz to find your own."""


class NotANumber(Refusal):
    """I could not read that as a number. Please send me just the number, for example 12 or 3.5."""


class NoQuestions(Refusal):
    """There are no questions to take. Please send me a question bank first."""


class NotEnough(Refusal):
    """There are not so many questions of that kind. Please take fewer, or from more categories."""


class HasBegun(Refusal):
    """The test is published, so that can no longer be changed."""


class BadWindow(Refusal):
    """The test must close after it opens, and not in the past."""


class Unfinished(Refusal):
    """The answers can be released once the test is over, so that nobody is told before the end."""


class Asked(Struct, frozen=True):
    """One question as one person sees it: ``order`` has the numbers of options or words in their order."""

    item_id: int
    question: Question
    order: tuple[int, ...]
    answer: Answer | None = None
    is_settled: bool = False
    grade: Grade | None = None


class Page(Struct, frozen=True):
    """Where somebody stands in a running test. ``position`` = ``count``: at the end, about to hand in."""

    exam: Exam
    time_zone: str
    attempt_id: int
    position: int
    answered: tuple[bool, ...]
    due_at: datetime
    at: datetime
    asked: Asked | None = None

    @property
    def count(self) -> int:
        """How many questions there are."""
        return len(self.answered)

    @property
    def missing(self) -> int:
        """How many have no answer yet."""
        return self.answered.count(False)


class Finished(Struct, frozen=True):
    """A test is over for one person. ``was_late``: what came just now was too late and does not count."""

    exam: Exam
    attempt_id: int
    person_id: int
    number: int
    standing: Standing
    is_passed: bool | None
    is_by_clock: bool
    attempts_left: int
    reflections: int = 0
    was_late: bool = False
    reader: Reader | None = None


class Entry(Struct, frozen=True):
    """A test as one trainee sees it from outside."""

    exam: Exam
    time_zone: str
    questions: int
    extra: int
    bar: Bar | None
    running_id: int | None = None
    running_until: datetime | None = None
    finished: Sequence[tuple[int, Standing]] = ()
    best: Standing | None = None
    is_passed: bool | None = None
    at: datetime | None = None


class DailyAsked(Struct, frozen=True):
    """The question of a day, put to one person; ``is_new``: the answer came just now."""

    cohort_id: int
    on: date
    time_zone: str
    closes_at: datetime
    asked: Asked
    is_new: bool = False
    is_closed: bool = False


class RecallAsked(Struct, frozen=True):
    """One of the day's questions to repeat; ``left`` come after it today."""

    cohort_id: int
    on: date
    until: date
    asked: Asked
    number: int = 1
    count: int = 1
    next_id: int | None = None
    is_new: bool = False
    is_over: bool = False


Outcome: TypeAlias = Page | Finished | DailyAsked | RecallAsked


class DailyPush(Struct, frozen=True):
    """One page of the question of a day: who is asked what."""

    cohort_id: int
    asked: Sequence[tuple[Reader, DailyAsked]] = ()
    told_empty: Sequence[Reader] = ()
    goes_on: bool = False


class Summary(Struct, frozen=True):
    """How a cohort did on the question of a day. ``measure`` has no figures where fewer than five answered."""

    cohort_id: int
    cohort_name: str
    on: date
    question: Question
    question_id: int
    measure: Measure
    asked: int
    answerers: Sequence[Reader] = ()
    staff: Sequence[Reader] = ()


class Correction(Struct, frozen=True):
    """What a corrected question did: who now has which result, from which."""

    question_id: int
    changed: Sequence[tuple[Finished, int]] = ()
    items: int = 0


class Measured(Struct, frozen=True):
    """Everything known of a set of questions, in their order."""

    title: str
    people: int
    measures: Sequence[Measure]
    questions: Mapping[int, Question] = field(default_factory=dict)
    mean_percent: int | None = None
    passed: int | None = None


class CampOverview(Struct, frozen=True):
    """What of the quiz concerns somebody in one camp."""

    cohort_id: int
    cohort_name: str
    is_staffed: bool
    daily_waits: bool = False
    tests: Sequence[Entry] = ()
    is_recalling: bool = False
    is_recall_offered: bool = False


class ExamSheet(Struct, frozen=True):
    """A test as those who look after it see it. ``parts`` are described as bank, category, difficulty, count."""

    exam: Exam
    time_zone: str
    parts: Sequence[tuple[str, str, str, int]]
    questions: int
    trainees: int = 0
    handed_in: int = 0
    running: int = 0
    is_over: bool = False
    may_change: bool = True
