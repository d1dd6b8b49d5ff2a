"""Reading GIFT as Moodle documents it, with the full-width signs that Chinese keyboards give. Pure."""

import re

from msgspec.structs import replace

from bot.banks.checks import check
from bot.banks.findings import Fault, Format, Notes, Reading
from bot.banks.formats.difficulty import read_difficulty
from bot.banks.formats.gift_answers import Unanswerable, read_answers
from bot.banks.formats.gift_blocks import Block, blocks
from bot.banks.formats.gift_text import as_written, read_text, show
from bot.banks.formats.gift_writer import write_question
from bot.banks.questions import Description, Form, Question
from bot.banks.wire import load_question

BLANK = "_____"
_NAME = re.compile(r"\s*::(.*?)::", re.DOTALL)
_TAIL = re.compile(r"[\s.。．!！?？;；:：,，、)）\]】]*")
_COMPLETE = re.compile(r"[?？:：。.!！)）]\s*$")
_LOOKS = re.compile(
    r"(?<!\\)[{｛]\s*(?:[=~#＝～＃}｝]|(?:T|F|TRUE|FALSE)\s*[#}｝＃])|^\$CATEGORY:|^\s*::.+?::", re.M | re.I
)


def looks_like_gift(text: str) -> bool:
    """Whether there is anything in a text that only GIFT has."""
    return _LOOKS.search(text) is not None


def read_gift(text: str) -> Reading:
    """Read a whole file."""
    notes = Notes()
    for block in blocks(text):
        _read_block(block, notes)
    return notes.reading(Format.GIFT)


def _read_block(block: Block, notes: Notes) -> None:
    question = _detailed(block)
    if question is None:
        try:
            question = _question(block)
        except Unanswerable as error:
            line = block.line + block.text.count("\n", 0, error.at)
            notes.say(error.fault, line, error.text, error.detail)
            return
    notes.take(question, block.line, check(question, block.line))


def _question(block: Block) -> Question:
    text = block.text
    named = _NAME.match(text)
    name, start = (show(named[1]), named.end()) if named else ("", 0)
    head, inside, tail = _cut(text, start)
    at = start + len(head) + 1
    stem = read_text(_stem(head, tail) if inside is not None else head, Form.MOODLE)
    question = Question(stem, Description(), name=name, category=block.category)
    if inside is not None:
        question = _answered(question, inside, at)
    return replace(
        question,
        idnumber=block.note("id"),
        tags=tuple(block.notes.get("tag", ())),
        difficulty=read_difficulty(block.note("difficulty")),
        source=block.note("source"),
    )


def _answered(question: Question, inside: str, at: int) -> Question:
    try:
        body, explanation = read_answers(inside, question.stem.form)
    except Unanswerable as error:
        error.at += at
        raise
    return replace(question, body=body, explanation=explanation)


def _cut(text: str, start: int) -> tuple[str, str | None, str]:
    """What stands before the braces, between them (``None`` without any) and after them."""
    opened, closed = text.find("{", start), text.find("}", start)
    if opened < 0 and closed < 0:
        return text[start:], None, ""
    if opened < 0 or closed < opened:
        raise Unanswerable(Fault.BRACES, as_written(text[start:]), max(closed, opened, 0))
    tail = text[closed + 1 :]
    if "{" in text[opened + 1 : closed]:
        raise Unanswerable(Fault.BRACES, as_written(text[start:opened]), opened)
    if re.search(r"[{}]", tail):
        raise Unanswerable(Fault.TWO_BLOCKS, as_written(tail), closed + 1)
    return text[start:opened], text[opened + 1 : closed], tail


def _stem(head: str, tail: str) -> str:
    """The text with a blank where the answers stood, unless only a full stop follows a sentence that is complete."""
    if not tail.strip() or (_TAIL.fullmatch(tail) and _COMPLETE.search(head)):
        return head
    return f"{head}{BLANK}{tail}"


def _detailed(block: Block) -> Question | None:
    """What the comment with all details says, if what stands under it is still what belongs to those details."""
    if not block.details:
        return None
    try:
        detailed = load_question(block.details)
    except (ValueError, KeyError, TypeError, IndexError):
        return None
    written = next(blocks(write_question(detailed)), None)
    if written is None or (written.text, written.notes) != (block.text, block.notes):
        return None
    return replace(detailed, category=block.category)
