from bot.banks.amending import as_typed, ticked, with_answers, with_explanation, with_key, with_words
from bot.banks.questions import Choices, Form, Question, ShortAnswer, Text
from tests.bot.banks.questions import multiple, numeric, short, single, true_false


def weights(question: Question | None) -> list[float]:
    assert question is not None
    assert isinstance(question.body, Choices)
    return [choice.weight for choice in question.body.choices]


def test_the_present_key_is_ticked() -> None:
    assert ticked(single("a", "b", "c", right=1)) == 0b010
    assert ticked(multiple(("a", 50.0), ("b", -50.0), ("c", 50.0))) == 0b101
    assert (ticked(true_false(True)), ticked(true_false(False))) == (1, 0)


def test_another_option_of_one_becomes_right() -> None:
    assert with_key(single("a", "b", "c"), 0b100) == single("a", "b", "c", right=2)


def test_two_ticks_make_it_a_choice_of_several() -> None:
    changed = with_key(single("a", "b", "c"), 0b011)

    assert weights(changed) == [50.0, 50.0, 0.0]
    assert changed is not None
    assert isinstance(changed.body, Choices)
    assert changed.body.several


def test_an_option_that_is_no_longer_right_weighs_like_the_other_wrong_ones() -> None:
    assert weights(with_key(multiple(("a", 50.0), ("b", 50.0), ("c", -25.0)), 0b001)) == [100.0, -25.0, -25.0]


def test_no_tick_and_ticks_beyond_the_options_are_no_key() -> None:
    assert with_key(single("a", "b"), 0) is None
    assert with_key(single("a", "b"), 0b100) is None
    assert with_key(short("x"), 1) is None


def test_a_statement_is_turned_round() -> None:
    assert with_key(true_false(True), 0) == true_false(False)


def test_words_change_the_question_or_the_option_whose_letter_comes_first() -> None:
    assert with_words(single("a", "b"), "What now?") == single("a", "b", stem="What now?")
    assert with_words(single("a", "b"), "B. new") == single("a", "new")
    assert with_words(single("a", "b"), "Ｂ、新") == single("a", "新")
    assert with_words(true_false(), "B. is a letter") == true_false(stem="B. is a letter")


def test_words_that_spoil_the_question_are_not_taken() -> None:
    assert with_words(single("a", "b"), "B. a") is None
    assert with_words(single("a", "b"), "  ") is None


def test_an_explanation_is_written_and_taken_away() -> None:
    explained = with_explanation(single("a", "b"), "Because.")

    assert explained == single("a", "b", explanation=Text("Because."))
    assert explained is not None
    assert with_explanation(explained, "-") == single("a", "b")


def test_accepted_answers_come_one_a_line() -> None:
    assert with_answers(short("x", case_matters=True), "甲\n乙\n") == short("甲", "乙", case_matters=True)
    assert with_answers(numeric("3"), "3.14±0.01") == numeric("3.14", "0.01")
    assert with_answers(numeric("3"), "three") is None
    assert with_answers(short("x"), " ") is None
    kept = with_answers(short("x"), "2*3")
    assert kept is not None
    assert isinstance(kept.body, ShortAnswer)
    assert kept.body.forms[0].pattern == "2\\*3"


def test_what_is_typed_means_what_it_says() -> None:
    assert as_typed("a <b> c") == Text("a <b> c", Form.PLAIN)
    assert as_typed("a < b") == Text("a < b")
