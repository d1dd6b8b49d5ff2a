"""A question with another key or other words, as ticked or typed. Pure; ``None`` where it would be no question."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from bot.banks.checks import check
from bot.banks.formats.keyed import Unkeyed, understand
from bot.banks.grading import WHOLE
from bot.banks.plain import plain
from bot.banks.questions import Body, Choice, Choices, Form, Kind, Numeric, Question, ShortAnswer, Text, TrueFalse

_OPTION = re.compile(r"\s*([A-ZＡ-Ｚ])\s*[.．、:：)）]\s*(.+)", re.DOTALL)
_MOST_WRONG = -WHOLE


def ticked(question: Question) -> int:
    """The present key as bits, one for each option; for a statement 1 if it is true."""
    match question.body:
        case Choices(choices):
            return sum(1 << place for place, choice in enumerate(choices) if choice.weight > 0)
        case TrueFalse(is_true):
            return int(is_true)
    return 0


def with_key(question: Question, bits: int) -> Question | None:
    """The question with the key that the bits say."""
    match question.body:
        case TrueFalse() as body:
            return replace(question, body=replace(body, is_true=bool(bits & 1)))
        case Choices() as body if bits and not bits >> len(body.choices):
            return _sound(replace(question, body=_keyed(body, bits)))
    return None


def _keyed(body: Choices, bits: int) -> Choices:
    count = bits.bit_count()
    several = body.several or count > 1
    right = round(WHOLE / count, 5) if several else WHOLE
    wrong = min(
        [choice.weight for choice in body.choices if choice.weight < 0], default=_MOST_WRONG if several else 0.0
    )
    return Choices(
        tuple(_weigh(choice, bits >> at & 1, right, wrong) for at, choice in enumerate(body.choices)), several
    )


def _weigh(choice: Choice, is_right: int, right: float, wrong: float) -> Choice:
    if is_right:
        return replace(choice, weight=right)
    return replace(choice, weight=wrong) if choice.weight > 0 else choice


def with_words(question: Question, typed: str) -> Question | None:
    """The question with another text, or with another text of the option whose letter comes first."""
    found = _OPTION.fullmatch(typed)
    body = question.body
    if found and isinstance(body, Choices):
        place = ord(found[1]) - (ord("A") if found[1].isascii() else ord("Ａ"))
        if place < len(body.choices):
            changed = replace(body.choices[place], text=as_typed(found[2]))
            choices = (*body.choices[:place], changed, *body.choices[place + 1 :])
            return _sound(replace(question, body=replace(body, choices=choices)))
    return _sound(replace(question, stem=as_typed(typed)))


def with_explanation(question: Question, typed: str) -> Question | None:
    """The question with another explanation; a dash takes it away."""
    is_none = typed.strip() in ("-", "－", "—", "–")
    return _sound(replace(question, explanation=Text() if is_none else as_typed(typed)))


def with_answers(question: Question, typed: str) -> Question | None:
    """A question to type an answer to, with the accepted answers of each line."""
    key = "|".join(line.strip() for line in typed.splitlines() if line.strip())
    kind = Kind.NUMERIC if isinstance(question.body, Numeric) else Kind.SHORT
    try:
        body: Body = understand(kind, (), key).body
    except Unkeyed:
        return None
    if isinstance(body, ShortAnswer) and isinstance(question.body, ShortAnswer):
        body = replace(body, case_matters=question.body.case_matters)
    return _sound(replace(question, body=body))


def as_typed(words: str) -> Text:
    """What a person typed means what it says, also where it looks like HTML."""
    text = words.strip()
    return Text(text) if plain(Text(text)) == plain(Text(text, Form.PLAIN)) else Text(text, Form.PLAIN)


def _sound(question: Question) -> Question | None:
    return None if any(_faults(question)) else question


def _faults(question: Question) -> Iterator[bool]:
    return (finding.is_fault for finding in check(question, 1))
