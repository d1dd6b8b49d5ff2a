from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.banks.checks import check
from bot.banks.formats.gift import read_gift
from bot.banks.formats.gift_export import write_gift
from bot.banks.questions import Description, Form, Question, Text
from tests.bot.banks.questions import questions, short, single

DATA = Path(__file__).parents[3] / "data"
SAMPLES = [*sorted((DATA / "gift").glob("*.gift")), DATA / "camp" / "questions.gift"]


def sound(question: Question) -> bool:
    return not any(finding.is_fault for finding in check(question, 1))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_that_was_read_and_written_is_read_as_the_same_again(path: Path) -> None:
    read = [one.question for one in read_gift(path.read_text()).found]

    again = [one.question for one in read_gift(write_gift(read)).found]

    assert again == read


@settings(max_examples=150, deadline=None)
@given(st.lists(questions.filter(sound), max_size=4))
def test_whatever_is_written_is_read_as_the_same(some: list[Question]) -> None:
    again = [one.question for one in read_gift(write_gift(some)).found]

    assert again == some


def test_what_the_format_can_say_needs_no_details() -> None:
    written = write_gift([single("a = b", "c # d", stem="Is {this}: so?", name="N: 1", tags=("x",), source="Book")])

    assert "details" not in written


def test_what_the_format_cannot_say_stands_in_a_comment() -> None:
    question = short("Nanjing", case_matters=True)

    written = write_gift([question])

    assert written.startswith("// details: ")
    assert read_gift(written).found[0].question == question


def test_whoever_changes_the_text_under_a_comment_with_details_means_it() -> None:
    written = write_gift([short("Nanjing", case_matters=True)]).replace("=Nanjing", "=Beijing")

    assert read_gift(written).found[0].question == short("Beijing")


@pytest.mark.parametrize("stem", ["// no comment", "$CATEGORY: none", "::not a name::", "[html]no form"])
def test_a_text_that_looks_like_a_sign_of_the_format_stays_a_text(stem: str) -> None:
    question = Question(Text(stem, Form.MOODLE), Description())

    assert read_gift(write_gift([question])).found[0].question == question
