"""A camp for the tests of the quiz: one cohort, a coordinator, trainees, and a bank with a question of each kind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import select
from sqlmodel import Session

from bot import schema
from bot.audit.service import Actor
from bot.banks.models import Bank, BankQuestion
from bot.banks.questions import (
    Choice,
    Choices,
    Difficulty,
    Essay,
    Figure,
    Matching,
    Numeric,
    Pair,
    Question,
    ShortAnswer,
    ShortForm,
    Text,
    TrueFalse,
)
from bot.banks.wire import digest, dump_question, matter
from bot.database import Database
from bot.people import service as people
from bot.people.models import Person, Role
from bot.people.service import Speaker
from bot.quiz import attempts, exams
from bot.quiz.models import Attempt, Exam, Item
from bot.quiz.outcomes import Page
from bot.timetable.service import prepare_cohort
from tests.support.storage import lay_tables

assert schema  # the tables must be known before they are made

T = TypeVar("T")
NOON = datetime(2026, 12, 7, 4, 0, tzinfo=UTC)
"""Twelve o'clock in Shanghai on the first day."""
COORDINATOR, TEACHER, FIRST_TRAINEE = 800, 801, 101
MINUTE = timedelta(minutes=1)

CAPITAL = Question(
    Text("Who chairs the residents' council?"),
    Choices(
        (
            Choice(Text("The party secretary"), 0.0, Text("Not necessarily.")),
            Choice(Text("Whom the residents elect"), 100.0),
            Choice(Text("The street office"), 0.0),
            Choice(Text("The property company"), 0.0),
        ),
        several=False,
    ),
    explanation=Text("The council elects its chair itself."),
    source="Handbook, p. 12",
)
SEVERAL = Question(
    Text("Which of these are duties of a grid worker?"),
    Choices(
        (
            Choice(Text("Visit households"), 50.0),
            Choice(Text("Issue fines"), -50.0),
            Choice(Text("Report hazards"), 50.0),
        ),
        several=True,
    ),
)
TRUTH = Question(Text("A hearing must be announced seven days ahead."), TrueFalse(True))
WORD = Question(Text("What is the hotline of the city?"), ShortAnswer((ShortForm("12345"),)))
NUMBER = Question(Text("How many households has a grid?"), Numeric((Figure(Decimal(300), Decimal(50)),)))
PAIRS = Question(
    Text("Who does what?"),
    Matching((Pair(Text("Budget"), "Finance"), Pair(Text("Dispute"), "Mediator"), Pair(Text(""), "Police"))),
)
ESSAY = Question(Text("What will you do differently next week?"), Essay())
KINDS = (CAPITAL, SEVERAL, TRUTH, WORD, NUMBER, PAIRS, ESSAY)


def single(number: int, right: int = 0, options: int = 4, category: str = "", difficulty: str = "") -> Question:
    """A question with one right option."""
    choices = tuple(
        Choice(Text(f"Option {number}{chr(97 + place)}"), 100.0 if place == right else 0.0) for place in range(options)
    )
    return Question(
        Text(f"Question {number}?"),
        Choices(choices, several=False),
        category=category,
        difficulty=Difficulty(difficulty),
    )


