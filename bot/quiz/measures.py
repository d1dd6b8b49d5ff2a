"""What the answers of many say about a question: how hard it is, how well it tells, what leads astray. Pure.

Difficulty and discrimination as classical test theory has them: the mean share of the points, and the correlation of
the question with the rest of the test. They judge the question, never a person.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean

from msgspec import Struct, field

from bot.quiz.models import POINT
from bot.quiz.rules import SMALLEST_GROUP

TOO_HARD = 0.3
TOO_EASY = 0.95
TELLS_LITTLE = 0.1
ENOUGH_TO_CORRELATE = 10
"""Below so many attempts a correlation is chance."""


class Given(Struct, frozen=True):
    """One answer: the share of the points in millionths, which letters were chosen, and the rest of that attempt."""

    score: int
    letters: tuple[str, ...] = ()
    rest: int | None = None


class Measure(Struct, frozen=True):
    """What is known of one question. ``letters`` counts choices by the bank's letters; empty: too few answers."""

    question_id: int
    answers: int
    difficulty: float | None = None
    discrimination: float | None = None
    letters: Mapping[str, int] = field(default_factory=dict)
    right: tuple[str, ...] = ()
    distractor: str | None = None

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why somebody should look at the question again; none where all is well or too little is known."""
        found = []
        if self.difficulty is not None and self.difficulty < TOO_HARD:
            found.append("hard")
        if self.difficulty is not None and self.difficulty > TOO_EASY:
            found.append("easy")
        if self.discrimination is not None and self.discrimination < TELLS_LITTLE:
            found.append("tells_little")
        if self.distractor and self.letters[self.distractor] > max(
            (self.letters.get(r, 0) for r in self.right), default=0
        ):
            found.append("astray")
        return tuple(found)


def measure(question_id: int, given: Sequence[Given], right: tuple[str, ...] = ()) -> Measure:
    """Measure one question; fewer than five answers tell nothing but their number."""
    if len(given) < SMALLEST_GROUP:
        return Measure(question_id, len(given), right=right)
    letters = Counter(letter for one in given for letter in one.letters)
    return Measure(
        question_id,
        len(given),
        fmean(one.score for one in given) / POINT,
        _discrimination(given),
        dict(letters),
        right,
        _distractor(letters, right),
    )


def _discrimination(given: Sequence[Given]) -> float | None:
    pairs = [(one.score, one.rest) for one in given if one.rest is not None]
    if len(pairs) < ENOUGH_TO_CORRELATE:
        return None
    return correlation([float(score) for score, _ in pairs], [float(rest) for _, rest in pairs])


def correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Pearson's correlation; nothing where one of the two does not vary."""
    middle_one, middle_other = fmean(one), fmean(other)
    both = sum((a - middle_one) * (b - middle_other) for a, b in zip(one, other, strict=True))
    spread_one = sum((a - middle_one) ** 2 for a in one)
    spread_other = sum((b - middle_other) ** 2 for b in other)
    product = spread_one * spread_other
    return float(both / product**0.5) if product else None


def _distractor(letters: Mapping[str, int], right: tuple[str, ...]) -> str | None:
    wrong = {letter: count for letter, count in letters.items() if letter not in right}
    return max(sorted(wrong), key=lambda letter: wrong[letter], default=None)
