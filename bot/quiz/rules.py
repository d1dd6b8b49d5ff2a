"""What is decided without looking anything up: when a test is open, when it ends, who may try again, what may be shown.

Pure: no session, no clock, no telegram.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from bot.quiz.models import POINT, Exam, ExamStatus, Retake

SMALLEST_GROUP = 5
"""Nothing is said of a group that is smaller: one could tell who is meant."""

MOST_QUESTIONS = 100
"""A test has no more."""

LARGEST_PERCENT = 100


class Bar(StrEnum):
    """Why somebody may not begin an attempt."""

    NOT_YET = "not_yet"
    OVER = "over"
    CANCELLED = "cancelled"
    USED_UP = "used_up"
    PASSED = "passed"


class Standing(Struct, frozen=True):
    """How one finished attempt came out."""

    score: int
    counted: int

    @property
    def percent(self) -> int | None:
        """The share of the points, rounded down so that a mark just missed is never shown as reached."""
        return self.score * LARGEST_PERCENT // (self.counted * POINT) if self.counted else None


def ends_at(exam: Exam, started_at: datetime, extra: int) -> datetime:
    """When an attempt ends: after its minutes, and in any case when the test closes; ``extra`` minutes move both."""
    allowed = timedelta(minutes=extra)
    closes_at = exam.closes_at + allowed
    if exam.minutes is None:
        return closes_at
    return min(started_at + timedelta(minutes=exam.minutes) + allowed, closes_at)


def is_open(exam: Exam, at: datetime) -> bool:
    """Whether an attempt may begin at that instant, as far as the window goes."""
    return exam.status == ExamStatus.PUBLISHED and exam.opens_at <= at < exam.closes_at


def bar_to_begin(exam: Exam, finished: Sequence[Standing], at: datetime) -> Bar | None:
    """Why a further attempt may not begin; nothing where it may. ``finished`` are all attempts made so far."""
    if exam.status != ExamStatus.PUBLISHED:
        return Bar.CANCELLED
    if at < exam.opens_at:
        return Bar.NOT_YET
    if at >= exam.closes_at:
        return Bar.OVER
    if len(finished) >= exam.attempts:
        return Bar.USED_UP
    if finished and exam.retake == Retake.FAILED and any(is_passed(exam, one) is not False for one in finished):
        return Bar.PASSED
    return None


def is_passed(exam: Exam, standing: Standing) -> bool | None:
    """Whether the pass mark was reached, by the exact score; ``None`` where there is no mark or nothing to count."""
    if exam.pass_percent is None or not standing.counted:
        return None
    return standing.score * LARGEST_PERCENT >= exam.pass_percent * standing.counted * POINT


def best(finished: Sequence[Standing]) -> Standing | None:
    """The attempt that counts."""
    return max(finished, key=lambda one: one.score / max(one.counted, 1), default=None)


def arrange(count: int, seed: str) -> str:
    """The order in which one person sees ``count`` options: always the same for the same seed."""
    order = list(range(count))
    random.Random(seed).shuffle(order)  # noqa: S311 - the seed holds the secret, where there is one to hold
    return ",".join(map(str, order))


def arranged(arrangement: str, count: int) -> list[int]:
    """The numbers of the options in a person's order; the bank's own where the question has changed since."""
    order = [int(part) for part in arrangement.split(",") if part]
    return order if sorted(order) == list(range(count)) else list(range(count))


def draw(candidates: Sequence[int], count: int, seed: str) -> list[int]:
    """``count`` of the candidates, or all where there are fewer; always the same for the same seed."""
    return random.Random(seed).sample(sorted(candidates), min(count, len(candidates)))  # noqa: S311 - see above


def shuffled(items: Sequence[int], seed: str) -> list[int]:
    """The items in an order of the seed's."""
    order = list(items)
    random.Random(seed).shuffle(order)  # noqa: S311 - see above
    return order


def is_showable(people: int) -> bool:
    """Whether a figure about so many people may be shown at all."""
    return people >= SMALLEST_GROUP
