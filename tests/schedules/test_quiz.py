"""What the clock does for the quiz, through the outbox: everybody once, also when it runs again or was killed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.banks import correcting as corrections
from bot.banks import service as banks
from bot.database import Database
from bot.outbox.models import Outbox
from bot.quiz import daily, keys, service
from bot.quiz.changing import Pick
from bot.turn import Turns
from schedules import quiz
from tests.support.house import HandClock
from tests.support.quiz_camp import MINUTE, NOON, QuizCamp, build_quiz_camp, single

pytestmark = pytest.mark.anyio
OUTBOX: Any = Outbox.__table__  # type: ignore[attr-defined]


class Clockwork:
    """A camp, a clock and the passes."""

    def __init__(self, database: Database) -> None:
        self.camp: QuizCamp = build_quiz_camp(database, trainees=7, questions=tuple(single(n) for n in range(5)))
        self.clock = HandClock(NOON)
        self.turns = Turns(database, self.clock)

    @property
    def keys(self) -> list[str]:
        """What is owed, by key."""
        rows = self.camp.see(
            lambda s: s.connection().execute(select(OUTBOX.c.key).order_by(OUTBOX.c.id)).scalars().all()
        )
        return list(rows)

    def begun_with(self, prefix: str) -> int:
        """How many keys begin like that."""
        return sum(key.startswith(prefix) for key in self.keys)


@pytest.fixture
def works(database_url: str) -> Iterator[Clockwork]:
    database = Database(database_url)
    yield Clockwork(database)
    database.close()


async def test_the_daily_question_goes_to_everybody_once(works: Clockwork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiz, "PAGE", 3)
    works.camp.do(
        lambda s: daily.set_plan(s, speaker=works.camp.coordinator, cohort_id=works.camp.cohort, now=NOON, is_on=True)
    )
    works.clock.at = NOON + 30 * MINUTE

    await quiz.push_questions(works.turns)
    await quiz.push_questions(works.turns)

    assert works.begun_with("daily:") == 7


async def test_the_summary_goes_to_those_who_answered_and_to_the_staff(works: Clockwork) -> None:
    camp = works.camp
    camp.do(lambda s: daily.set_plan(s, speaker=camp.coordinator, cohort_id=camp.cohort, now=NOON, is_on=True))
    works.clock.at = NOON + 30 * MINUTE
    await quiz.push_questions(works.turns)
    for trainee in camp.trainees[:5]:
        asked = camp.do(lambda s, t=trainee: daily.show(s, speaker=t, cohort_id=camp.cohort, at=works.clock.at))  # type: ignore[misc]
        assert asked is not None
        camp.do(
            lambda s, t=trainee, i=asked.asked.item_id: service.answer(  # type: ignore[misc]
                s, speaker=t, item_id=i, wanted=Pick(0), at=works.clock.at
            )
        )
    works.clock.at = NOON + timedelta(hours=19, minutes=30)

    await quiz.push_questions(works.turns)
    await quiz.push_questions(works.turns)

    assert works.begun_with("daily-summary:") == 5
    assert works.begun_with("daily-staff:") == 2


async def test_a_test_is_announced_when_it_opens_and_handed_in_when_time_is_up(works: Clockwork) -> None:
    exam = works.camp.test()
    await quiz.push_tests(works.turns)
    await quiz.push_tests(works.turns)
    page = works.camp.begin(exam)
    works.clock.at = NOON + 31 * MINUTE

    await quiz.push_tests(works.turns)
    await quiz.push_tests(works.turns)

    assert works.begun_with(f"test:{exam}:open:") == 7
    assert works.begun_with(f"test:result:{page.attempt_id}") == 1
    assert works.camp.attempt(page.attempt_id).submitted_at == NOON + 30 * MINUTE


async def test_a_test_that_nobody_could_take_in_time_is_not_announced(works: Clockwork) -> None:
    exam = works.camp.test()
    works.clock.at = NOON + timedelta(days=2)

    await quiz.push_tests(works.turns)

    assert works.begun_with(f"test:{exam}:open:") == 0
    assert works.camp.exam(exam).announced_at is not None


async def test_a_correction_that_came_another_way_is_reckoned_by_the_clock(works: Clockwork) -> None:
    camp = works.camp
    page = camp.begin(camp.test())
    item = camp.item(page.attempt_id, camp.questions[0]).id or 0
    camp.do(lambda s: service.answer(s, speaker=camp.trainees[0], item_id=item, wanted=Pick(1), at=NOON))
    works.clock.at = NOON + 31 * MINUTE
    await quiz.push_tests(works.turns)
    replacement = camp.see(lambda s: keys.with_key(banks.question(s, camp.questions[0]).question, 0b10))
    camp.do(
        lambda s: corrections.correct(
            s,
            speaker=camp.coordinator,
            question_id=camp.questions[0],
            version=1,
            replacement=replacement,
            reason="a file",
            now=works.clock.at,
        )
    )

    await quiz.push_corrections(works.turns)
    await quiz.push_corrections(works.turns)

    assert camp.attempt(page.attempt_id).score == 1_000_000
    assert sum(":rescored:" in key for key in works.keys) == 1
