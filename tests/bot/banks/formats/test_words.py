import json
import re
from pathlib import Path

import pytest

from bot.banks.findings import Fault, Reading, Remark
from bot.banks.formats.words import looks_like_words, read_words
from bot.banks.grading import right_places
from bot.banks.questions import Choices, Difficulty, Essay, Kind, Question, ShortAnswer, Text, TrueFalse

DATA = Path(__file__).parents[3] / "data"


def one(text: str) -> Question:
    (found,) = read_words(text).found
    return found.question


def options(question: Question) -> list[str]:
    assert isinstance(question.body, Choices)
    return [choice.text.text for choice in question.body.choices]


def letters(question: Question) -> str:
    assert isinstance(question.body, Choices)
    return "".join("ABCDEFGH"[place] for place in right_places(question.body))


def faults(reading: Reading) -> list[tuple[Fault | Remark, int]]:
    return [(finding.what, finding.line) for finding in reading.faults]


def test_the_camps_own_text_is_read_without_a_wrong_key() -> None:
    reading = read_words((DATA / "camp" / "questions.txt").read_text())

    questions = [found.question for found in reading.found]

    assert [letters(question) for question in questions if isinstance(question.body, Choices)] == [
        *"BBC",
        "ACD",
        *"BBA",
    ]
    assert questions[4].body == TrueFalse(False)
    assert questions[0].explanation == Text("先有议题，才能组织相关方协商。")
    assert reading.findings == ()


AGIEVAL = [
    json.loads(line) for line in (DATA / "zh-quiz" / "agieval_gaokao-geography_20.jsonl").read_text().splitlines()
]


def typed(style: str) -> str:
    """The same questions as somebody else would have typed them."""
    lines = []
    for number, row in enumerate(AGIEVAL, start=1):
        said = [re.sub(r"^\(([A-D])\)", {"dots": r"\1. ", "commas": r"\1、", "boxed": r"（\1）"}[style], option)
                for option in row["options"]]  # fmt: skip
        stem = " ".join(row["question"].split())
        if style == "dots":
            lines += [f"{number}. {stem}", "    ".join(said), f"答案：{row['label']} 解析：略"]
        elif style == "commas":
            lines += [f"{number}、{stem}", *said, f"【答案】{row['label']}", "【解析】略", ""]
        else:
            lines += [f"（{number}）{stem}", "".join(said), f"正确答案：{chr(ord(row['label']) + 0xFEE0)}"]
    return "\n".join(lines)


@pytest.mark.parametrize("style", ["dots", "commas", "boxed"])
def test_twenty_questions_of_a_real_test_keep_their_keys_in_any_style(style: str) -> None:
    reading = read_words(typed(style))

    assert [letters(found.question) for found in reading.found] == [row["label"] for row in AGIEVAL]
    assert [len(options(found.question)) for found in reading.found] == [4] * 20
    assert reading.faults == ()


@pytest.mark.parametrize(
    "text",
    [
        "1. 首要步骤？ A. 公布 B. 确定 C. 表决 答案：B 解析：先有议题。",
        "1、首要步骤？\nA、公布\nB、确定\nC、表决\n【答案】B\n【解析】先有议题。",
        "１．首要步骤？\nＡ．公布　Ｂ．确定　Ｃ．表决\n答案：Ｂ\n解析：先有议题。",
        "（1）首要步骤？（A）公布（B）确定（C）表决\n正确答案:B。\n答案解析：先有议题。",
        "1.首要步骤？A.公布B.确定C.表决\n参考答案：（B）\n解析:先有议题。",
        "第1题 首要步骤？\nA 公布\nB 确定\nC 表决\n答案 B\n【答案解析】先有议题。",
        "1. 首要步骤？\nA. 公布     C. 表决\nB. 确定\n答案：B. 确定\n解析：先有议题。",
        "Q1. 首要步骤？\nA) 公布\nB) 确定\nC) 表决\nAnswer: B\nExplanation: 先有议题。",
        "首要步骤？\nA. 公布\nB. 确定\nC. 表决\n答案：B\n解析：先有议题。",
    ],
)
def test_one_question_in_many_hands(text: str) -> None:
    question = one(text)

    assert (question.stem.text, options(question), letters(question)) == ("首要步骤？", ["公布", "确定", "表决"], "B")
    assert question.explanation == Text("先有议题。")


@pytest.mark.parametrize("key", ["AB", "A、B", "A,B", "A B", "ＡＢ", "BA", "ab", "【AB】", "A和B", "AB。"])
def test_several_letters_make_a_multiple_choice(key: str) -> None:
    question = one(f"1. 哪些？\nA. 甲\nB. 乙\nC. 丙\n答案：{key}")

    assert (question.kind, letters(question)) == (Kind.MULTIPLE, "AB")


@pytest.mark.parametrize(
    ("word", "is_true"),
    [
        ("正确", True),
        ("错误", False),
        ("对", True),
        ("错", False),
        ("√", True),
        ("×", False),
        ("T", True),
        ("F", False),
        ("是", True),
        ("否", False),
    ],
)
def test_right_and_wrong_in_many_words(word: str, is_true: bool) -> None:
    assert one(f"1. 居委会每届任期五年。\n答案：{word}").body == TrueFalse(is_true)
    assert one(f"1. 居委会每届任期五年。【答案】{word}").body == TrueFalse(is_true)


def test_a_key_in_the_brackets_of_the_question_is_taken_out_of_it() -> None:
    question = one("1. 首要步骤是（ B ）。\nA. 公布\nB. 确定")

    assert (question.stem.text, letters(question)) == ("首要步骤是（　　）。", "B")


