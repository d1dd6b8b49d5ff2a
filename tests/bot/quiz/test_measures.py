"""What answers say about questions."""

import pytest

from bot.quiz.measures import Given, correlation, measure
from bot.quiz.models import POINT


def test_fewer_than_five_answers_tell_nothing_but_their_number() -> None:
    measured = measure(1, [Given(POINT, ("A",), 0)] * 4, ("A",))

    assert (measured.answers, measured.difficulty, measured.letters, measured.distractor) == (4, None, {}, None)


def test_difficulty_is_the_mean_share_of_the_points() -> None:
    measured = measure(1, [Given(POINT)] * 3 + [Given(POINT // 2)] * 2 + [Given(0)] * 5)

    assert measured.difficulty == pytest.approx(0.4)


def test_the_wrong_option_that_most_chose_is_the_distractor() -> None:
    given = [Given(POINT, ("B",))] * 2 + [Given(0, ("A",))] * 3 + [Given(0, ("D",))]

    measured = measure(1, given, ("B",))

    assert measured.letters == {"B": 2, "A": 3, "D": 1}
    assert measured.distractor == "A"
    assert "astray" in measured.doubts


def test_a_question_that_the_strong_get_and_the_weak_miss_discriminates() -> None:
    given = [Given(POINT, (), 9 * POINT)] * 6 + [Given(0, (), POINT)] * 6

    assert measure(1, given).discrimination == pytest.approx(1.0)


def test_below_ten_attempts_a_correlation_is_not_told() -> None:
    given = [Given(POINT, (), 9)] * 5 + [Given(0, (), 1)] * 4

    assert measure(1, given).discrimination is None


def test_what_does_not_vary_has_no_correlation() -> None:
    assert correlation([1.0, 1.0], [0.0, 5.0]) is None
