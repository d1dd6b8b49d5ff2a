from decimal import Decimal
from pathlib import Path

import pytest

from bot.banks.findings import Fault, Reading, Remark
from bot.banks.formats.gift import looks_like_gift, read_gift
from bot.banks.grading import right_places
from bot.banks.questions import (
    Choices,
    Essay,
    Figure,
    Form,
    Kind,
    Matching,
    Numeric,
    Pair,
    Question,
    ShortAnswer,
    Text,
    TrueFalse,
)

DATA = Path(__file__).parents[3] / "data"


def sample(name: str) -> Reading:
    return read_gift((DATA / "gift" / f"{name}.gift").read_text())


def one(text: str) -> Question:
    (found,) = read_gift(text).found
    return found.question


def faults(text: str) -> list[tuple[Fault | Remark, int]]:
    return [(finding.what, finding.line) for finding in read_gift(text).faults]


def right(question: Question) -> list[str]:
    assert isinstance(question.body, Choices)
    return [question.body.choices[place].text.text for place in right_places(question.body)]


KEYS: dict[str, list[object]] = {
    "TFTwoFeedback": [False, True, True],
    "categorySpecialCharacter": [],
    "descriptionTitleEscapedColon": [None, True],
    "escapeAll": [["\\"]],
    "escapeEquals": [["= 2 + 3"]],
    "formatExamples": [["<p>The east.</p>"]],
    "markdown": [None, None, None, None],
    "mc1": [["no one"]],
    "mc4": [["no one"]],
    "mcHTMLComment": [["Nunca."]],
    "multipleAnswersFloat": [["Africa", "Asia", "Antarctica"]],
    "numerical1": ["1822", "-1", "3.1415", "-3.142", "3.1415", "-3.1415", "3", "0", "1822", "9"],
    "shortAnswer1": [["no one", "nobody"], ["four", "4"]],
    "shortAnswerNotMatching": [
        ["get coffee powder -> add water"],
        ["-archivo-configurar página ó -diseño de página-orientación"],
    ],
    "shortFirstEmbeddedUnderline": [["Asia"], ["Asia"]],
    "symbolsAll": [True],
    "tag_id_and_two_tags": [None],
    "tf1": [False],
    "tf1_markdown": [False],
    "totara_moodle_backslash": [None],
    "totara_moodle_match": [["Forum", "Choice", "Database", "Wiki"]],
    "totara_moodle_multichoice_multi": [["yellow", "off-beige"]],
    "totara_moodle_pre_content": [None],
    "totara_moodle_shortanswer_general_feedback": [["Frog"]],
    "totara_moodle_truefalse_true_answer1": [True],
    "type_inferred_multiline_markdown": [["answer1 line1  \nanswer1 line2", "answer2 line1  \nanswer2 line2"]],
}


def key(question: Question) -> object:
    match question.body:
        case Choices():
            return right(question)
        case TrueFalse(is_true):
            return is_true
        case ShortAnswer(forms):
            return [form.pattern for form in forms if form.weight == 100]
        case Numeric(figures):
            return next(f"{figure.value}" for figure in figures if figure.weight == 100)
        case Matching() as body:
            return [pair.match for pair in body.prompts]
    return None


def test_every_sample_is_known() -> None:
    assert sorted(KEYS) == sorted(path.stem for path in (DATA / "gift").glob("*.gift"))


@pytest.mark.parametrize("name", KEYS)
def test_a_sample_is_read_without_a_wrong_key(name: str) -> None:
    reading = sample(name)

    assert [key(found.question) for found in reading.found] == KEYS[name]
    assert reading.faults == ()


def test_the_camps_own_file_is_read_with_its_category_and_explanations() -> None:
    reading = read_gift((DATA / "camp" / "questions.gift").read_text())

    questions = [found.question for found in reading.found]

    assert len(questions) == 8
    assert {question.category for question in questions} == {"社区治理/政策理论"}
    assert right(questions[3]) == ["提前公示议题", "线上线下同时征求意见", "公开办理结果"]
    assert questions[4].explanation == Text("专项资金不得用于人员补贴。")


def test_the_first_feedback_of_a_statement_is_for_the_wrong_answer() -> None:
    body = one("Sky is blue.{TRUE#It is not green.#Well seen!}").body

    assert body == TrueFalse(True, Text("It is not green."), Text("Well seen!"))


def test_a_tag_with_an_id_stands_in_the_comment_above() -> None:
    question = sample("tag_id_and_two_tags").found[0].question

    assert (question.idnumber, question.tags) == ("393", ("fred", "barney-wilma"))


def test_escaped_signs_are_texts() -> None:
    question = sample("escapeAll").found[0].question

    assert isinstance(question.body, Choices)
    assert [choice.text.text for choice in question.body.choices] == ["~", "=", "#", "{", "}", ":", "\\"]


def test_an_answer_inherits_the_form_of_its_question_unless_it_names_its_own() -> None:
    body = sample("totara_moodle_match").found[0].question.body

    assert isinstance(body, Matching)
    forms = [pair.prompt.form for pair in body.prompts]
    assert forms == [Form.HTML, Form.MOODLE, Form.PLAIN, Form.MARKDOWN]
    assert body.pairs[-1] == Pair(Text(), "Chat")


