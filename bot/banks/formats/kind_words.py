"""The words for kinds of questions in files of both languages. Pure."""

import re
from typing import Final

from bot.banks.questions import Kind
from bot.sheets.text import narrow

_WORDS: Final = {
    Kind.SINGLE: ("单选", "单项选择", "单选题", "单项", "single", "singlechoice", "oneanswer"),
    Kind.MULTIPLE: (
        "多选",
        "多项选择",
        "不定项选择",
        "不定项",
        "多项",
        "multiple",
        "multipleresponse",
        "multipleanswers",
    ),
    Kind.TRUE_FALSE: ("判断", "是非", "判断对错", "对错", "判断正误", "truefalse", "trueorfalse", "tf", "judgement"),
    Kind.SHORT: ("填空", "单空填空", "shortanswer", "short", "fillin", "fillintheblank", "blank"),
    Kind.NUMERIC: ("数值", "数字", "计算", "numeric", "numerical", "number"),
    Kind.MATCHING: ("匹配", "连线", "配对", "matching", "match"),
    Kind.ESSAY: (
        *("简答", "问答", "论述", "论述题", "案例分析", "材料分析", "思考", "主观", "名词解释"),
        *("essay", "open", "reflection"),
    ),
    Kind.DESCRIPTION: ("说明", "description"),
}
_MEANT: Final = {word: kind for kind, words in _WORDS.items() for word in words}
CHOICE: Final = frozenset(("选择", "客观", "choice", "multichoice", "multiplechoice", "mcq"))
"""Words that say only that there are options."""

SECTION: Final = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十\dIVX]{1,3}\s*(?:部分|大题)?\s*[、.．:： ]\s*)?[【\[（(]?\s*"
    r"(?P<word>[\u4e00-\u9fffA-Za-z/ -]{2,24}?题?)\s*[】\]）)]?\s*(?:[（(:：，,。].*)?$"
)


def read_kind(text: str) -> Kind | None:
    """The kind that a word names; ``None`` where it names none, or only that there are options.

    Raises:
        KeyError: the word is not known.
    """
    word = re.sub(r"[\s/_&-]", "", narrow(text).casefold()).removesuffix("questions").removesuffix("question")
    word = word.removesuffix("题目").removesuffix("试题").removesuffix("题")
    return None if not word or word in CHOICE else _MEANT[word]


def section_kind(line: str) -> tuple[bool, Kind | None]:
    """Whether a line is the heading of a section of one kind, such as ``一、单项选择题（每题2分）``, and which."""
    found = SECTION.match(line)
    if found is None or ("题" not in found["word"] and "question" not in found["word"].casefold()):
        return False, None
    try:
        return True, read_kind(found["word"])
    except KeyError:
        return False, None