@dataclass
class QuizCamp:
    """The ids of what was made, and short ways to act in it."""

    database: Database
    cohort: int = 0
    bank: int = 0
    questions: list[int] = field(default_factory=list)
    coordinator: Speaker = field(default_factory=lambda: Speaker(0, 0, "", ""))  # type: ignore[arg-type]
    teacher: Speaker = field(default_factory=lambda: Speaker(0, 0, "", ""))  # type: ignore[arg-type]
    trainees: list[Speaker] = field(default_factory=list)

    def do(self, work: Callable[[Session], T]) -> T:
        """Run something in a transaction."""
        return self.database.write_now(work)

    def see(self, work: Callable[[Session], T]) -> T:
        """Read something."""
        return self.database.read_now(work)

    def test(self, *, count: int | None = None, now: datetime = NOON, publish: bool = True, **rules: Any) -> int:
        """Make a test of the bank's questions that is open from now on for a day."""

        def work(session: Session) -> int:
            exam = exams.create(session, speaker=self.coordinator, cohort_id=self.cohort, title="Final", now=now)
            number = exam.id or 0
            window = {"opens_at": now, "closes_at": now + timedelta(days=1)}
            exams.change(session, speaker=self.coordinator, exam_id=number, now=now, **{**window, **rules})
            exams.add_part(
                session,
                speaker=self.coordinator,
                exam_id=number,
                bank_id=self.bank,
                category="",
                difficulty="",
                count=count or len(self.questions),
                now=now,
            )
            if publish:
                exams.publish(session, speaker=self.coordinator, exam_id=number, now=now)
            return number

        return self.do(work)

    def begin(self, exam_id: int, who: Speaker | None = None, at: datetime = NOON) -> Page:
        """Begin an attempt."""
        page = self.do(lambda s: attempts.begin(s, speaker=who or self.trainees[0], exam_id=exam_id, at=at, now=at))
        assert isinstance(page, Page), page
        return page

    def item(self, attempt_id: int, question_id: int) -> Item:
        """The item of a question in an attempt."""
        table: Any = Item.__table__  # type: ignore[attr-defined]
        query = select(table.c.id).where(table.c.attempt_id == attempt_id, table.c.question_id == question_id)
        return self.see(lambda s: s.get_one(Item, s.connection().execute(query).scalar_one()))

    def attempt(self, attempt_id: int) -> Attempt:
        """The attempt as it is stored."""
        return self.see(lambda s: s.get_one(Attempt, attempt_id))

    def exam(self, exam_id: int) -> Exam:
        """The test as it is stored."""
        return self.see(lambda s: s.get_one(Exam, exam_id))


def build_quiz_camp(
    database: Database,
    *,
    trainees: int = 3,
    questions: tuple[Question, ...] = KINDS,
    ends_on: date = date(2026, 12, 11),
) -> QuizCamp:
    """Make the tables and the camp."""
    lay_tables(database)
    camp = QuizCamp(database)
    camp.do(lambda s: fill_quiz_camp(s, camp, trainees, questions, ends_on))
    return camp


def fill_quiz_camp(
    session: Session, camp: QuizCamp, trainees: int, questions: tuple[Question, ...], ends_on: date = date(2026, 12, 11)
) -> None:
    """Make cohort, people and bank in a database that has its tables."""
    organisation = people.open_organisation(session, people.OFFICE)
    cohort = people.create_cohort(
        session,
        organisation_id=organisation.id or 0,
        name="第一期",
        starts_on=date(2026, 12, 7),
        ends_on=ends_on,
        time_zone="Asia/Shanghai",
        language="en",
        actor=Actor(name="test"),
        now=NOON - timedelta(days=1),
    )
    prepare_cohort(session, cohort, NOON - timedelta(days=1))
    camp.cohort = cohort.id or 0
    camp.coordinator = _add_person(session, camp.cohort, "林老师", COORDINATOR, Role.COORDINATOR)
    camp.teacher = _add_person(session, camp.cohort, "王教授", TEACHER, Role.TEACHER)
    camp.trainees = [
        _add_person(session, camp.cohort, f"学员{number:02}", FIRST_TRAINEE + number, Role.TRAINEE)
        for number in range(trainees)
    ]
    bank = Bank(cohort_id=camp.cohort, name="Bank", created_at=NOON)
    session.add(bank)
    session.flush()
    camp.bank = bank.id or 0
    camp.questions = [add_question(session, camp.bank, number, one) for number, one in enumerate(questions, 1)]


def add_question(session: Session, bank_id: int, number: int, question: Question) -> int:
    """Put a question into a bank."""
    row = BankQuestion(
        bank_id=bank_id,
        number=number,
        kind=question.kind,
        category=question.category,
        difficulty=question.difficulty,
        digest=digest(question),
        matter=matter(question),
        content=dump_question(question),
        created_at=NOON,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def _add_person(session: Session, cohort_id: int, name: str, telegram_id: int, role: Role) -> Speaker:
    organisation = people.open_organisation(session, people.OFFICE)
    person = Person(organisation_id=organisation.id or 0, name=name, telegram_id=telegram_id, linked_at=NOON)
    session.add(person)
    session.flush()
    people.grant(session, person_id=person.id or 0, cohort_id=cohort_id, role=role, actor=Actor(name="test"), now=NOON)
    return Speaker(person.id or 0, telegram_id, name, "en")  # type: ignore[arg-type]
