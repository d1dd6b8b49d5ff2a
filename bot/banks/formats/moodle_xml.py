"""Reading Moodle XML: every kind that a chat can ask, and a line for every kind that it cannot. Pure.

Written by what Moodle's manual says of the format; hints, penalties and units have no place in a chat and are left out.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.banks.checks import check
from bot.banks.findings import Fault, Finding, Format, Notes, Reading, Remark, finding
from bot.banks.formats.gift_answers import read_figure
from bot.banks.formats.xml_tree import Node, read_tree
from bot.banks.plain import plain
from bot.banks.questions import (
    NO_TEXT,
    Body,
    Choice,
    Choices,
    Description,
    Essay,
    Figure,
    Form,
    Matching,
    Numeric,
    Pair,
    Question,
    ShortAnswer,
    ShortForm,
    Text,
    TrueFalse,
)

_FORMS: Final = {
    "html": Form.HTML,
    "plain_text": Form.PLAIN,
    "markdown": Form.MARKDOWN,
    "moodle_auto_format": Form.MOODLE,
}
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_LOST: Final = ("hint", "units", "attachments")
_NO_DIGITS: Final = frozenset(("", "0", "false", "no"))


class _NotAskable(Exception):
    """The kind has no form in a chat."""


def looks_like_moodle_xml(text: str) -> bool:
    """Whether the document's first element is a quiz."""
    return (
        re.match(r"\ufeff?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE.*?\]?>\s*)?<quiz[\s>]", text, re.S)
        is not None
    )


def read_moodle_xml(text: str) -> Reading:
    """Read a whole document; raises BadXml for one that is none."""
    # Decoded already: a declaration of another encoding would only mislead the parser.
    root = read_tree(_DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), text.lstrip("\ufeff"), count=1))
    notes, category = Notes(), ""
    for node in root.all("question"):
        if node.attributes.get("type") == "category":
            category = _words(node.first("category"))
        else:
            _read_question(node, category, notes)
    return notes.reading(Format.MOODLE_XML)


def _read_question(node: Node, category: str, notes: Notes) -> None:
    name, stem = _words(node.first("name")), _text(node.first("questiontext"))
    try:
        body = _body(node)
    except _NotAskable:
        kind = node.attributes.get("type", "?")
        notes.say(Fault.NOT_ASKABLE, node.line, plain(stem) or name, kind)
        return
    except ValueError as error:
        notes.say(Fault.BAD_NUMBER, node.line, f"{error}" or plain(stem))
        return
    idnumber = node.first("idnumber")
    question = Question(
        stem,
        body,
        name=name,
        category=category,
        tags=tuple(_words(tag) for holder in node.all("tags") for tag in holder.all("tag") if _words(tag)),
        idnumber=idnumber.text if idnumber else "",
        explanation=_text(node.first("generalfeedback")),
    )
    notes.take(question, node.line, [*check(question, node.line), *_lost(node, plain(stem) or name)])


def _lost(node: Node, text: str) -> Iterator[Finding]:
    lost = [name for name in _LOST if any(child.text or child.children for child in node.all(name))]
    if lost:
        yield finding(Remark.NOT_KEPT, node.line, text, ", ".join(lost))


def _body(node: Node) -> Body:
    answers = node.all("answer")
    match node.attributes.get("type"):
        case "multichoice":
            single = _flag(node, "single", default=True)
            return Choices(tuple(Choice(_text(one), _weight(one), _feedback(one)) for one in answers), not single)
        case "truefalse":
            return _true_false(answers)
        case "shortanswer":
            forms = (ShortForm(_words(one), _weight(one), _feedback(one)) for one in answers)
            return ShortAnswer(tuple(forms), _flag(node, "usecase", default=False))
        case "numerical":
            return Numeric(tuple(_figure(one) for one in answers))
        case "matching":
            return Matching(tuple(_pair(one) for one in node.all("subquestion")))
        case "essay":
            return Essay(_text(node.first("graderinfo")))
        case "description":
            return Description()
    raise _NotAskable


def _true_false(answers: list[Node]) -> TrueFalse:
    said = {_words(one).casefold(): one for one in answers}
    true, false = said.get("true"), said.get("false")
    is_true = true is not None and _weight(true) > 0
    right, wrong = (true, false) if is_true else (false, true)
    return TrueFalse(is_true, _feedback(wrong) if wrong else NO_TEXT, _feedback(right) if right else NO_TEXT)


def _figure(node: Node) -> Figure:
    value, _ = read_figure(_words(node))
    tolerance = node.first("tolerance")
    _, width = read_figure(f"0:{tolerance.text}" if tolerance and tolerance.text else "0")
    return Figure(value, width, _weight(node), _feedback(node))


def _pair(node: Node) -> Pair:
    return Pair(_text(node), _words(node.first("answer")))


def _weight(node: Node) -> float:
    try:
        return float(node.attributes.get("fraction", "0").replace(",", "."))
    except ValueError:
        raise ValueError(node.attributes.get("fraction", "")) from None


def _feedback(node: Node) -> Text:
    return _text(node.first("feedback"))


def _flag(node: Node, name: str, *, default: bool) -> bool:
    found = node.first(name)
    return default if found is None else found.text.casefold() not in _NO_DIGITS


def _text(node: Node | None) -> Text:
    """The text of an element with its form; Moodle's own default where the element names none."""
    words = _words(node)
    if node is None or not words:
        return NO_TEXT
    return Text(words, _FORMS.get(node.attributes.get("format", ""), Form.MOODLE))


def _words(node: Node | None) -> str:
    if node is None:
        return ""
    inner = node.first("text")
    return (inner.text if inner is not None else node.text).strip()
