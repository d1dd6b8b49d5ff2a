"""Cutting a GIFT file into questions: comments, categories, blank lines between, braces across them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.banks.formats.gift_text import FULL_WIDTH, as_written, hide

_CATEGORY = re.compile(r"\$CATEGORY:\s*(.*)")
_NOTE = re.compile(r"\[(id|tag|difficulty|source):((?:\\\]|[^\]])*)\]")
_DETAILS = re.compile(r"//\s*details:\s*(\{.*\})\s*$")
_LINE_END = re.compile(r"\r\n|\r|\n")
_FULL_WIDTH_NAME = re.compile(r"^\s*：：(.*?)：：")


@dataclass(slots=True)
class Block:
    """The lines of one question, hidden escapes and all; ``line`` is where its text begins, from 1."""

    category: str
    line: int = 0
    lines: list[str] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    details: str = ""

    @property
    def text(self) -> str:
        """The question without its comments; a comment leaves its line empty, so that lines can be counted."""
        text = "\n".join(self.lines)
        if "{" in text or "｛" not in text:
            return text
        return _FULL_WIDTH_NAME.sub(r"::\1::", text).translate(FULL_WIDTH)

    @property
    def is_open(self) -> bool:
        """Whether a brace is open at its end."""
        text = self.text
        return text.rfind("{") > text.rfind("}")

    def note(self, key: str) -> str:
        """What a comment says of the question under this key."""
        return (self.notes.get(key) or [""])[0]


def blocks(text: str) -> Iterator[Block]:
    """Every question of the file in order; a blank line ends one, unless its braces are still open."""
    lines = _LINE_END.split(hide(text))
    block = Block("")
    for index, line in enumerate(lines):
        found = _CATEGORY.match(line.strip())
        if found and not block.is_open:
            yield from _finished(block)
            block = Block(as_written(found[1]))
        elif line.strip().startswith("//"):
            _read_comment(block, line.strip())
        elif line.strip():
            block.line = block.line or index + 1
            block.lines.append(line)
        elif block.line and not (block.is_open and _closes_later(lines, index)):
            yield from _finished(block)
            block = Block(block.category)
        elif block.line:
            block.lines.append("")
    yield from _finished(block)


def _finished(block: Block) -> Iterator[Block]:
    if block.line:
        yield block


def _read_comment(block: Block, line: str) -> None:
    if block.line:
        block.lines.append("")
    details = _DETAILS.match(line)
    if details:
        block.details = as_written(details[1])
        return
    for key, value in _NOTE.findall(line):
        block.notes.setdefault(key, []).append(as_written(value).replace("\\]", "]"))


def _closes_later(lines: list[str], index: int) -> bool:
    """Whether the brace is closed before another one opens: otherwise its end was forgotten."""
    for line in lines[index + 1 :]:
        at = re.search(r"[{}｛｝]", line)
        if at:
            return at[0] in "}｝"
    return False
