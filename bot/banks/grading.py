"""What an answer is worth, by Moodle's rules. Pure, so that every score can be recomputed from the record.

An answer is plain JSON in the record (``dump_answer``) and one of four shapes here. Worth is from 0 to 1.
"""

import json
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeAlias

from msgspec import Struct

from bot.banks.questions import (
    Choices,
    Essay,
    Figure,
    Matching,
    Numeric,
    Question,
    ShortAnswer,
    ShortForm,
    Text,
    TrueFalse,
)

WHOLE: Final = 100.0
SLACK: Final = 1.0
"""Per cent that rounded weights may miss of the whole: three times 33 is meant to be all."""

_DIGITS: Final = 5
_LONGEST_NUMBER: Final = 40
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")


class Chosen(Struct, frozen=True):
    """The places of the chosen options, from 0."""

    places: frozenset[int]


class Judged(Struct, frozen=True):
    """Right or wrong, said of a statement."""

    is_true: bool


class Typed(Struct, frozen=True):
    """Words or a number as typed."""

    text: str


class Matched(Struct, frozen=True):
    """For each prompt in order the place of its word among ``Matching.words``; ``None`` where none was chosen."""

    places: tuple[int | None, ...]


Answer: TypeAlias = Chosen | Judged | Typed | Matched


class Verdict(StrEnum):
    """What the answer was, in one word."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    TO_BE_READ = "to_be_read"


class Grade(Struct, frozen=True):
    """What an answer is worth, and the feedback that belongs to it; ``worth`` is ``None`` until a teacher reads it."""

    worth: float | None
    feedback: tuple[Text, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worth in one word."""
        if self.worth is None:
            return Verdict.TO_BE_READ
        if self.worth >= 1:
            return Verdict.RIGHT
        return Verdict.PARTLY if self.worth > 0 else Verdict.WRONG


def grade(question: Question, answer: Answer) -> Grade:
    """What the answer is worth; one of a shape that does not belong to the question is worth nothing."""
    match question.body, answer:
        case Choices() as body, Chosen(places):
            return _grade_choices(body, places)
        case TrueFalse() as body, Judged(is_true):
            is_right = body.is_true == is_true
            return Grade(float(is_right), _said(body.if_right if is_right else body.if_wrong))
        case ShortAnswer() as body, Typed(text):
            return _grade_form(next((form for form in body.forms if fits(form, text, body.case_matters)), None))
        case Numeric() as body, Typed(text):
            return _grade_form(_figure(body, parse_number(text)))
        case Matching() as body, Matched(places):
            return _grade_matching(body, places)
        case Essay(), Typed():
            return Grade(None)
    return Grade(0.0)


def fits(form: ShortForm, typed: str, case_matters: bool) -> bool:
    """Whether what was typed is this wording; runs of spaces and full-width signs make no difference."""
    flags = re.DOTALL if case_matters else re.DOTALL | re.IGNORECASE
    return re.fullmatch(_expression(_level(form.pattern)), _level(typed), flags) is not None


def parse_number(typed: str) -> Decimal | None:
    """The number that was typed, ``None`` where it is none; ``3,14`` is 3.14, ``1,000`` a thousand, ``½`` nothing."""
    plain = unicodedata.normalize("NFKC", typed).strip().replace("−", "-").replace(" ", "").replace("。", ".")
    if len(plain) > _LONGEST_NUMBER:
        return None
    plain = plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain.replace(",", ".", 1)
    if not _NUMBER.fullmatch(plain) or not plain.isascii():
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def right_places(body: Choices) -> tuple[int, ...]:
    """The places of the options that count: for one choice those of full worth, for several all above nothing."""
    least = 0.0 if body.several else WHOLE - SLACK
    return tuple(place for place, choice in enumerate(body.choices) if choice.weight > 0 and choice.weight >= least)


def right_words(body: Matching) -> tuple[int, ...]:
    """For each prompt the place of its word."""
    words = body.words
    return tuple(words.index(pair.match) for pair in body.prompts)


def plain_weight(weight: float) -> str:
    """A weight in the shortest digits that say all of it."""
    return f"{Decimal(repr(weight)):f}".removesuffix(".0")


def dump_answer(answer: Answer) -> str:
    """An answer as one line for the record."""
    match answer:
        case Chosen(places):
            return json.dumps({"chosen": sorted(places)})
        case Judged(is_true):
            return json.dumps({"judged": is_true})
        case Typed(text):
            return json.dumps({"typed": text}, ensure_ascii=False)
        case Matched(places):
            return json.dumps({"matched": places})


def load_answer(line: str) -> Answer:
    """What ``dump_answer`` wrote; raises ValueError for anything else."""
    ((shape, value),) = json.loads(line).items()
    match shape:
        case "chosen":
            return Chosen(frozenset(value))
        case "judged":
            return Judged(bool(value))
        case "typed":
            return Typed(str(value))
        case "matched":
            return Matched(tuple(value))
    raise ValueError(f"not an answer: {shape}")


def _grade_choices(body: Choices, places: frozenset[int]) -> Grade:
    chosen = [choice for place, choice in enumerate(body.choices) if place in places]
    if not chosen or (not body.several and len(chosen) > 1):
        return Grade(0.0)
    feedback = _said(*(choice.feedback for choice in chosen))
    return Grade(_share(sum(choice.weight for choice in chosen), _all_of(body)), feedback)


def _all_of(body: Choices) -> float:
    """What the right options give together, or the whole where that is not what was meant."""
    positive = [choice.weight for choice in body.choices if choice.weight > 0]
    most = sum(positive) if body.several else max(positive, default=WHOLE)
    return most if abs(most - WHOLE) <= SLACK else WHOLE


def _share(weight: float, whole: float = WHOLE) -> float:
    return round(min(max(weight / whole, 0.0), 1.0), _DIGITS)


def _grade_form(form: ShortForm | Figure | None) -> Grade:
    return Grade(_share(form.weight), _said(form.feedback)) if form is not None else Grade(0.0)


def _figure(body: Numeric, number: Decimal | None) -> Figure | None:
    if number is None:
        return None
    return next((figure for figure in body.figures if _is_near(figure, number)), None)


def _is_near(figure: Figure, number: Decimal) -> bool:
    return figure.value is None or abs(number - figure.value) <= figure.tolerance


def _grade_matching(body: Matching, places: tuple[int | None, ...]) -> Grade:
    wanted = right_words(body)
    if not wanted:
        return Grade(0.0)
    hits = sum(place == right for place, right in zip(places, wanted, strict=False))
    return Grade(_share(WHOLE * hits / len(wanted)))


def _said(*texts: Text) -> tuple[Text, ...]:
    return tuple(text for text in texts if text)


def _level(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _expression(pattern: str) -> str:
    """Moodle's pattern as a regular expression; what stands between two asterisks is taken as it is."""
    pieces = re.split(r"(?<!\\)\*+", pattern)
    return ".*".join(re.escape(piece.replace("\\*", "*")) for piece in pieces)
