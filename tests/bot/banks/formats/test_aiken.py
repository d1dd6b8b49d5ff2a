import pytest

from bot.banks.findings import Fault
from bot.banks.formats.aiken import looks_like_aiken, read_aiken
from bot.banks.questions import Question
from tests.bot.banks.questions import single

GOOD = "What is the capital?\nA. Beijing\nB) Nanjing\nC. Xi'an\nANSWER: A\n\nSecond?\nA) x\nB) y\nANSWER: B\n"


def test_questions_are_read_in_order_with_their_lines() -> None:
    reading = read_aiken(GOOD)

    questions: list[Question] = [found.question for found in reading.found]
    assert questions == [
        single("Beijing", "Nanjing", "Xi'an", stem="What is the capital?"),
        single("x", "y", right=1, stem="Second?"),
    ]
    assert [found.line for found in reading.found] == [1, 7]
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("Q?\nA. x\nB. y\nANSWER: F", Fault.KEY_OUTSIDE, 1),
        ("Q?\nA. x\nB. y\n\nQ2?\nA. x\nB. y\nANSWER: A", Fault.NO_ANSWER, 1),
        ("Q?\nA. x\nC. y\nANSWER: A", Fault.OPTION_GAP, 1),
        ("Q?\nA. x\nB. y\nANSWER: 1", Fault.KEY_UNREADABLE, 1),
        ("Q?\nA. x\nB. y\nANSWER: AB", Fault.KIND_AND_KEY, 1),
        ("Q?\nA. x\nANSWER: A", Fault.TOO_FEW_OPTIONS, 1),
        ("ANSWER: A", Fault.NO_STEM, 1),
        ("Q?\nA. x\nB. y", Fault.NO_ANSWER, 1),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, fault: Fault, line: int) -> None:
    assert [(finding.what, finding.line) for finding in read_aiken(text).faults] == [(fault, line)]


def test_only_its_own_answers_make_a_text_aiken() -> None:
    assert looks_like_aiken(GOOD)
    assert not looks_like_aiken("1. 甲？\nA. a\nB. b\n答案：A")
