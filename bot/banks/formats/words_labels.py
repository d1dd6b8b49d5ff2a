"""The labels in typed questions: 答案, 解析, 难度 and the like, at the head of a line or in the middle of one. Pure."""

import re
from dataclasses import dataclass, field
from typing import Final

_WORDS: Final = {
    "answer": r"(?:正确|参考|标准|本题)?答案|答|answers?|ans|key|correct answer",
    "explanation": r"(?:答案|试题|参考)?(?:解析|详解|分析|点评|解答)|explanation|rationale",
    "difficulty": r"难度(?:等级|系数)?|难易(?:度|程度)?|difficulty|level",
    "category": r"章节|知识点|考点|分类|类别|所属分类|category|topic",
    "source": r"来源|出处|依据|法律依据|source|reference",
    "tags": r"标签|关键词|tags?",
    "kind": r"题型|题目类型|type",
}
_ANY: Final = "|".join(_WORDS.values())
_BEFORE: Final = r"(?:^|(?<=[\s。；;.!！?？，,)）】]))"
LABEL: Final = re.compile(
    rf"[【\[]\s*(?P<boxed>{_ANY})\s*[】\]]\s*[:：]?"
    rf"|{_BEFORE}[（(]?(?P<plain>{_ANY})\s*[:：]"
    rf"|^\s*(?P<bare>(?:正确|参考|标准)?答案)\s*(?=[A-HＡ-Ｈ对错正√×TF])",
    re.IGNORECASE | re.MULTILINE,
)
ANSWER_HEADING: Final = re.compile(
    r"^\s*[【\[]?\s*(?:参考|标准|正确)?答案(?:汇总|部分|及解析|与解析)?\s*[】\]]?\s*[:：]?\s*"
)
_MEANINGS: Final = {name: re.compile(words, re.IGNORECASE) for name, words in _WORDS.items()}


@dataclass(slots=True)
class Labelled:
    """The text before the first label, and what stands after each label."""

    head: str
    said: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """What stands after a label, empty where it is not there."""
        return self.said.get(name, "")


def has_label(line: str) -> bool:
    """Whether there is a label in the line."""
    return LABEL.search(line) is not None


def has_answer(text: str) -> bool:
    """Whether the label of an answer is in the text."""
    return any(_meaning(found) == "answer" for found in LABEL.finditer(text))


def cut(text: str) -> Labelled:
    """The text cut at its labels; what a label says twice is put together."""
    found = list(LABEL.finditer(text))
    cutting = Labelled(text[: found[0].start()] if found else text)
    for place, label in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(text)
        value = _unwrapped(label[0], text[label.end() : end].strip())
        name = _meaning(label)
        before = cutting.said.get(name)
        cutting.said[name] = f"{before}\n{value}" if before else value
    return cutting


def _unwrapped(label: str, value: str) -> str:
    """``（答案：B）`` closes a bracket that its label opened."""
    opened = label.lstrip().startswith(("（", "("))
    return re.sub(r"[)）]\s*$", "", value) if opened and not re.search(r"[（(]", value) else value


def _meaning(found: re.Match[str]) -> str:
    word = (found["boxed"] or found["plain"] or found["bare"]).strip()
    return next(name for name, words in _MEANINGS.items() if words.fullmatch(word))
