from decimal import Decimal

import pytest

from bot.banks.checks import LONGEST_TEXT, MOST_QUESTIONS, check, survey
from bot.banks.findings import Fault, Format, Found, Reading, Remark
from bot.banks.questions import Choices, Figure, Form, Numeric, Question, Text
from tests.bot.banks.questions import matching, multiple, numeric, short, single, true_false


def said(question: Question) -> list[Fault | Remark]:
    return [finding.what for finding in check(question, 7)]


def surveyed(*questions: Question) -> Reading:
    found = tuple(Found(question, line) for line, question in enumerate(questions, start=1))
    return survey(Reading(Format.GIFT, found))


@pytest.mark.parametrize(
    "question",
    [single("a", "b"), multiple(("a", 50.0), ("b", 50.0), ("c", -50.0)), true_false(), short("x"), numeric("1"),
     matching(("x", "1"), ("y", "2"))],
)  # fmt: skip
def test_a_sound_question_needs_no_word(question: Question) -> None:
    assert said(question) == []


@pytest.mark.parametrize(
    ("question", "what"),
    [
        (single("a", "b", stem=" "), Fault.NO_STEM),
        (single("a", "b", stem="x" * (LONGEST_TEXT + 1)), Fault.TOO_LONG),
        (single("a"), Fault.TOO_FEW_OPTIONS),
        (single(*(f"{n}" for n in range(27))), Fault.TOO_MANY_OPTIONS),
        (single("a", ""), Fault.OPTION_EMPTY),
        (single("a", " a"), Fault.OPTION_TWICE),
        (single("a", "x" * 2001), Fault.TOO_LONG),
        (single("a", "b", right=9), Fault.NO_ANSWER),
        (multiple(("a", 0.0), ("b", -50.0)), Fault.NO_ANSWER),
        (multiple(("a", 50.0), ("b", 20.0)), Fault.WEIGHTS),
        (multiple(("a", 150.0), ("b", -50.0)), Fault.BAD_WEIGHT),
        (Question(Text("?"), Choices(multiple(("a", 100.0), ("b", 100.0)).body.choices, False)), Fault.ALL_RIGHT),  # type: ignore[union-attr]
        (short(""), Fault.OPTION_EMPTY),
        (Question(Text("?"), Numeric((Figure(Decimal(1), weight=50.0),))), Fault.WEIGHTS),
        (Question(Text("?"), Numeric(())), Fault.NO_ANSWER),
        (matching(("x", "1")), Fault.TOO_FEW_OPTIONS),
        (matching(("x", "1"), ("y", "1")), Fault.TOO_FEW_OPTIONS),
        (matching(("x", "1"), ("x", "2")), Fault.OPTION_TWICE),
        (matching(("x", "1"), ("y", "")), Fault.OPTION_EMPTY),
        (matching(*((f"{n}", f"w{n}") for n in range(21))), Fault.TOO_MANY_OPTIONS),
        (multiple(("a", 50.0), ("b", 50.0)), Remark.EVERY_OPTION),
        (single("a", "b", stem="<img src='x'> where?"), Remark.PICTURE),
    ],
)
def test_what_is_wrong_or_odd_is_said(question: Question, what: Fault | Remark) -> None:
    assert what in said(question)


def test_two_right_options_of_which_one_may_be_chosen_are_remarked_upon() -> None:
    body = multiple(("a", 100.0), ("b", 100.0), ("c", 0.0)).body

    assert said(Question(Text("?"), Choices(body.choices, False))) == [Remark.TWO_RIGHT]  # type: ignore[union-attr]


def test_a_stem_of_marks_only_has_no_words() -> None:
    assert Fault.NO_STEM in said(Question(Text("<p> </p>", Form.HTML), single("a", "b").body))


def test_the_same_question_twice_is_taken_once_and_said() -> None:
    reading = surveyed(single("a", "b"), true_false(), single("a", "b"))

    assert len(reading.found) == 2
    assert [(one.what, one.line, one.detail) for one in reading.remarks] == [(Remark.REPEATED, 3, "1")]


def test_two_questions_of_one_name_are_both_kept_and_said() -> None:
    reading = surveyed(single("a", "b", name="Q1"), single("c", "d", name="Q1"))

    assert len(reading.found) == 2
    assert [(one.what, one.line, one.detail) for one in reading.remarks] == [(Remark.SAME_NAME, 2, "1")]


def test_the_same_question_with_another_key_is_said() -> None:
    reading = surveyed(true_false(True), true_false(False))

    assert [(one.what, one.line, one.detail) for one in reading.remarks] == [(Remark.OTHER_KEY, 2, "1")]


def test_more_questions_than_a_file_may_hold_are_cut_off_with_a_word() -> None:
    reading = surveyed(*(true_false(stem=f"{number}") for number in range(MOST_QUESTIONS + 2)))

    assert len(reading.found) == MOST_QUESTIONS
    assert [fault.what for fault in reading.faults] == [Fault.TOO_MANY]
