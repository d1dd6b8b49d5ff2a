"""A question of the bank and the same one of a file: what the file says, with what it has no place for kept. Pure.

A typed text has no categories and names no weights; sending it again must not take away what the bank knows.
"""

from msgspec.structs import replace

from bot.banks.correcting import in_order_of
from bot.banks.grading import right_places
from bot.banks.questions import Body, Choices, Question, TrueFalse

_ASIDES = ("name", "category", "difficulty", "tags", "idnumber", "explanation", "source")


def merged(there: Question, given: Question, *, weighs: bool) -> Question:
    """The given question in the order of the one that is there; ``weighs``: whether its file could name weights."""
    aligned = in_order_of(there, given)
    kept = {field: getattr(aligned, field) or getattr(there, field) for field in _ASIDES}
    body = aligned.body if weighs else _with_weights(there.body, aligned.body)
    return replace(aligned, body=body, **kept)


def _with_weights(there: Body, given: Body) -> Body:
    """The body with the weights and the feedback that are there, where the same answers are right."""
    match there, given:
        case Choices() as one, Choices() as other if _same_words(one, other):
            if one.several == other.several and right_places(one) == right_places(other):
                return one
            feedback = [choice.feedback for choice in one.choices]
            pairs = zip(other.choices, feedback, strict=True)
            return replace(other, choices=tuple(replace(choice, feedback=said) for choice, said in pairs))
        case TrueFalse() as one, TrueFalse(is_true):
            return one if one.is_true == is_true else given
    return given


def _same_words(one: Choices, other: Choices) -> bool:
    return [choice.text.text for choice in one.choices] == [choice.text.text for choice in other.choices]