@pytest.mark.parametrize(
    ("text", "value", "tolerance"),
    [
        ("Q{#1822}", "1822", "0"),
        ("Q{#-1..5}", "2", "3"),
        ("Q{#3.141..3.142}", "3.1415", "0.0005"),
        ("Q{#3,14:0,01}", "3.14", "0.01"),
        ("Q{#1e3:5}", "1000", "5"),
    ],
)
def test_a_number_may_have_a_tolerance_or_a_range(text: str, value: str, tolerance: str) -> None:
    assert one(text).body == Numeric((Figure(Decimal(value), Decimal(tolerance)),))


def test_several_numbers_have_their_own_weights_and_feedback() -> None:
    body = one("When?{#\n=1822:0#Yes\n=%50%1822:2\n~#No}").body

    assert body == Numeric(
        (
            Figure(Decimal(1822), Decimal(0), 100.0, Text("Yes")),
            Figure(Decimal(1822), Decimal(2), 50.0),
            Figure(None, Decimal(0), 0.0, Text("No")),
        )
    )


def test_a_missing_word_leaves_a_blank() -> None:
    assert one("Two plus {=two ~three} is four.").stem == Text("Two plus _____ is four.")


def test_a_full_stop_after_a_complete_question_is_no_blank() -> None:
    assert one("What is pi? {#3.14:0.01}.").stem == Text("What is pi?")


def test_a_comment_inside_a_question_is_passed_over() -> None:
    assert right(one("Q?{\n// the key\n=a\n~b\n}")) == ["a"]


def test_a_blank_line_inside_braces_does_not_end_the_question() -> None:
    assert right(one("Q?{\n=a\n\n~b\n}")) == ["a"]


def test_a_category_holds_until_the_next() -> None:
    reading = read_gift("$CATEGORY: a/b\n\nQ1{T}\n\nQ2{T}\n$CATEGORY: c\nQ3{T}")

    assert [found.question.category for found in reading.found] == ["a/b", "a/b", "c"]


def test_braces_of_a_chinese_keyboard_are_braces() -> None:
    question = one("：：题1：：首要步骤是？｛～公布结果 ＝确定议题｝")

    assert (question.name, right(question)) == ("题1", ["确定议题"])


def test_full_width_signs_beside_ordinary_braces_are_texts() -> None:
    assert right(one("Q：a＝b？{=甲＝乙 ~丙}")) == ["甲＝乙"]


def test_a_text_without_braces_is_kept_as_a_description_and_said_so() -> None:
    reading = read_gift("Part one.\n\nQ{T}")

    assert [found.question.kind for found in reading.found] == [Kind.DESCRIPTION, Kind.TRUE_FALSE]
    assert [(remark.what, remark.line) for remark in reading.remarks] == [(Remark.DESCRIPTION, 1)]


def test_empty_braces_make_an_essay() -> None:
    assert one("What did you learn?{}").body == Essay()


def test_weights_that_do_not_add_up_are_named_with_their_sum() -> None:
    reading = read_gift("Q{T}\n\nQ2{~%50%a ~%30%b ~c}")

    (fault,) = reading.faults
    assert (fault.what, fault.line, fault.detail) == (Fault.WEIGHTS, 3, "80")
    assert len(reading.found) == 1


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("Q?{~a ~b}", Fault.NO_ANSWER, 1),
        ("Q?{=a}\n\nQ2{=%50%a =%20%b}", Fault.WEIGHTS, 3),
        ("Q?{~%150%a ~%-50%b}", Fault.BAD_WEIGHT, 1),
        ("Q?{=a ~a}", Fault.OPTION_TWICE, 1),
        ("Q?{=a ~}", Fault.OPTION_EMPTY, 1),
        ("Q?{~%100%a}", Fault.TOO_FEW_OPTIONS, 1),
        ("Q?{=a -> b =c}", Fault.BAD_PAIR, 1),
        ("Q?{=a -> b}", Fault.TOO_FEW_OPTIONS, 1),
        ("Q?{#abc}", Fault.BAD_NUMBER, 1),
        ("Q?{#}", Fault.BAD_NUMBER, 1),
        ("Q?{#1e999999999}", Fault.BAD_NUMBER, 1),
        ("{=a ~b}", Fault.NO_STEM, 1),
        ("Q?{maybe}", Fault.KEY_UNREADABLE, 1),
        ("Q?{=a ~b\n\nQ2{T}", Fault.BRACES, 1),
        ("Q?{T}\nQ2{F}", Fault.TWO_BLOCKS, 1),
        ("Q?=a}", Fault.BRACES, 1),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, fault: Fault, line: int) -> None:
    assert (fault, line) in faults(text)


def test_a_forgotten_brace_does_not_swallow_the_next_question() -> None:
    reading = read_gift("Q1?{=a ~b\n\nQ2?{=c ~d}")

    assert [right(found.question) for found in reading.found] == [["c"]]


def test_an_equals_sign_inside_a_text_never_becomes_a_right_answer() -> None:
    reading = read_gift('Which link?{\n~<a href="x">one</a>\n=two\n}')

    (fault,) = reading.faults
    assert (fault.what, fault.line) == (Fault.GLUED_SIGN, 2)
    assert reading.found == ()


def test_answers_that_are_all_written_without_spaces_are_answers() -> None:
    assert right(one("Q?{~Grant~Jefferson=no one}")) == ["no one"]


def test_only_what_looks_like_gift_is_taken_for_it() -> None:
    assert looks_like_gift("Q?{=a ~b}")
    assert looks_like_gift("$CATEGORY: x")
    assert not looks_like_gift("1. 题干\nA. 甲\nB. 乙\n答案：A")
    assert not looks_like_gift("姓名,单位\n张三,{某单位}")
