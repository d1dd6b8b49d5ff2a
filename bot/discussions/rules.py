"""What a discussion goes by: the order of stages, when texts are the same, which points lead, whose names may stand.

Pure decisions: no session, no clock, no telegram.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from bot.discussions.models import Discussion, Stage

T = TypeVar("T")

ORDER = tuple(Stage)
CLOCKED = (Stage.WRITING, Stage.MERGING, Stage.VOTING, Stage.CAUSES, Stage.MINUTES)
"""The stages that have a clock."""

LONGEST = 500
"""Characters of one point, cause, measure or line of the minutes."""
LONGEST_QUESTION = 300
MOST_QUESTIONS = 5
MOST_NOTES = 10
"""How many points one person may write on a question."""
MOST_FINDINGS = 20
"""How many causes and measures a point may have."""
MOST_LINES = 400
MOST_MINUTES = 120
MOST_GROUPS = 40
DOTS = 3
"""Dots a person has for each question."""
LEADING, LEADING_MOST = 3, 5
"""So many points of a question are taken further; with ties, so many at most."""

_MARK = re.compile(r"^\s*(?:\(?\d{1,2}\)|（?\d{1,2}）|\d{1,2}\s*[.、．:：](?!\d)|[-–—•·*●○])\s*(?=\S)")
_ENDS = " .,;:、。，；：．…·-–—\"'“”‘’「」*"
_SPACE_BESIDE_HAN = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")


def following(stage: Stage) -> Stage:
    """The stage that a leader may go on to; minutes end by being confirmed, so they have none of their own."""
    position = ORDER.index(stage)
    return stage if stage in (Stage.MINUTES, Stage.DONE) else ORDER[position + 1]


def preceding(stage: Stage) -> Stage:
    """The stage that a leader may go back to; nobody goes back to before the beginning."""
    position = ORDER.index(stage)
    return stage if stage in (Stage.GATHERING, Stage.WRITING) else ORDER[position - 1]


def minutes_of(discussion: Discussion, stage: Stage) -> int:
    """How many minutes the stage should take; 0: no clock runs."""
    return int(getattr(discussion, f"{stage.value}_minutes")) if stage in CLOCKED else 0


def deadline(discussion: Discussion, stage: Stage, since: datetime | None) -> datetime | None:
    """When the stage's time is up, where a clock runs."""
    minutes = minutes_of(discussion, stage)
    return since + timedelta(minutes=minutes) if minutes and since is not None else None


def tidy(text: str) -> str:
    """A text on one line, without what cannot be seen at its ends."""
    return " ".join(text.split())


def points_in(text: str) -> list[str]:
    """The points in what somebody sent: one a line where it is a list of at least two, else the whole as one."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(_MARK.match(line) for line in lines):
        return [tidy(_MARK.sub("", line, count=1)) for line in lines]
    whole = tidy(text)
    return [whole] if whole else []


def likeness(text: str) -> str:
    """What is the same for texts that differ only in width, case, spaces, a list's mark or closing punctuation.

    Nothing else is taken for the same: punctuation inside a sentence, and marks of question and exclamation, change
    what it says.
    """
    plain = unicodedata.normalize("NFKC", tidy(_MARK.sub("", text, count=1))).casefold()
    bare = _SPACE_BESIDE_HAN.sub("", tidy(plain)).strip(_ENDS)
    return bare or plain


def wordings(texts: Sequence[str]) -> list[tuple[int, int]]:
    """The wordings that differ in what they say: the place of the first of each, and how often it stands there."""
    first: dict[str, int] = {}
    count: dict[str, int] = {}
    for place, text in enumerate(texts):
        same = likeness(text)
        first.setdefault(same, place)
        count[same] = count.get(same, 0) + 1
    return [(first[same], count[same]) for same in first]


def leading(dots: Mapping[int, int]) -> list[int]:
    """The points to go on with, by number: the three with the most dots, with those tied with the third up to five.

    ``dots`` are those of each number. A point without any dot never leads.
    """
    order = sorted((number for number in dots if dots[number]), key=lambda number: (-dots[number], number))
    least = dots[order[LEADING - 1]] if len(order) >= LEADING else 1
    return [number for number in order if dots[number] >= least][:LEADING_MOST]


def without_names(text: str, names: Iterable[str], instead: str) -> str:
    """The text with every one of these names replaced; names of a single letter or sign are left, as they are words."""
    parts = sorted({name.strip() for name in names if len(name.strip()) > 1}, key=lambda name: (-len(name), name))
    if not parts:
        return text
    return re.sub("|".join(_as_word(part) for part in parts), lambda _: instead, text, flags=re.IGNORECASE)


def smallest(sizes: Mapping[int, int]) -> int | None:
    """The number of the smallest group, the first of those alike."""
    return min(sizes, key=lambda number: (sizes[number], number)) if sizes else None


def page_of(items: Sequence[T], page: int, size: int) -> tuple[Sequence[T], int, int]:
    """The page that exists nearest to the one wanted: what stands on it, which it is, how many there are."""
    pages = max(1, -(-len(items) // size))
    page = min(max(page, 0), pages - 1)
    return items[page * size : (page + 1) * size], page, pages


def missing(everybody: Collection[T], done: Collection[T]) -> list[T]:
    """Those who have not."""
    return [one for one in everybody if one not in done]


def _as_word(name: str) -> str:
    """The name as a pattern: where it ends in a plain letter, no letter may follow, so that Ann is not in Annual."""
    before = r"(?<![A-Za-z0-9_])" if name[0].isascii() and name[0].isalnum() else ""
    after = r"(?![A-Za-z0-9_])" if name[-1].isascii() and name[-1].isalnum() else ""
    return f"{before}{re.escape(name)}{after}"
