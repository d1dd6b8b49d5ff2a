"""What stands between the braces of a GIFT question. Pure; raises ``Unanswerable`` where it cannot be understood."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from msgspec import Struct

from bot.banks.findings import Fault
from bot.banks.formats.gift_text import as_written, read_text, read_weight, show
from bot.banks.questions import (
    NO_TEXT,
    Body,
    Choice,
    Choices,
    Essay,
    Figure,
    Form,
    Matching,
    Numeric,
    Pair,
    ShortAnswer,
    ShortForm,
    Text,
    TrueFalse,
)

_TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_RANGE = re.compile(r"(.+?)\.\.(.+)", re.DOTALL)
_LARGEST = 300
_MARK = re.compile(r"[=~]")


class Unanswerable(Exception):
    """The answers cannot be read. ``at`` is the place in the text between the braces."""

    def __init__(self, fault: Fault, text: str, at: int = 0, detail: object = "") -> None:
        super().__init__(fault)
        self.fault, self.text, self.at, self.detail = fault, text, at, f"{detail}"


class _Piece(Struct, frozen=True):
    """One answer: its mark, what follows it, and where it begins."""

    mark: str
    text: str
    at: int


def read_answers(inside: str, form: Form) -> tuple[Body, Text]:
    """The body of the question, and the general feedback. ``form`` is that of the question's own text."""
    answers, _, general = inside.partition("####")
    explanation = read_text(general, form)
    return _body(answers, form), explanation


def _body(answers: str, form: Form) -> Body:
    plain = answers.strip()
    if not plain:
        return Essay()
    if plain.startswith("#"):
        return _numeric(answers, form)
    if "~" in plain:
        return _choices(answers, form)
    if "=" in plain and "->" in plain:
        return _matching(answers, form)
    truth = _truth(plain, form)
    return truth if truth is not None else _short(answers, form)


def _truth(plain: str, form: Form) -> TrueFalse | None:
    word, *feedback = plain.split("#", 2)
    if word.strip().upper() not in _TRUTHS:
        return None
    wrong, right = [*(read_text(piece, form) for piece in feedback), NO_TEXT, NO_TEXT][:2]
    return TrueFalse(_TRUTHS[word.strip().upper()], wrong, right)


def _choices(answers: str, form: Form) -> Choices:
    pieces = list(_pieces(answers, "=~"))
    _refuse_glued(answers, pieces)
    choices = []
    for piece in pieces:
        weight, rest = read_weight(piece.text)
        text, feedback = _said(rest, form)
        choices.append(Choice(text, _weight_of(piece.mark, weight), feedback))
    return Choices(tuple(choices), several=not any(piece.mark == "=" for piece in pieces))


def _weight_of(mark: str, weight: float | None) -> float:
    if weight is not None:
        return weight
    return 100.0 if mark == "=" else 0.0


def _refuse_glued(answers: str, pieces: list[_Piece]) -> None:
    """An equals sign inside a word makes Moodle count what follows as right; where others stand free, it was meant."""
    is_free = [piece.at == 0 or not answers[: piece.at].strip() or answers[piece.at - 1].isspace() for piece in pieces]
    for piece, free in zip(pieces, is_free, strict=True):
        if piece.mark == "=" and not free and any(is_free[1:]):
            start = answers.rfind("\n", 0, piece.at) + 1
            raise Unanswerable(Fault.GLUED_SIGN, as_written(answers[start : piece.at + 20].split("\n")[0]), piece.at)


def _short(answers: str, form: Form) -> ShortAnswer:
    pieces = list(_pieces(answers, "="))
    if not pieces or answers[: pieces[0].at].strip():
        raise Unanswerable(Fault.KEY_UNREADABLE, as_written(answers))
    return ShortAnswer(tuple(_short_form(piece, form) for piece in pieces))


def _short_form(piece: _Piece, form: Form) -> ShortForm:
    weight, rest = read_weight(piece.text)
    text, feedback = _said(rest, form)
    return ShortForm(text.text, 100.0 if weight is None else weight, feedback)


def _matching(answers: str, form: Form) -> Matching:
    return Matching(tuple(_pair(piece, form) for piece in _pieces(answers, "=")))


def _pair(piece: _Piece, form: Form) -> Pair:
    prompt, arrow, match = piece.text.partition("->")
    if not arrow:
        raise Unanswerable(Fault.BAD_PAIR, as_written(piece.text), piece.at)
    return Pair(read_text(prompt, form), show(match))


def _numeric(answers: str, form: Form) -> Numeric:
    start = answers.index("#") + 1
    inside = answers[start:]
    pieces = list(_pieces(inside, "=~"))
    if not pieces or inside[: pieces[0].at].strip():
        pieces = [_Piece("=", inside[: pieces[0].at] if pieces else inside, 0), *pieces]
    return Numeric(tuple(_figure(piece, form, start) for piece in pieces))


def _figure(piece: _Piece, form: Form, start: int) -> Figure:
    weight, rest = read_weight(piece.text)
    number, _, feedback = rest.partition("#")
    said = read_text(feedback, form)
    if piece.mark == "~":
        return Figure(None, weight=weight or 0.0, feedback=said)
    full = 100.0 if weight is None else weight
    try:
        value, tolerance = read_figure(show(number))
    except ValueError:
        raise Unanswerable(Fault.BAD_NUMBER, as_written(number) or "{#}", start + piece.at) from None
    return Figure(value, tolerance, full, said)


def read_figure(text: str) -> tuple[Decimal | None, Decimal]:
    """A number with its tolerance: ``3.1415:0.0005``, ``1..5``, ``*`` for any; raises ValueError for anything else."""
    if text.partition(":")[0].strip() == "*":
        return None, Decimal(0)
    found = _RANGE.fullmatch(text)
    if found:
        low, high = sorted((_number(found[1]), _number(found[2])))
        return (low + high) / 2, (high - low) / 2
    value, _, tolerance = text.partition(":")
    return _number(value), abs(_number(tolerance)) if tolerance.strip() else Decimal(0)


def _number(text: str) -> Decimal:
    plain = text.strip().replace("−", "-")
    if not re.fullmatch(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?", plain, re.ASCII) or len(plain) > 60:
        raise ValueError(text)
    try:
        number = Decimal(plain.replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if number and abs(number.adjusted()) > _LARGEST:
        raise ValueError(text)
    return number


def _pieces(answers: str, marks: str) -> Iterator[_Piece]:
    """Cut at every mark; what stands before the first one belongs to no answer and is left to the caller."""
    places = [found.start() for found in _MARK.finditer(answers) if found[0] in marks]
    for place, following in zip(places, [*places, len(answers)][1:], strict=True):
        yield _Piece(answers[place], answers[place + 1 : following].strip(), place)


def _said(piece: str, form: Form) -> tuple[Text, Text]:
    text, _, feedback = piece.partition("#")
    return read_text(text, form), read_text(feedback, form)
