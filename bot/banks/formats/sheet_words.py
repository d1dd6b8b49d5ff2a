"""The headings of a sheet of questions, in both languages; the first of each is what an export writes. Pure."""

from typing import Final

from bot.banks.questions import Difficulty, Kind
from bot.sheets.headings import Vocabulary

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

KIND, STEM, KEY, EXPLANATION = "kind", "stem", "key", "explanation"
DIFFICULTY, CATEGORY, TAGS, SOURCE = "difficulty", "category", "tags", "source"
NAME, IDNUMBER, DETAILS, OPTIONS = "name", "idnumber", "details", "options"

_SAID: Final[dict[str, tuple[str, ...]]] = {
    KIND: ("题型", "Type", "题目类型", "试题类型", "题目类别", "question type", "kind"),
    STEM: ("题干", "Question", "题目", "题目内容", "试题", "试题内容", "问题", "题目描述", "question text", "stem"),
    OPTIONS: ("选项", "Options", "备选项", "全部选项", "choices", "answers"),
    KEY: ("正确答案", "Correct answer", "答案", "标准答案", "参考答案", "正确选项", "answer", "key", "right answer"),
    EXPLANATION: ("解析", "Explanation", "答案解析", "试题解析", "题目解析", "解释", "说明", "feedback", "rationale"),
    DIFFICULTY: ("难度", "Difficulty", "难易度", "难易程度", "难度等级", "level"),
    CATEGORY: ("分类", "Category", "章节", "知识点", "类别", "考点", "所属分类", "topic", "chapter"),
    TAGS: ("标签", "Tags", "关键词", "tag"),
    SOURCE: ("来源", "Source", "出处", "依据", "reference"),
    NAME: ("题名", "Name", "题目名称", "question name", "title"),
    IDNUMBER: ("编号", "ID", "题目编号", "id number"),
    DETAILS: ("细节（请勿修改）", "Details (do not edit)", "细节", "details"),
}


def _key(text: str) -> str:
    return "".join(text.casefold().split()).replace("（", "(").replace("）", ")")


def _option(letter: str) -> tuple[str, ...]:
    low, number = letter.casefold(), LETTERS.index(letter) + 1
    words = (f"选项{low}", f"option{low}", low, f"{low}选项", f"choice{low}", f"答案{low}", f"answer{low}")
    return (*words, f"选项{number}", f"option{number}", f"choice{number}")


VOCABULARY: Final[Vocabulary] = {
    **{field: tuple(_key(word) for word in words) for field, words in _SAID.items()},
    **{f"option_{letter}": _option(letter) for letter in LETTERS},
}
KIND_NAMES: Final = {
    "zh": {
        Kind.SINGLE: "单选题",
        Kind.MULTIPLE: "多选题",
        Kind.TRUE_FALSE: "判断题",
        Kind.SHORT: "填空题",
        Kind.NUMERIC: "数值题",
        Kind.MATCHING: "匹配题",
        Kind.ESSAY: "简答题",
        Kind.DESCRIPTION: "说明",
    },
    "en": {
        Kind.SINGLE: "Single choice",
        Kind.MULTIPLE: "Multiple answers",
        Kind.TRUE_FALSE: "True/false",
        Kind.SHORT: "Short answer",
        Kind.NUMERIC: "Numerical",
        Kind.MATCHING: "Matching",
        Kind.ESSAY: "Essay",
        Kind.DESCRIPTION: "Description",
    },
}
DIFFICULTY_NAMES: Final = {
    "zh": {Difficulty.UNKNOWN: "", Difficulty.EASY: "易", Difficulty.MEDIUM: "中", Difficulty.HARD: "难"},
    "en": {Difficulty.UNKNOWN: "", Difficulty.EASY: "easy", Difficulty.MEDIUM: "medium", Difficulty.HARD: "hard"},
}
TRUTH_NAMES: Final = {"zh": {True: "正确", False: "错误"}, "en": {True: "True", False: "False"}}


def heading(field: str, language: str) -> str:
    """The heading that an export writes for a field."""
    if field.startswith("option_"):
        letter = field.removeprefix("option_")
        return f"选项{letter}" if language == "zh" else f"Option {letter}"
    return _SAID[field][0 if language == "zh" else 1]
