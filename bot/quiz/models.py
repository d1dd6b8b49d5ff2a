"""The tables of questions asked: plans, tests, attempts, recall, and one item for every question put to a person."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from bot.tables import BigKey, Row, big, key, long_text, reference

POINT = 1_000_000
"""A full point: scores are whole millionths, so that sums are exact on every database."""


class ExamStatus(StrEnum):
    """Where a test stands. Whether it is open follows from its window."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Retake(StrEnum):
    """Who may use a further attempt; the best one counts."""

    ANYONE = "anyone"
    FAILED = "failed"


class DailyPlan(Row, table=True):
    """Whether and when a cohort gets a question a day, and from where. Its hours stand in the recurrence."""

    __tablename__ = "quiz_daily_plan"

    cohort_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="cohort.id", sa_column_kwargs={"autoincrement": False}
    )
    at: time
    bank_id: int | None = Field(default=None, sa_type=BigKey, foreign_key="bank.id")
    category: str = ""
    is_on: bool = False


class Daily(Row, table=True):
    """The one question of a cohort's local day. It takes answers until ``closes_at``."""

    __tablename__ = "quiz_daily"
    __table_args__ = (UniqueConstraint("cohort_id", "on"),)

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    on: date
    question_id: int = reference("bank_question.id")
    asked_at: datetime
    closes_at: datetime


class Exam(Row, table=True):
    """A test: its window, its rules, and whether each attempt is drawn anew. ``minutes`` empty: until it closes."""

    __tablename__ = "quiz_exam"
    __table_args__ = (
        Index("ix_quiz_exam_cohort_id", "cohort_id"),
        Index("ix_quiz_exam_announced_at_opens_at", "announced_at", "opens_at"),
        CheckConstraint("closes_at > opens_at", name="window"),
        CheckConstraint("attempts > 0", name="attempts"),
    )

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    title: str
    status: str = ExamStatus.DRAFT
    is_drawn: bool = False
    opens_at: datetime
    closes_at: datetime
    minutes: int | None = Field(default=30)
    attempts: int = 1
    retake: str = Retake.FAILED
    pass_percent: int | None = Field(default=60)
    can_go_back: bool = True
    made_by: int = reference("person.id")
    created_at: datetime
    announced_at: datetime | None = Field(default=None)
    released_at: datetime | None = Field(default=None)


class ExamPart(Row, table=True):
    """So many questions of one kind: from a bank, of a category and difficulty (empty: any)."""

    __tablename__ = "quiz_exam_part"
    __table_args__ = (Index("ix_quiz_exam_part_exam_id", "exam_id"), CheckConstraint("count > 0", name="count"))

    id: int | None = key()
    exam_id: int = reference("quiz_exam.id")
    bank_id: int = reference("bank.id")
    category: str = ""
    difficulty: str = ""
    count: int


class ExamQuestion(Row, table=True):
    """The set that everybody gets, where it is not drawn anew for each attempt."""

    __tablename__ = "quiz_exam_question"

    exam_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="quiz_exam.id", sa_column_kwargs={"autoincrement": False}
    )
    question_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="bank_question.id", sa_column_kwargs={"autoincrement": False}
    )
    position: int


class Allowance(Row, table=True):
    """More time for one person in one test. Why is nobody's business and is not kept."""

    __tablename__ = "quiz_allowance"

    exam_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="quiz_exam.id", sa_column_kwargs={"autoincrement": False}
    )
    person_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="person.id", sa_column_kwargs={"autoincrement": False}
    )
    minutes: int


class Attempt(Row, table=True):
    """One go of a person at a test. ``score`` is the sum of its items', ``counted`` how many of those give points.

    ``position`` is the question the person stands at. An attempt ended by the clock has ``submitted_at`` = ``due_at``.
    """

    __tablename__ = "quiz_attempt"
    __table_args__ = (
        UniqueConstraint("exam_id", "person_id", "number"),
        Index("ix_quiz_attempt_submitted_at_due_at", "submitted_at", "due_at"),
        Index("ix_quiz_attempt_person_id", "person_id"),
    )

    id: int | None = key()
    exam_id: int = reference("quiz_exam.id")
    person_id: int = reference("person.id")
    number: int
    position: int = 0
    started_at: datetime
    due_at: datetime
    submitted_at: datetime | None = Field(default=None)
    is_by_clock: bool = False
    score: int | None = Field(default=None, sa_type=big().sa_type)
    counted: int = 0


class Recall(Row, table=True):
    """Somebody who wants three questions a day after the camp, up to and including ``until``."""

    __tablename__ = "quiz_recall"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    person_id: int = reference("person.id")
    joined_at: datetime
    until: date
    stopped_at: datetime | None = Field(default=None)


class Memory(Row, table=True):
    """What one person remembers of one question, as FSRS reckons it: its card as JSON, and when it is due."""

    __tablename__ = "quiz_memory"
    __table_args__ = (Index("ix_quiz_memory_recall_id_due_at", "recall_id", "due_at"),)

    recall_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="quiz_recall.id", sa_column_kwargs={"autoincrement": False}
    )
    question_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="bank_question.id", sa_column_kwargs={"autoincrement": False}
    )
    card: str = long_text()
    due_at: datetime


class Item(Row, table=True):
    """One question put to one person, in a test, as the question of a day, or to recall it.

    ``arrangement`` is the order in which this person sees the options; ``answer`` names them by the bank's own letters.
    ``score`` is set when the answer is final, in millionths of a point, by the question's ``version``; a reflection has
    none.
    """

    __tablename__ = "quiz_item"
    __table_args__ = (
        UniqueConstraint("attempt_id", "question_id"),
        UniqueConstraint("attempt_id", "position"),
        UniqueConstraint("daily_id", "person_id"),
        UniqueConstraint("recall_id", "asked_on", "question_id"),
        Index("ix_quiz_item_person_id", "person_id"),
        Index("ix_quiz_item_question_id", "question_id"),
        CheckConstraint(
            "(attempt_id IS NOT NULL AND daily_id IS NULL AND recall_id IS NULL)"
            " OR (attempt_id IS NULL AND daily_id IS NOT NULL AND recall_id IS NULL)"
            " OR (attempt_id IS NULL AND daily_id IS NULL AND recall_id IS NOT NULL)",
            name="place",
        ),
    )

    id: int | None = key()
    person_id: int = reference("person.id")
    question_id: int = reference("bank_question.id")
    attempt_id: int | None = Field(default=None, sa_type=BigKey, foreign_key="quiz_attempt.id")
    daily_id: int | None = Field(default=None, sa_type=BigKey, foreign_key="quiz_daily.id")
    recall_id: int | None = Field(default=None, sa_type=BigKey, foreign_key="quiz_recall.id")
    asked_on: date | None = Field(default=None)
    position: int = 0
    arrangement: str = ""
    version: int = 1
    answer: str | None = long_text(default=None, nullable=True)
    answered_at: datetime | None = Field(default=None)
    settled_at: datetime | None = Field(default=None)
    score: int | None = Field(default=None, sa_type=big().sa_type)


class GroupPoll(Row, table=True):
    """Which questions a group has already been asked as a native poll; who voted is not kept."""

    __tablename__ = "quiz_group_poll"

    chat_id: int = Field(primary_key=True, sa_type=big().sa_type, sa_column_kwargs={"autoincrement": False})
    question_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="bank_question.id", sa_column_kwargs={"autoincrement": False}
    )
    cohort_id: int = reference("cohort.id")
    asked_at: datetime
