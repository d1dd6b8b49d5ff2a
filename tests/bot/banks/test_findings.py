import pytest

from bot.banks.checks import survey
from bot.banks.findings import (
    Fault,
    Format,
    Found,
    Notes,
    Reading,
    Remark,
    dump_reading,
    finding,
    load_reading,
    load_summary,
)
from bot.banks.wire import digest, load_question
from tests.bot.banks.questions import single, true_false

READING = Reading(
    Format.WORDS,
    (Found(single("a", "b", category="c"), 3), Found(true_false(), 9)),
    (finding(Remark.PICTURE, 3, "text"), finding(Fault.NO_ANSWER, 5, "x" * 500, 4)),
)


def test_a_reading_comes_back() -> None:
    assert load_reading(dump_reading(READING)) == READING


def test_a_summary_knows_the_questions_without_reading_them() -> None:
    summary = load_summary(dump_reading(READING))

    assert [(entry.line, entry.category, entry.digest) for entry in summary.entries] == [
        (found.line, found.question.category, digest(found.question)) for found in READING.found
    ]
    assert load_question(summary.lines[1]) == true_false()
    assert (summary.faults, summary.remarks) == (READING.faults, READING.remarks)


def test_a_dump_with_a_question_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="not as many"):
        load_summary(dump_reading(READING).rpartition("\n")[0])


def test_a_long_text_is_cut_in_a_finding() -> None:
    assert len(READING.faults[0].text) == 120


def test_a_question_with_a_fault_is_not_taken_and_one_with_a_remark_is() -> None:
    notes = Notes()

    notes.take(single("a", "b"), 1, [finding(Fault.NO_ANSWER, 1)])
    notes.take(true_false(), 2, [finding(Remark.PICTURE, 2)])

    assert [found.line for found in notes.reading(Format.GIFT).found] == [2]
    assert survey(notes.reading(Format.GIFT)).faults == (finding(Fault.NO_ANSWER, 1),)
