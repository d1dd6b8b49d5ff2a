"""Cutting a typed document into questions: by numbers, by headings of sections, by blank lines where none is numbered.

Pure. Answers that stand together at the end of the document are read here too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.banks.findings import Notes, Remark
from bot.banks.formats.kind_words import section_kind
from bot.banks.formats.words_labels import ANSWER_HEADING, has_answer, has_label
from bot.banks.formats.words_options import split_options
from bot.banks.questions import Kind

_NUMBER: Final = re.compile(
    r"^[\s\u3000]*(?:第\s*(?P<th>\d{1,4})\s*题\s*[.．、:：]?|[（(【\[]\s*(?P<boxed>\d{1,4})\s*[)）】\]]"
    r"|(?:题目?\s*|Q\s*)?(?P<plain>\d{1,4})\s*[.．、,，)）:：](?!\d)"
    r"|(?P<spaced>\d{1,4})[ \u3000]+(?=[\u4e00-\u9fff【（]))"
    r"[\s\u3000]*(?=\S)",
    re.IGNORECASE,
)
_KEY: Final = r"(?:[A-HＡ-Ｈ]{1,8}|[√×✓✗对错]|正确|错误)"
_ENTRY: Final = rf"\d{{1,4}}\s*[.．、:：)）]?\s*{_KEY}"
_RANGE: Final = r"\d{1,4}\s*[-~—–－～至到]\s*\d{1,4}\s*[:：.．、)）]?\s*[A-HＡ-Ｈ√×✓✗对错\s]+"
_KEYS_LINE: Final = re.compile(rf"^(?:[\s,，;；、。]*(?:{_RANGE}|{_ENTRY})(?=[\s,，;；、。]|\d|$))+[\s,，;；、。]*$")
_KEYS: Final = re.compile(
    rf"(?P<first>\d{{1,4}})\s*[-~—–－～至到]\s*(?P<last>\d{{1,4}})\s*[:：.．、)）]?\s*"
    r"(?P<run>[A-HＡ-Ｈ√×✓✗对错 \u3000]+)"
    rf"|(?P<number>\d{{1,4}})\s*[.．、:：)）]?\s*(?P<key>{_KEY})"
)


@dataclass(slots=True)
class Chunk:
    """The lines of one question, from its number on; ``key`` is what the end of the document says of it."""

    line: int
    number: int | None
    kind: Kind | None
    lines: list[str] = field(default_factory=list)
    key: str = ""

    @property
    def text(self) -> str:
        """All of its lines."""
        return "\n".join(self.lines)


def chunks(text: str, notes: Notes) -> Iterator[Chunk]:
    """The questions of a document; lines that belong to none are noted."""
    lines = [line.rstrip() for line in re.split(r"\r\n|\r|\n", text)]
    end, keys = _keys_at_the_end(lines)
    body = lines[:end]
    is_numbered = any(_number(line) is not None for line in body)
    found = list(_cut(body, is_numbered, notes))
    numbers = [chunk.number for chunk in found]
    for chunk in found:
        if chunk.number is not None and numbers.count(chunk.number) == 1:
            chunk.key = keys.get(chunk.number, "")
    return iter(found)


def _cut(lines: Sequence[str], is_numbered: bool, notes: Notes) -> Iterator[Chunk]:
    current: Chunk | None = None
    kind: Kind | None = None
    previous = 0
    for index, line in enumerate(lines):
        is_section, named = section_kind(line)
        if is_section and not has_label(line):
            kind, previous = named, 0
            if current:
                yield current
            current = None
        elif _starts(lines, index, current, previous, is_numbered):
            if current:
                yield current
            number = _number(line)
            current = Chunk(index + 1, number, kind, [_NUMBER.sub("", line, count=1) if is_numbered else line])
            previous = number or previous
        elif current:
            current.lines.append(line)
        elif line.strip():
            notes.say(Remark.PASSED_OVER, index + 1, line)
    if current:
        yield current


def _starts(lines: Sequence[str], index: int, current: Chunk | None, previous: int, is_numbered: bool) -> bool:
    line = lines[index]
    if not is_numbered:
        free = line.strip() and not has_label(line) and not re.match(r"\s*[（(]?[A-HＡ-Ｈ][.．、)）]", line)
        is_over = current is None or (has_answer(current.text) and not lines[index - 1].strip())
        return bool(free and is_over and _leads_somewhere(lines, index, is_numbered))
    number = _number(line)
    if number is None:
        return False
    if number == previous + 1 or current is None:
        return True
    return has_answer(current.text) and _leads_somewhere(lines, index, is_numbered)


def _leads_somewhere(lines: Sequence[str], index: int, is_numbered: bool) -> bool:
    """Whether options or an answer follow before the next number: else it is a list inside an explanation."""
    following = [lines[index]]
    for line in lines[index + 1 : index + 40]:
        if is_numbered and _number(line) is not None:
            break
        following.append(line)
    text = "\n".join(following)
    return has_answer(text) or bool(split_options(text).options)


def _number(line: str) -> int | None:
    found = _NUMBER.match(line)
    return int(next(value for value in found.groupdict().values() if value)) if found else None


def _keys_at_the_end(lines: Sequence[str]) -> tuple[int, dict[int, str]]:
    """Where the body ends, and the key of every number listed after a heading such as 参考答案."""
    for index, line in enumerate(lines):
        heading = ANSWER_HEADING.match(line)
        rest = [line[heading.end() :], *lines[index + 1 :]] if heading else []
        said = [one for one in rest if one.strip() and not section_kind(one)[0]]
        if said and all(_KEYS_LINE.match(one) for one in said):
            return index, _listed(said)
    return len(lines), {}


def _listed(lines: Sequence[str]) -> dict[int, str]:
    keys: dict[int, str] = {}
    for line in lines:
        for found in _KEYS.finditer(line):
            if found["number"]:
                keys[int(found["number"])] = found["key"]
            else:
                run = "".join(found["run"].split())
                numbers = range(int(found["first"]), int(found["last"]) + 1)
                keys |= dict(zip(numbers, run, strict=False)) if len(run) == len(numbers) else {}
    return keys
