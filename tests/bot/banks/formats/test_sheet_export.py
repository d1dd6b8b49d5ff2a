from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.banks.checks import check
from bot.banks.formats.gift import read_gift
from bot.banks.formats.sheet import read_sheets
from bot.banks.formats.sheet_export import write_sheet
from bot.banks.questions import Question
from bot.sheets.shapes import Workbook
from bot.sheets.workbooks import read_zipped
from tests.bot.banks.formats.test_gift_export import SAMPLES
from tests.bot.banks.questions import multiple, questions, short, single


def read_back(content: bytes) -> list[Question]:
    sheets = tuple(sheet for sheet in read_zipped(content) if sheet.rows)
    return [one.question for one in read_sheets(Workbook("x.xlsx", sheets)).found]


def sound(question: Question) -> bool:
    return not any(finding.is_fault for finding in check(question, 1))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_sample_in_a_workbook_is_read_as_the_same_again(path: Path, language: str) -> None:
    read = [one.question for one in read_gift(path.read_text()).found]

    assert read_back(write_sheet(read, language, path.stem)) == read


@settings(max_examples=60, deadline=None)
@given(st.lists(questions.filter(sound), max_size=4), st.sampled_from(("en", "zh")))
def test_whatever_is_written_is_read_as_the_same(some: list[Question], language: str) -> None:
    assert read_back(write_sheet(some, language, "bank")) == some


def test_what_looks_like_a_formula_is_a_text() -> None:
    question = single("=1+1", "@SUM(A1)", stem='=HYPERLINK("x")')

    assert read_back(write_sheet([question], "zh", "bank")) == [question]


def test_a_plain_question_needs_no_details() -> None:
    content = write_sheet([single("a", "b"), short("x", "y")], "en", "bank")

    rows = read_zipped(content)[0].rows

    assert not any(isinstance(cell, str) and cell.startswith("{") for row in rows for cell in row.cells)


def test_weights_that_letters_cannot_say_come_back() -> None:
    question = multiple(("a", 50.0), ("b", 50.0), ("c", -25.0))

    assert read_back(write_sheet([question], "zh", "bank")) == [question]
