"""The words for how hard a question is, in files of both languages. Pure."""

from typing import Final

from bot.banks.questions import Difficulty
from bot.sheets.text import narrow

_WORDS: Final = {
    Difficulty.EASY: ("easy", "易", "容易", "简单", "较易", "低", "初级", "基础"),
    Difficulty.MEDIUM: ("medium", "中", "中等", "一般", "适中", "普通", "中级", "normal", "moderate"),
    Difficulty.HARD: ("hard", "难", "困难", "较难", "高", "高级", "difficult", "很难"),
}
_MEANT: Final = {word: difficulty for difficulty, words in _WORDS.items() for word in words}


def read_difficulty(text: str) -> Difficulty:
    """What a word says; ``UNKNOWN`` where nothing, or nothing that is understood, is said."""
    word = narrow(text).casefold().strip(" 。.")
    return _MEANT.get(word, _MEANT.get(word.removesuffix("题"), Difficulty.UNKNOWN))
