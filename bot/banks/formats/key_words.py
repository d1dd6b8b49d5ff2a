"""Reading an answer key as people write it: letters, right and wrong in many words. Pure."""

import re
import unicodedata
from typing import Final

TRUE_WORDS: Final = frozenset(
    ("正确", "对", "对的", "是", "是的", "√", "✓", "✔", "☑", "t", "true", "y", "yes", "right", "correct", "v")
)
FALSE_WORDS: Final = frozenset(
    ("错误", "错", "错的", "否", "不对", "不是", "不正确", "×", "✗", "✘", "╳", "x", "f", "false", "n", "no", "wrong")
)
_LETTERS = re.compile(r"[A-Z](?:[\s、,;.和及与|/&+]*[A-Z])*", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s、,;.和及与|/&+]+")
_WITH_TEXT = re.compile(r"\(?([A-Z])\)?\s*[.、:)\s]\s*(.+)", re.DOTALL | re.IGNORECASE)
_WRAPPED = re.compile(r"[(\[【「『]\s*(.*?)\s*[)\]】」』]", re.DOTALL)
_END = " \t。.;；,，"


def level(text: str) -> str:
    """The text with ordinary signs for full-width ones, without blank ends."""
    return unicodedata.normalize("NFKC", text).strip()


def bare_key(text: str) -> str:
    """The key without brackets around it and the full stop after it."""
    words = level(text).strip(_END)
    found = _WRAPPED.fullmatch(words)
    return (found[1] if found else words).strip(_END)


def read_truth(text: str) -> bool | None:
    """Whether a key says that the statement is true; ``None`` where it says neither."""
    word = bare_key(text).casefold()
    if word in TRUE_WORDS:
        return True
    return False if word in FALSE_WORDS else None


def read_letters(text: str) -> tuple[int, ...] | None:
    """The places of the letters of a key, from 0, each once; ``None`` where it is not made of letters only."""
    words = bare_key(text)
    if not _LETTERS.fullmatch(words):
        return None
    letters = _BETWEEN.sub("", words).upper()
    return tuple(sorted({ord(letter) - ord("A") for letter in letters}))


def read_letter_with_text(text: str) -> tuple[int, str] | None:
    """A key such as ``B. 确定议题``: the letter's place, and the text that stands with it."""
    found = _WITH_TEXT.fullmatch(level(text))
    return (ord(found[1].upper()) - ord("A"), found[2].strip(_END)) if found else None
