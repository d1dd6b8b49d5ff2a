"""Making a question of a stem, options and a key, as sheets, typed texts and Aiken have them. Pure.

Such files name no weights: all right options together are worth everything, and a wrong one takes all of it away.
"""

from collections.abc import Sequence

from msgspec import Struct

from bot.banks.findings import Fault, Remark
from bot.banks.formats.gift_answers import read_figure
from bot.banks.formats.key_words import level, read_letter_with_text, read_letters, read_truth
from bot.banks.questions import (
    Body,
    Choice,
    Choices,
    Essay,
    Figure,
    Kind,
    Numeric,
    ShortAnswer,
    ShortForm,
    Text,
    TrueFalse,
)

LONGEST_SHORT = 30
"""Characters of a key that is still taken for a word or two to type."""


class Unkeyed(Exception):
    """The key does not fit the question."""

    def __init__(self, fault: Fault, text: str = "", detail: object = "") -> None:
        super().__init__(fault)
        self.fault, self.text, self.detail = fault, text, f"{detail}"


class Keyed(Struct, frozen=True):
    """The body, and what has to be remarked about how it was understood."""

    body: Body
    remark: Remark | None = None


def understand(kind: Kind | None, options: Sequence[str], key: str) -> Keyed:
    """The body for a kind (``None`` where the file names none), options in order of their letters, and a key.

    Raises:
        Unkeyed: the key is missing, cannot be read, or names what is not there.
    """
    if options and not _is_judged(kind, options):
        return Keyed(_choices(kind, options, key))
    truth = read_truth(key) if kind in (None, Kind.TRUE_FALSE) else None
    if truth is None and options:
        truth = _judged(options, key)
    if truth is not None:
        return Keyed(TrueFalse(truth))
    return _without_options(kind, key)


def _without_options(kind: Kind | None, key: str) -> Keyed:
    if kind is Kind.ESSAY:
        return Keyed(Essay(Text(key.strip())))
    if not key.strip():
        raise Unkeyed(Fault.NO_ANSWER)
    if kind is Kind.NUMERIC:
        return Keyed(Numeric(_figures(key)))
    if kind in (Kind.SINGLE, Kind.MULTIPLE) or (kind is None and read_letters(key) is not None):
        raise Unkeyed(Fault.TOO_FEW_OPTIONS, key, 0)
    if kind is Kind.TRUE_FALSE:
        raise Unkeyed(Fault.KEY_UNREADABLE, key)
    if kind is None and len(key.strip()) > LONGEST_SHORT:
        return Keyed(Essay(Text(key.strip())), Remark.AS_ESSAY)
    return Keyed(ShortAnswer(_forms(key)), None if kind is Kind.SHORT else Remark.AS_SHORT)


def _figures(key: str) -> tuple[Figure, ...]:
    pieces = key.replace("｜", "|").replace("±", ":").replace("：", ":").split("|")
    try:
        return tuple(Figure(*read_figure(level(piece))) for piece in pieces)
    except ValueError:
        raise Unkeyed(Fault.BAD_NUMBER, key) from None


def _forms(key: str) -> tuple[ShortForm, ...]:
    words = [word.strip() for word in key.replace("｜", "|").split("|")]
    return tuple(ShortForm(word.replace("*", "\\*")) for word in dict.fromkeys(words) if word)


def _is_judged(kind: Kind | None, options: Sequence[str]) -> bool:
    """Whether the options of a true-false question are only its two words."""
    return kind is Kind.TRUE_FALSE and len(options) == 2 and {read_truth(option) for option in options} == {True, False}


def _judged(options: Sequence[str], key: str) -> bool | None:
    """The key of such a question: the letter of one of its words comes before ``F`` for false."""
    places = read_letters(key)
    if places and len(places) == 1 and places[0] < len(options):
        return read_truth(options[places[0]])
    return read_truth(key)


def _choices(kind: Kind | None, options: Sequence[str], key: str) -> Choices:
    places = _places(options, key)
    beyond = [place for place in places if place >= len(options)]
    if beyond:
        raise Unkeyed(Fault.KEY_OUTSIDE, key, f"{chr(ord('A') + beyond[0])}/{len(options)}")
    if len(places) > 1 and kind in (Kind.SINGLE, Kind.TRUE_FALSE):
        raise Unkeyed(Fault.KIND_AND_KEY, key)
    several = kind is Kind.MULTIPLE or len(places) > 1
    right, wrong = (round(100.0 / len(places), 5), -100.0) if several else (100.0, 0.0)
    weights = [right if place in places else wrong for place in range(len(options))]
    return Choices(tuple(Choice(Text(text), weight) for text, weight in zip(options, weights, strict=True)), several)


def _places(options: Sequence[str], key: str) -> tuple[int, ...]:
    if not key.strip():
        raise Unkeyed(Fault.NO_ANSWER)
    places = read_letters(key)
    if places is not None:
        return places
    named = read_letter_with_text(key)
    if named and named[0] < len(options) and _same(options[named[0]], named[1]):
        return (named[0],)
    said = tuple(place for place, option in enumerate(options) if _same(option, key))
    if len(said) == 1:
        return said
    truth = read_truth(key)
    judged = [place for place, option in enumerate(options) if truth is not None and read_truth(option) is truth]
    if len(judged) == 1:
        return (judged[0],)
    raise Unkeyed(Fault.KEY_UNREADABLE, key)


def _same(one: str, other: str) -> bool:
    return "".join(level(one).split()).strip("。.") == "".join(level(other).split()).strip("。.")
