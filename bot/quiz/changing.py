"""What a tap or a typed line makes of an answer. Pure; each change says the state it leads to, so twice is as once."""

from typing import TypeAlias

from msgspec import Struct

from bot.banks.grading import Answer, Chosen, Judged, Matched, Typed
from bot.banks.questions import Choices, Essay, Matching, Numeric, Question, ShortAnswer, TrueFalse
from bot.errors import Gone

LONGEST_ANSWER = 3000


class Pick(Struct, frozen=True):
    """This option and no other."""

    place: int


class Tick(Struct, frozen=True):
    """This option too, or no longer."""

    place: int
    is_on: bool


class Judge(Struct, frozen=True):
    """True or false."""

    is_true: bool


class Match(Struct, frozen=True):
    """This word for that prompt; a negative word takes it back."""

    prompt: int
    word: int


class Write(Struct, frozen=True):
    """Words or a number."""

    text: str


class Confirm(Struct, frozen=True):
    """That is my answer."""


Change: TypeAlias = Pick | Tick | Judge | Match | Write | Confirm


def apply(question: Question, answer: Answer | None, change: Change) -> Answer | None:
    """The answer after the change.

    Raises:
        Gone: the change does not belong to such a question, as after a correction or from a forged button.
    """
    match question.body, change:
        case Choices(choices=choices, several=False), Pick(place) if 0 <= place < len(choices):
            return Chosen(frozenset({place}))
        case Choices(choices=choices, several=True), Tick(place, is_on) if 0 <= place < len(choices):
            places = answer.places if isinstance(answer, Chosen) else frozenset()
            return Chosen(places | {place} if is_on else places - {place})
        case TrueFalse(), Judge(is_true):
            return Judged(is_true)
        case Matching() as body, Match(prompt, word) if 0 <= prompt < len(body.prompts) and word < len(body.words):
            return _matched(body, answer, prompt, word)
        case ((ShortAnswer() | Numeric() | Essay()), Write(text)):
            return Typed(text.strip()[:LONGEST_ANSWER])
        case _, Confirm():
            return answer
    raise Gone


def _matched(body: Matching, answer: Answer | None, prompt: int, word: int) -> Matched:
    before = answer.places if isinstance(answer, Matched) and len(answer.places) == len(body.prompts) else ()
    places = list(before or [None] * len(body.prompts))
    places[prompt] = word if word >= 0 else None
    return Matched(tuple(places))


def is_begun(answer: Answer | None) -> bool:
    """Whether there is anything that could be graded."""
    match answer:
        case None:
            return False
        case Chosen(places):
            return bool(places)
        case Matched(places):
            return any(place is not None for place in places)
        case Typed(text):
            return bool(text)
        case Judged():
            return True


def is_whole(question: Question, answer: Answer | None) -> bool:
    """Whether nothing is missing from it."""
    if isinstance(answer, Matched):
        return None not in answer.places
    return is_begun(answer)


def settles_at_once(change: Change) -> bool:
    """Whether the change alone is the answer, with nothing left to tick or to match."""
    return isinstance(change, Pick | Judge | Write | Confirm)
