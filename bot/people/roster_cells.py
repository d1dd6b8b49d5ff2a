"""Reading single cells of a roster: names, phone numbers and short texts. Pure; says what is wrong, decides nothing."""

import re
import unicodedata
from enum import StrEnum

from bot.sheets.shapes import Cell, CellError
from bot.sheets.text import CHINESE, close_up, narrow, shown, tidy

TEXT_LIMIT = 100
"""Characters kept of a name, unit, group or post."""

_DOTS = re.compile(r"\s*[\u00b7\u2022\u2027\u2219\u22c5\u2e31\u30fb\uff65\u25cf\u25aa]\s*")
_DOT_BETWEEN_CHINESE = re.compile(rf"(?<=[{CHINESE}])\s*\.\s*(?=[{CHINESE}])")
_SEPARATORS = re.compile(r"[\s()\u2010-\u2015\u2212.\-'`’‘]+")
_MOBILE = re.compile(r"1[0-9]{10}")
_INTERNATIONAL = re.compile(r"\+[0-9]{7,15}")
_CHINA = re.compile(r"(?:\+86|0086|86)(?=1[0-9]{10}$)")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?e\+?[0-9]{1,2}", re.IGNORECASE)
_ROUNDED = re.compile(r"[0-9]{13,}000")


class Damage(StrEnum):
    """Why a phone number cannot be used."""

    UNREADABLE = "unreadable"
    DAMAGED = "damaged"  # Excel keeps 15 digits: longer numbers and the 1.38E+10 form have lost some


def clean_name(text: str) -> str:
    """Return a name in the one form it is kept: no inner spaces between Chinese characters, one kind of middle dot."""
    dotted = _DOTS.sub("·", narrow(text))
    return close_up(_DOT_BETWEEN_CHINESE.sub("·", dotted))


def is_name(text: str) -> bool:
    """Return whether a cleaned text can be a name at all: some letter, no colon (as in 'filled in by: …'), not long."""
    has_letter = any(unicodedata.category(sign).startswith("L") for sign in text)
    return has_letter and ":" not in text and len(text) <= TEXT_LIMIT


def looks_like_name(text: str) -> bool:
    """Return whether a cleaned text is very probably a name: a few Chinese characters, or words of letters only."""
    if re.fullmatch(f"[{CHINESE}]{{2,4}}|[{CHINESE}]+(·[{CHINESE}]+)+", text):
        return True
    return bool(re.fullmatch(r"[^\W\d_]+([ '.’-]+[^\W\d_]+\.?)+", text)) and not re.search(f"[{CHINESE}]", text)


def read_phone(cell: Cell) -> str | Damage | None:
    """Return 11 digits, or `+` and 7 to 15 digits; None for an empty cell."""
    text = unicodedata.normalize("NFKC", tidy(shown(cell)))
    if not text:
        return None
    if _SCIENTIFIC.fullmatch(text.replace(" ", "")):
        return Damage.DAMAGED
    digits = _CHINA.sub("", _SEPARATORS.sub("", re.sub(r"\.0+$", "", text)))
    if _MOBILE.fullmatch(digits):
        return digits
    if _ROUNDED.fullmatch(digits):
        return Damage.DAMAGED
    international = "+" + digits[2:] if digits.startswith("00") else digits
    return international if _INTERNATIONAL.fullmatch(international) else Damage.UNREADABLE


def read_text(cell: Cell) -> str | None:
    """Return a short text in tidy form, None when empty or a failed formula. May be longer than the limit."""
    if isinstance(cell, CellError):
        return None
    return close_up(narrow(shown(cell))) or None
