"""What a sheet's cells cannot say of a question, as weights and feedback: kept in one cell, trusted while it fits.

Whoever corrects a visible cell means it: as soon as the details belong to other words, the words count.
"""

import json
from collections.abc import Callable

from bot.banks.formats.sheet_rows import Cells, row_of
from bot.banks.formats.sheet_words import DETAILS, KIND_NAMES, OPTIONS, VOCABULARY
from bot.banks.questions import Question
from bot.banks.wire import dump_question, load_question

_UNSEEN = frozenset((DETAILS, OPTIONS))


def details_of(question: Question) -> str:
    """The cell: plain ASCII without a space, since a sheet's reader may tidy spaces and line ends."""
    return json.dumps(json.loads(dump_question(question)), separators=(",", ":")).replace(" ", "\\u0020")


def detailed(cell: str, seen: Callable[[str], str]) -> Question | None:
    """The question that the details tell of, if the visible cells (``seen`` by field) are what belongs to them."""
    if not cell.startswith("{"):
        return None
    try:
        full = load_question(cell)
    except (ValueError, KeyError, TypeError, IndexError):
        return None
    return full if any(_fits(row_of(full, language), seen) for language in KIND_NAMES) else None


def _fits(row: Cells, seen: Callable[[str], str]) -> bool:
    """Whether the visible cells are the same words, blank ends and line ends aside."""
    return all(_level(row.get(field, "")) == _level(seen(field)) for field in VOCABULARY if field not in _UNSEEN)


def _level(text: str) -> str:
    return " ".join(text.split())
