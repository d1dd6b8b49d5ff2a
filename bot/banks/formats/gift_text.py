"""The small things of GIFT: its escapes, its marks of form, its weights; shared by reader and writer. Pure."""

import re
from typing import Final

from bot.banks.questions import Form, Text

# Noncharacters stand for what was escaped while a block is cut up; a file has no business with them.
_FIRST = 0xFDD0
_ESCAPED: Final = ("\\\\", "\\:", "\\#", "\\=", "\\{", "\\}", "\\~", "\\n")
_MEANT: Final = ("\\", ":", "#", "=", "{", "}", "~", "\n")
_HIDDEN: Final = tuple(chr(_FIRST + place) for place in range(len(_ESCAPED)))
_STRANGE = re.compile("[\ufdd0-\ufdef\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ESCAPE = re.compile(r"\\[\\:#={}~n]")
_HIDE = dict(zip(_ESCAPED, _HIDDEN, strict=True))
_SHOW = str.maketrans(dict(zip(_HIDDEN, _MEANT, strict=True)))
_SHOW_RAW = str.maketrans(dict(zip(_HIDDEN, _ESCAPED, strict=True)))
_SPECIAL = str.maketrans(dict(zip(_MEANT, _ESCAPED, strict=True)))
_FORM = re.compile(r"\[(html|plain|markdown|moodle)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"%(-?\d{1,4}(?:\.\d{0,12})?)%")

FULL_WIDTH = str.maketrans("｛｝＝～＃％", "{}=~#%")


def hide(text: str) -> str:
    """Put signs that nobody types in the place of the escaped ones, each of one character and so of one line."""
    return _ESCAPE.sub(lambda found: _HIDE[found[0]], _STRANGE.sub("", text))


def show(text: str) -> str:
    """What was meant by a piece of hidden text, without blank ends."""
    return text.translate(_SHOW).strip()


def as_written(text: str) -> str:
    """A piece of hidden text as it stands in the file, for reports."""
    return text.translate(_SHOW_RAW).strip()


def read_text(piece: str, inherited: Form) -> Text:
    """A piece of hidden text with its form: its own, or the one it inherits from the question."""
    found = _FORM.match(piece.strip())
    if found is None:
        return _of_form(show(piece), inherited)
    return _of_form(show(piece.strip()[found.end() :]), Form(found[1].lower()))


def _of_form(text: str, form: Form) -> Text:
    return Text(text, form) if text else Text()


def read_weight(piece: str) -> tuple[float | None, str]:
    """The weight that a piece begins with, and the rest of it."""
    found = _WEIGHT.match(piece)
    return (float(found[1]), piece[found.end() :]) if found else (None, piece)


def write_text(text: Text, inherited: Form) -> str:
    """A text with its escapes, and its form where that is not what a reader would assume."""
    if not text:
        return ""
    words = escape(text.text)
    explicit = text.form is not inherited or _FORM.match(words) is not None
    return f"[{text.form}]{words}" if explicit else words


def escape(text: str) -> str:
    """A text in which nothing is taken for a sign of the format, on one line."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_SPECIAL)


def needs_weight(words: str) -> bool:
    """Whether an answer begins like a weight, so that one must be written before it."""
    return _WEIGHT.match(words) is not None
