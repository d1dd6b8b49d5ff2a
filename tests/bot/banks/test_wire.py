import pytest
from hypothesis import given

from bot.banks.questions import Question, Text
from bot.banks.wire import digest, dump_question, load_question, matter, same_key
from tests.bot.banks.questions import multiple, questions, short, single, true_false


@given(questions)
def test_any_question_comes_back(question: Question) -> None:
    line = dump_question(question)

    assert load_question(line) == question
    assert "\n" not in line


@pytest.mark.parametrize("line", ["", "{}", '{"kind":"riddle","stem":""}', "[]"])
def test_what_is_no_question_is_refused(line: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        load_question(line)


def test_the_digest_is_of_everything_a_question_says() -> None:
    assert digest(single("a", "b")) != digest(single("a", "b", category="c"))
    assert digest(single("a", "b")) == digest(single("a", "b"))


def test_the_matter_is_of_what_is_asked_not_of_the_key() -> None:
    assert matter(single("a", "b", right=0)) == matter(single("b", "a", right=0, category="c"))
    assert matter(single("a", "b")) != matter(single("a", "c"))
    assert matter(short("x")) == matter(short("y"))


def test_the_same_answers_in_another_order_are_the_same_key() -> None:
    assert same_key(single("a", "b", right=0), single("b", "a", right=1))
    assert not same_key(single("a", "b", right=0), single("a", "b", right=1))
    assert not same_key(true_false(True), true_false(False))
    assert not same_key(multiple(("a", 100.0), ("b", -100.0)), multiple(("a", 50.0), ("b", 50.0)))
    assert same_key(single("a", "b"), single("a", "b", explanation=Text("new")))
