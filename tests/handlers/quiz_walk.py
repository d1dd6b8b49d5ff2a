"""A house with a camp, a bank and people, for the tests that walk through the quiz."""

from datetime import date

from bot.banks.questions import Question
from tests.support.house import Person, TestHouse
from tests.support.quiz_camp import COORDINATOR, FIRST_TRAINEE, KINDS, TEACHER, QuizCamp, fill_quiz_camp


class Walk:
    """The camp and its people with their phones."""

    def __init__(self, house: TestHouse, camp: QuizCamp, language: str) -> None:
        self.house = house
        self.camp = camp
        self.coordinator = house.person(COORDINATOR, "林老师", language)
        self.teacher = house.person(TEACHER, "王教授", language)
        self.trainees = [
            house.person(FIRST_TRAINEE + number, f"学员{number:02}", language) for number in range(len(camp.trainees))
        ]

    @property
    def trainee(self) -> Person:
        """The first of them."""
        return self.trainees[0]


def prepare(
    house: TestHouse,
    *,
    trainees: int = 2,
    questions: tuple[Question, ...] = KINDS,
    language: str = "en",
    ends_on: date = date(2026, 12, 11),
) -> Walk:
    """Fill an empty house."""
    camp = QuizCamp(house.database)
    house.write(lambda s: fill_quiz_camp(s, camp, trainees, questions, ends_on))
    walk = Walk(house, camp, language)
    for person in (walk.coordinator, walk.teacher, *walk.trainees):
        house.sandbox.say(person.id, "/start")
    return walk
