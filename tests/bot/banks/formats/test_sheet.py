from pathlib import Path

import pytest

from bot.banks.findings import Fault, Reading
from bot.banks.formats.sheet import find_questions, read_sheets
from bot.banks.grading import right_places
from bot.banks.questions import Choices, Difficulty, Essay, Kind, Numeric, Question, ShortAnswer, Text, TrueFalse
from bot.sheets.shapes import Cell, Row, Sheet, Workbook
from bot.sheets.workbooks import read_zipped
from tests.bot.banks.questions import matching, numeric

DATA = Path(__file__).parents[3] / "data"
HEAD = ("题型", "题干", "选项A", "选项B", "选项C", "选项D", "选项E", "选项F", "正确答案", "解析", "难度")
ENGLISH = ("Type", "Question", "Option A", "Option B", "Option C", "Correct answer", "Explanation", "Difficulty")


def read(*rows: tuple[Cell, ...], head: tuple[Cell, ...] = HEAD) -> Reading:
    made = (Row(number, row) for number, row in enumerate((head, *rows), start=1))
    return read_sheets(Workbook("x.xlsx", (Sheet("题库", tuple(made)),)))


def one(*cells: Cell, head: tuple[Cell, ...] = HEAD) -> Question:
    (found,) = read(cells, head=head).found
    return found.question


def places(question: Question) -> tuple[int, ...]:
    assert isinstance(question.body, Choices)
    return right_places(question.body)


def test_the_camps_own_workbook_is_read_without_a_wrong_key() -> None:
    sheets = read_zipped((DATA / "camp" / "questions.xlsx").read_bytes())
    text = read_sheets(Workbook("x", tuple(sheets)))

    keys = [places(found.question) for found in text.found if isinstance(found.question.body, Choices)]

    assert keys == [(1,), (1,), (2,), (0, 2, 3), (1,), (1,), (0,)]
    assert [found.question.body for found in text.found if found.question.kind is Kind.TRUE_FALSE] == [TrueFalse(False)]
    assert text.faults == ()


def test_a_row_of_each_kind() -> None:
    reading = read(
        ("单选题", "甲？", "a", "b", "c", "d", None, None, "B", "因为", "易"),
        ("多选", "乙？", "a", "b", "c", None, None, None, "A、C", None, "难"),
        ("判断题", "丙。", None, None, None, None, None, None, "√", None, None),
        ("判断", "丁。", "正确", "错误", None, None, None, None, "B", None, None),
        ("填空题", "戊____", None, None, None, None, None, None, "5|五", None, None),
        ("简答题", "己？", None, None, None, None, None, None, "言之成理", None, None),
        ("匹配题", "庚", "x -> 1", "y→2", None, None, None, None, None, None, None),
        ("数值题", "辛？", None, None, None, None, None, None, "3.14±0.01", None, None),
    )

    bodies = [found.question.body for found in reading.found]

    assert reading.faults == ()
    assert [found.line for found in reading.found] == list(range(2, 10))
    assert places(reading.found[1].question) == (0, 2)
    assert bodies[2:4] == [TrueFalse(True), TrueFalse(False)]
    assert isinstance(bodies[4], ShortAnswer)
    assert bodies[5] == Essay(Text("言之成理"))
    assert bodies[6] == matching(("x", "1"), ("y", "2")).body
    assert bodies[7] == numeric("3.14", "0.01").body
    assert isinstance(bodies[7], Numeric)


def test_english_headings_are_understood() -> None:
    question = one("Single choice", "Which?", "x", "y", None, "b", "Because", "hard", head=ENGLISH)

    assert (places(question), question.explanation, question.difficulty) == ((1,), Text("Because"), Difficulty.HARD)


def test_the_key_may_be_the_text_of_an_option() -> None:
    assert places(one("单选", "甲？", "公布", "确定", None, None, None, None, "确定")) == (1,)


def test_options_may_stand_in_one_cell() -> None:
    question = one("单选", "甲？", "A. 公布\nB. 确定\nC. 表决", "B", head=("题型", "题目", "选项", "答案"))

    assert (places(question), len(question.body.choices)) == ((1,), 3)  # type: ignore[union-attr]


def test_a_title_above_the_headings_and_numbers_as_options_do_no_harm() -> None:
    rows = (
        Row(1, ("第一期题库",)),
        Row(3, ("序号", "题干", "A", "B", "答案")),
        Row(4, ("1", "几年？", "3", 4.5, "B")),
    )

    (found,) = read_sheets(Workbook("x", (Sheet("", rows),))).found

    assert (found.line, places(found.question)) == (4, (1,))


def test_a_sheet_without_a_question_column_is_none() -> None:
    assert find_questions(Sheet("", (Row(1, ("姓名", "手机号")), Row(2, ("张三", "139"))))) is None


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (("单选", "甲？", "a", "b", "c", "d", None, None, "F"), Fault.KEY_OUTSIDE),
        (("单选", "甲？", "a", "b", None, None, None, None, None), Fault.NO_ANSWER),
        (("单选", "甲？", "a", "b", None, None, None, None, "AB"), Fault.KIND_AND_KEY),
        (("单选", "甲？", "a", None, "c", None, None, None, "A"), Fault.OPTION_GAP),
        (("单选", "甲？", None, None, None, None, None, None, "A"), Fault.TOO_FEW_OPTIONS),
        (("单选", None, "a", "b", None, None, None, None, "A"), Fault.NO_STEM),
        (("拼图", "甲？", "a", "b", None, None, None, None, "A"), Fault.UNKNOWN_KIND),
        (("判断", "甲。", None, None, None, None, None, None, "也许"), Fault.KEY_UNREADABLE),
        (("单选", "甲？", "a", "a", None, None, None, None, "A"), Fault.OPTION_TWICE),
        (("匹配", "甲", "x", "y -> 2", None, None, None, None, None), Fault.BAD_PAIR),
        (("数值", "甲", None, None, None, None, None, None, "many"), Fault.BAD_NUMBER),
    ],
)
def test_what_is_wrong_is_said_with_its_row(cells: tuple[Cell, ...], fault: Fault) -> None:
    assert [(finding.what, finding.line) for finding in read(cells).faults] == [(fault, 2)]
