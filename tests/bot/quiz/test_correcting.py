"""A question corrected after the fact: every result is reckoned anew, once, and written down."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.audit.models import Change
from bot.audit.service import Actor
from bot.banks.correcting import CorrectedMeanwhile
from bot.banks.service import NotYourBanks
from bot.quiz import attempts, correcting, keys, service
from bot.quiz.changing import Pick
from bot.quiz.models import POINT
from bot.quiz.outcomes import Correction
from tests.support.quiz_camp import MINUTE, NOON, QuizCamp

OTHER = 0b0001
CHANGE: Any = Change.__table__  # type: ignore[attr-defined]


def answered(camp: QuizCamp) -> int:
    """Somebody chose the first option, which the key calls wrong, and handed in."""
    page = camp.begin(camp.test(count=None))
    item = camp.item(page.attempt_id, camp.questions[0]).id or 0
    camp.do(lambda s: service.answer(s, speaker=camp.trainees[0], item_id=item, wanted=Pick(0), at=NOON))
    camp.do(lambda s: attempts.hand_in(s, speaker=camp.trainees[0], attempt_id=page.attempt_id, at=NOON))
    return page.attempt_id


def correct(camp: QuizCamp, mask: int = OTHER, version: int = 1, who: Any = None) -> Correction | None:
    return camp.do(
        lambda s: keys.correct(
            s,
            speaker=who or camp.teacher,
            question_id=camp.questions[0],
            version=version,
            mask=mask,
            now=NOON + MINUTE,
        )
    )


def test_the_score_follows_the_key_and_the_change_is_written_down(camp: QuizCamp) -> None:
    attempt_id = answered(camp)
    before = camp.attempt(attempt_id).score

    correction = correct(camp)

    logged = camp.see(lambda s: s.connection().execute(select(CHANGE).where(CHANGE.c.action == "rescore")).all())
    assert before == 0
    assert camp.attempt(attempt_id).score == POINT
    assert correction is not None
    assert [(one.attempt_id, old) for one, old in correction.changed] == [(attempt_id, 0)]
    assert [(row.subject_id, row.actor_id) for row in logged] == [(attempt_id, camp.teacher.person_id)]


def test_reckoning_twice_changes_nothing(camp: QuizCamp) -> None:
    answered(camp)
    correct(camp)

    again = camp.do(lambda s: correcting.rescore(s, question_id=camp.questions[0], actor=Actor(name="test"), now=NOON))

    assert again.changed == []
    assert camp.see(lambda s: correcting.outdated(s, 10)) == []


def test_the_same_key_is_no_correction(camp: QuizCamp) -> None:
    answered(camp)

    assert correct(camp, mask=0b0010) is None


def test_two_who_correct_at_once_do_not_overwrite_each_other(camp: QuizCamp) -> None:
    correct(camp)

    with pytest.raises(CorrectedMeanwhile):
        correct(camp, mask=0b0100)


def test_a_trainee_may_not_correct(camp: QuizCamp) -> None:
    with pytest.raises(NotYourBanks):
        correct(camp, who=camp.trainees[0])


def test_a_question_that_was_void_can_give_everybody_the_point(camp: QuizCamp) -> None:
    attempt_id = answered(camp)

    correct(camp, mask=0b1111)

    assert camp.attempt(attempt_id).score == POINT
