from decimal import Decimal

import pytest

from bot.banks.findings import Fault, Remark
from bot.banks.formats.moodle_xml import looks_like_moodle_xml, read_moodle_xml
from bot.banks.formats.xml_tree import BadXml
from bot.banks.questions import (
    Choice,
    Choices,
    Essay,
    Figure,
    Form,
    Kind,
    Numeric,
    Pair,
    Question,
    ShortAnswer,
    ShortForm,
    Text,
    TrueFalse,
)
from tests.bot.banks.questions import matching

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'


def document(*questions: str) -> str:
    return HEAD + "\n".join(questions) + "\n</quiz>"


def element(kind: str, inside: str, stem: str = "<p>Which?</p>", form: str = "html") -> str:
    return (
        f'<question type="{kind}"><name><text>N</text></name>'
        f'<questiontext format="{form}"><text><![CDATA[{stem}]]></text></questiontext>{inside}</question>'
    )


def answer(text: str, fraction: object, feedback: str = "") -> str:
    said = f"<feedback><text>{feedback}</text></feedback>" if feedback else ""
    return f'<answer fraction="{fraction}" format="html"><text>{text}</text>{said}</answer>'


def one(text: str) -> Question:
    (found,) = read_moodle_xml(text).found
    return found.question


def test_a_choice_of_one_is_read_with_weights_and_feedback() -> None:
    inside = f"<single>true</single>{answer('a', 100, 'Yes')}{answer('b', 0)}"

    question = one(document(element("multichoice", inside)))

    assert question.stem == Text("<p>Which?</p>", Form.HTML)
    assert question.body == Choices(
        (Choice(Text("a", Form.HTML), 100.0, Text("Yes")), Choice(Text("b", Form.HTML), 0.0)), several=False
    )


def test_a_choice_of_several_is_one_by_its_own_word() -> None:
    inside = f"<single>false</single>{answer('a', 50)}{answer('b', 50)}{answer('c', -100)}"

    assert one(document(element("multichoice", inside))).kind is Kind.MULTIPLE


def test_a_statement_knows_the_feedback_of_both_answers() -> None:
    inside = answer("true", 0, "No!") + answer("false", 100, "Right.")

    assert one(document(element("truefalse", inside))).body == TrueFalse(False, Text("No!"), Text("Right."))


def test_short_answers_keep_their_case() -> None:
    inside = f"<usecase>1</usecase>{answer('Frog', 100)}{answer('*', 0)}"

    assert one(document(element("shortanswer", inside))).body == ShortAnswer(
        (ShortForm("Frog"), ShortForm("*", 0.0)), case_matters=True
    )


def test_numbers_have_their_tolerance() -> None:
    inside = '<answer fraction="100"><text>3.14</text><tolerance>0.01</tolerance></answer>'

    assert one(document(element("numerical", inside))).body == Numeric((Figure(Decimal("3.14"), Decimal("0.01")),))


def test_pairs_may_have_a_word_without_a_prompt() -> None:
    pairs = [("甲", "a"), ("乙", "b"), ("", "c")]
    inside = "".join(
        f"<subquestion><text>{prompt}</text><answer><text>{word}</text></answer></subquestion>"
        for prompt, word in pairs
    )

    assert one(document(element("matching", inside))).body == matching(*pairs).body
    assert Pair(Text(), "c") == matching(*pairs).body.pairs[2]  # type: ignore[union-attr]


def test_an_essay_keeps_what_the_teacher_should_look_for() -> None:
    assert one(document(element("essay", "<graderinfo><text>Two points.</text></graderinfo>"))).body == Essay(
        Text("Two points.")
    )


def test_category_tags_id_and_general_feedback_belong_to_the_question() -> None:
    category = '<question type="category"><category><text>$course$/top/治理</text></category></question>'
    inside = (
        f"{answer('true', 100)}{answer('false', 0)}<generalfeedback><text>Because.</text></generalfeedback>"
        "<idnumber>Q-7</idnumber><tags><tag><text>a</text></tag><tag><text>b</text></tag></tags>"
    )

    question = one(document(category, element("truefalse", inside)))

    assert (question.category, question.tags, question.idnumber) == ("$course$/top/治理", ("a", "b"), "Q-7")
    assert (question.explanation, question.name) == (Text("Because."), "N")


@pytest.mark.parametrize("kind", ["cloze", "calculated", "ddwtos", "gapselect", "no-such"])
def test_a_kind_that_a_chat_cannot_ask_is_named(kind: str) -> None:
    reading = read_moodle_xml(document(element("truefalse", answer("true", 100)), element(kind, "")))

    (fault,) = reading.faults
    assert (fault.what, fault.line, fault.detail) == (Fault.NOT_ASKABLE, 4, kind)
    assert len(reading.found) == 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (element("multichoice", f"<single>true</single>{answer('a', 0)}{answer('b', 0)}"), Fault.NO_ANSWER),
        (element("multichoice", f"<single>true</single>{answer('a', 100)}{answer('b', 100)}"), Fault.ALL_RIGHT),
        (element("multichoice", f"<single>false</single>{answer('a', 50)}{answer('b', 20)}"), Fault.WEIGHTS),
        (element("multichoice", f"<single>true</single>{answer('a', 'x')}{answer('b', 0)}"), Fault.BAD_NUMBER),
        (element("numerical", answer("abc", 100)), Fault.BAD_NUMBER),
        (element("truefalse", answer("true", 100), stem=""), Fault.NO_STEM),
    ],
)
def test_what_is_wrong_is_said(text: str, fault: Fault) -> None:
    assert fault in [finding.what for finding in read_moodle_xml(document(text)).faults]


def test_a_picture_is_remarked_upon() -> None:
    text = element("truefalse", answer("true", 100), stem='<p>See <img src="@@PLUGINFILE@@/map.png" alt="map"/></p>')

    assert [remark.what for remark in read_moodle_xml(document(text)).remarks] == [Remark.PICTURE]


def test_hints_are_said_to_be_left_out() -> None:
    text = element("truefalse", f"{answer('true', 100)}<hint><text>Think.</text></hint>")

    assert [(remark.what, remark.detail) for remark in read_moodle_xml(document(text)).remarks] == [
        (Remark.NOT_KEPT, "hint")
    ]


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    "<quiz><question type='essay'><name><text>&b;</text></name></question></quiz>"
)


def test_entities_of_a_document_are_never_unfolded() -> None:
    with pytest.raises(BadXml) as caught:
        read_moodle_xml(BOMB)

    assert caught.value.is_bomb


def test_a_document_nested_beyond_reason_is_refused() -> None:
    with pytest.raises(BadXml) as caught:
        read_moodle_xml("<quiz>" + "<a>" * 500 + "</a>" * 500 + "</quiz>")

    assert caught.value.is_bomb


def test_a_document_that_breaks_off_names_the_line() -> None:
    with pytest.raises(BadXml) as caught:
        read_moodle_xml("<quiz>\n<question type='essay'>\n<name>")

    assert (caught.value.line, caught.value.is_bomb) == (3, False)


def test_only_a_quiz_is_taken_for_one() -> None:
    assert looks_like_moodle_xml(document())
    assert looks_like_moodle_xml(BOMB)
    assert not looks_like_moodle_xml("<html></html>")
