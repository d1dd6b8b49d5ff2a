"""Reading Aiken: the question, options ``A.`` or ``A)``, and ``ANSWER: B``. Pure."""

import re
from dataclasses import dataclass, field
from typing import Final

from bot.banks.checks import check
from bot.banks.findings import Fault, Format, Notes, Reading, finding
from bot.banks.formats.keyed import Unkeyed, understand
from bot.banks.questions import Kind, Question, Text

_OPTION: Final = re.compile(r"\s*([A-Z])[.)]\s+(.*\S)\s*$")
_ANSWER: Final = re.compile(r"\s*ANSWER:\s*(.*?)\s*$")
_LOOKS: Final = re.compile(r"^\s*ANSWER:\s*[A-Z]\s*$", re.MULTILINE)


def looks_like_aiken(text: str) -> bool:
    """Whether there is an answer as only Aiken has it."""
    return _LOOKS.search(text) is not None


@dataclass(slots=True)
class _Draft:
    line: int = 0
    stem: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)


def read_aiken(text: str) -> Reading:
    """Read a whole file."""
    notes, draft = Notes(), _Draft()
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        answer, option = _ANSWER.match(line), _OPTION.match(line)
        if answer:
            _finish(draft, answer[1], notes, number)
            draft = _Draft()
        elif option and draft.stem:
            draft.letters.append(option[1])
            draft.options.append(option[2])
        elif line.strip():
            if draft.options:
                _finish(draft, None, notes, number)
                draft = _Draft()
            draft.line = draft.line or number
            draft.stem.append(line.strip())
    if draft.line:
        _finish(draft, None, notes, draft.line)
    return notes.reading(Format.AIKEN)


def _finish(draft: _Draft, key: str | None, notes: Notes, number: int) -> None:
    line, stem = draft.line or number, "\n".join(draft.stem)
    if key is None or not draft.stem:
        notes.say(Fault.NO_ANSWER if key is None else Fault.NO_STEM, line, stem or f"ANSWER: {key}")
        return
    expected = [chr(ord("A") + place) for place in range(len(draft.letters))]
    if draft.letters != expected:
        notes.say(Fault.OPTION_GAP, line, stem, "".join(draft.letters))
        return
    try:
        body = understand(Kind.SINGLE, draft.options, key).body
    except Unkeyed as error:
        notes.findings.append(finding(error.fault, line, error.text or stem, error.detail))
        return
    question = Question(Text(stem), body)
    notes.take(question, line, check(question, line))
