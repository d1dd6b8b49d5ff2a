"""Tidying text as people type it: full-width signs, invisible characters, spaces inside Chinese words. Pure."""

import re
import unicodedata
from datetime import date, datetime, time

from bot.sheets.shapes import Cell, CellError

CHINESE = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""The inside of a regular expression's character class: Han characters with 々 and 〇."""

# Contact lists wrap numbers in direction marks, and web pages leave zero-width spaces and signatures behind.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0e-\x1f\x7f]")
_BETWEEN_CHINESE = re.compile(f"(?<=[{CHINESE}])[ ]+(?=[{CHINESE}])")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def tidy(text: str) -> str:
    """Return text on one line, without invisible characters, runs of spaces or blank ends; composed accents."""
    visible = _INVISIBLE.sub("", text)
    return " ".join(unicodedata.normalize("NFC", visible).split())


def narrow(text: str) -> str:
    """Return tidy text with full-width letters, digits and signs made ordinary."""
    return tidy(text).translate(_FULL_WIDTH)


def close_up(text: str) -> str:
    """Take the spaces out from between Chinese characters, and leave all others."""
    return _BETWEEN_CHINESE.sub("", text)


def shown(cell: Cell) -> str:
    """Return what a person would see in this cell, for reports about it."""
    if cell is None:
        return ""
    if isinstance(cell, CellError):
        return cell.code
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
