"""Finding the options in a typed question: one a line, several in a line, in columns, with or without spaces. Pure.

The stricter ways to read are tried first, so that a letter inside an option (维生素B、C) is not taken for a mark.
"""

import re
from typing import Final

from msgspec import Struct

_LETTER: Final = "[A-HＡ-Ｈ]"
_BOXED: Final = rf"[（(\[【]\s*(?P<boxed>{_LETTER})\s*[)）\]】]\s*[.．、]?"
_SIGNED: Final = rf"(?P<signed>{_LETTER})\s*[.．、:：,，)）]"
_LINE = re.compile(rf"^[ \t\u3000]*(?:{_BOXED}|{_SIGNED}|(?P<spaced>{_LETTER})[ \t\u3000]+(?=\S))", re.MULTILINE)
_SPACE = re.compile(rf"(?:^|(?<=[\s\u3000；;]))(?:{_BOXED}|{_SIGNED})", re.MULTILINE)
_GLUED = re.compile(rf"(?<![A-Za-z0-9Ａ-Ｚ])(?:{_BOXED}|(?P<signed>{_LETTER})\s*[.．)）])")
_TIGHT = re.compile(rf"(?<![A-Za-z0-9Ａ-Ｚ])(?:{_BOXED}|{_SIGNED})")


class Split(Struct, frozen=True):
    """The stem and the options in order of their letters; where letters are missing, ``gap`` says which there are."""

    stem: str
    options: tuple[str, ...] = ()
    gap: str = ""


def split_options(text: str) -> Split:
    """Cut a question's text into stem and options."""
    lines, spaced = _last_run(text, _LINE), _last_run(text, _SPACE)
    marks = spaced if _is_whole(spaced) and len(spaced) > len(lines) else lines
    glued = _in_sequence(text, _GLUED)
    if _is_whole(marks):
        marks = glued if len(glued) > len(marks) and _is_whole(spaced) else marks
        return _cut(text, marks)
    free = _letters(lines) | _letters(spaced)
    for marks in (spaced, glued, _in_sequence(text, _TIGHT)):
        if _is_whole(marks) and free <= _letters(marks):
            return _cut(text, marks)
    found = lines if len(lines) > 1 else spaced
    return Split(text.strip(), gap="".join(letter for letter, _, _ in found) if len(found) > 1 else "")


_Mark = tuple[str, int, int]


def _marks(text: str, pattern: re.Pattern[str]) -> list[_Mark]:
    """Letter, beginning and end of every mark; one at the very beginning leaves no room for a stem."""
    found = (one for one in pattern.finditer(text) if text[: one.start()].strip())
    return [(_letter(one), one.start(), one.end()) for one in found]


def _letter(found: re.Match[str]) -> str:
    letter = next(value for value in found.groupdict().values() if value)
    return chr(ord(letter) - 0xFEE0) if ord(letter) > 0xFF00 else letter


def _last_run(text: str, pattern: re.Pattern[str]) -> list[_Mark]:
    """The marks from the last ``A`` on."""
    marks = _marks(text, pattern)
    firsts = [place for place, mark in enumerate(marks) if mark[0] == "A"]
    return marks[firsts[-1] :] if firsts else marks


def _in_sequence(text: str, pattern: re.Pattern[str]) -> list[_Mark]:
    """The marks that follow one another in the alphabet, from the last ``A`` on."""
    kept: list[_Mark] = []
    for mark in _last_run(text, pattern):
        if mark[0] == chr(ord("A") + len(kept)):
            kept.append(mark)
    return kept


def _letters(marks: list[_Mark]) -> set[str]:
    return {letter for letter, _, _ in marks}


def _is_whole(marks: list[_Mark]) -> bool:
    letters = sorted(letter for letter, _, _ in marks)
    return len(letters) > 1 and letters == [chr(ord("A") + place) for place in range(len(letters))]


def _cut(text: str, marks: list[_Mark]) -> Split:
    ends = [begin for _, begin, _ in marks[1:]] + [len(text)]
    options = sorted((letter, text[end:stop]) for (letter, _, end), stop in zip(marks, ends, strict=True))
    return Split(text[: marks[0][1]].strip(), tuple(" ".join(option.split()) for _, option in options))