def test_a_verdict_in_brackets_at_the_end_is_the_key() -> None:
    question = one("1. 居委会是国家机关。（×）")

    assert (question.stem.text, question.body) == ("居委会是国家机关。（　　）", TrueFalse(False))


def test_a_key_in_brackets_that_differs_from_the_one_below_is_a_conflict() -> None:
    assert faults(read_words("1. 首要步骤是（A）。\nA. 公布\nB. 确定\n答案：B")) == [(Fault.KEY_CONFLICT, 1)]


def test_a_letter_inside_an_option_is_no_mark() -> None:
    question = one("1. 缺什么？\nA. 维生素A、D\nB. 维生素C、维生素E\nC. 铁\n答案：C")

    assert options(question) == ["维生素A、D", "维生素C、维生素E", "铁"]


def test_headings_of_sections_say_the_kind() -> None:
    text = (
        "一、单项选择题（每题2分）\n1. 甲？\nA. a\nB. b\n答案：A\n"
        "二、多选题\n1. 乙？\nA. a\nB. b\n答案：A\n三、判断题\n1. 丙。\n答案：错\n"
        "四、填空题\n1. 任期____年。\n答案：5|五\n五、简答题\n1. 谈谈理解。\n答案：言之成理。\n"
    )

    questions = [found.question for found in read_words(text).found]

    assert [question.kind for question in questions] == [
        *(Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.SHORT, Kind.ESSAY)
    ]
    assert isinstance(questions[3].body, ShortAnswer)
    assert [form.pattern for form in questions[3].body.forms] == ["5", "五"]
    assert questions[4].body == Essay(Text("言之成理。"))


def test_a_mark_of_the_kind_before_the_question_is_no_part_of_it() -> None:
    question = one("1.【多选题】哪些？\nA. 甲\nB. 乙\n答案：A")

    assert (question.stem.text, question.kind) == ("哪些？", Kind.MULTIPLE)


def test_keys_at_the_end_of_the_document_find_their_questions() -> None:
    text = "1. 甲？\nA. a\nB. b\n2. 乙？\nA. a\nB. b\n3. 丙？\nA. a\nB. b\nC. c\n参考答案：\n1-2 AB 3. AC\n"

    assert [letters(found.question) for found in read_words(text).found] == ["A", "B", "AC"]


def test_difficulty_source_and_tags_are_kept() -> None:
    question = one("1. 甲？\nA. a\nB. b\n答案：A\n难度：较难\n来源：培训手册第3章\n标签：协商、治理\n知识点：基层")

    assert (question.difficulty, question.source, question.tags, question.category) == (
        Difficulty.HARD,
        "培训手册第3章",
        ("协商", "治理"),
        "基层",
    )


def test_a_list_inside_an_explanation_is_no_question() -> None:
    reading = read_words("1. 甲？\nA. a\nB. b\n答案：A\n解析：要点：\n1. 其一\n2. 其二\n")

    assert len(reading.found) == 1 or faults(reading)


def test_lines_that_belong_to_no_question_are_named() -> None:
    reading = read_words("社区治理题库\n\n1. 甲。\n答案：对")

    assert [(remark.what, remark.line, remark.text) for remark in reading.remarks] == [
        (Remark.PASSED_OVER, 1, "社区治理题库")
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("1. 甲？\nA. a\nB. b\nC. c\nD. d\n答案：F", Fault.KEY_OUTSIDE),
        ("1. 甲？\nA. a\nB. b\n解析：无答案", Fault.NO_ANSWER),
        ("1. 甲？\nA. a\nB. b\n答案：", Fault.NO_ANSWER),
        ("1. 甲？\nA. a\nB. b\nD. d\n答案：A", Fault.OPTION_GAP),
        ("1. 甲？\nA. a\nB. a\n答案：A", Fault.OPTION_TWICE),
        ("1. 甲？\n答案：B", Fault.TOO_FEW_OPTIONS),
        ("1. 甲？\nA. a\nB. b\n答案：见教材", Fault.KEY_UNREADABLE),
        ("一、单选题\n1. 甲？\nA. a\nB. b\n答案：AB", Fault.KIND_AND_KEY),
        ("一、填空题\n1. ____和____？\n答案：甲；乙", Fault.MANY_BLANKS),
        ("一、判断题\n1. 甲。\n答案：也许", Fault.KEY_UNREADABLE),
        ("1. 甲？\nA. a\nB. b\n答案：A\n题型：拼图", Fault.UNKNOWN_KIND),
    ],
)
def test_what_is_wrong_is_said(text: str, fault: Fault) -> None:
    assert [finding.what for finding in read_words(text).faults] == [fault]


def test_every_fault_of_a_file_is_named_and_the_good_ones_are_taken() -> None:
    text = "1. 甲？\nA. a\nB. b\n答案：F\n2. 乙。\n答案：对\n3. 丙？\nA. a\nB. b\n"

    reading = read_words(text)

    assert faults(reading) == [(Fault.KEY_OUTSIDE, 1), (Fault.NO_ANSWER, 7)]
    assert [found.line for found in reading.found] == [5]


def test_every_option_right_is_taken_with_a_remark() -> None:
    reading = read_words("1. 哪些？\nA. 甲\nB. 乙\n答案：AB")

    assert [remark.what for remark in reading.remarks] == [Remark.EVERY_OPTION]
    assert len(reading.found) == 1


def test_what_is_taken_for_typed_questions() -> None:
    assert looks_like_words("1. 甲。答案：对")
    assert looks_like_words("1. 甲？\nA. a\nB. b")
    assert not looks_like_words("姓名,手机号\n张三,13900000000")
