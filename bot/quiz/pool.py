"""Which of a cohort's questions there are to ask, across all of its banks. Writes nothing."""

from collections.abc import Collection, Iterable

from sqlmodel import Session

from bot.banks import service as banks
from bot.banks.questions import GRADED, Difficulty, Kind

BY_A_TAP = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE})
"""What can be answered in a moment, between two lectures."""


def of_cohort(session: Session, cohort_id: int) -> list[banks.BankLine]:
    """The cohort's banks that have anything to ask."""
    return [bank for bank in banks.banks_of(session, cohort_id) if bank.asked]


def cohort_of(session: Session, kept: banks.Kept) -> int:
    """The cohort whose bank holds the question; raises Gone where the bank was deleted."""
    return banks.find_bank(session, kept.bank_id).cohort_id


def next_question(
    session: Session,
    cohort_id: int,
    *,
    bank_id: int | None,
    category: str,
    asked: Collection[int],
    seed: str,
    kinds: Collection[Kind] = BY_A_TAP,
) -> int | None:
    """A question that was not asked yet, of one bank or of all; ``None`` where none is left."""
    for one in _banks(session, cohort_id, bank_id):
        categories = [category] if category else []
        found = banks.pick_next(session, one, seed=seed, asked=asked, categories=categories, kinds=kinds)
        if found is not None:
            return found
    return None


def draw(
    session: Session, bank_id: int, *, category: str, difficulty: str, count: int, seed: str, without: Iterable[int]
) -> list[int]:
    """So many questions of a bank, a category and a difficulty (empty: any)."""
    return banks.draw(
        session,
        bank_id,
        count=count,
        seed=seed,
        categories=[category] if category else [],
        difficulties=[Difficulty(difficulty)] if difficulty else [],
        without=list(without),
    )


def is_graded(kind: Kind) -> bool:
    """Whether such a question gives points; a reflection is read instead."""
    return kind in GRADED


def _banks(session: Session, cohort_id: int, bank_id: int | None) -> list[int]:
    return [bank.id for bank in of_cohort(session, cohort_id) if bank_id in (None, bank.id)]
