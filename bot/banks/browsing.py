"""What the screens of banks show, for whoever may read them. Writes nothing."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import func, select
from sqlmodel import Session

from bot.banks.questions import Kind
from bot.banks.service import (
    QUESTION,
    WRITING,
    BankLine,
    Kept,
    banks_of,
    count_by,
    find_bank,
    question,
    questions,
    require_reader,
)
from bot.errors import Gone
from bot.people import access
from bot.people.service import Speaker

PAGE = 8


class BankView(Struct, frozen=True):
    """One bank with what is in it, as one person sees it."""

    bank: BankLine
    kinds: tuple[tuple[Kind, int], ...]
    categories: tuple[tuple[str, int], ...]
    may_write: bool


class QuestionPage(Struct, frozen=True):
    """A page of a bank's questions; pages count from 0."""

    bank: BankLine
    shown: tuple[Kept, ...]
    page: int
    pages: int


class QuestionView(Struct, frozen=True):
    """One question, the page it stands on, and whether the person may correct it."""

    kept: Kept
    page: int
    may_write: bool


def may_write(session: Session, speaker: Speaker, cohort_id: int) -> bool:
    """Whether the person may change banks of the cohort."""
    return speaker.is_operator or bool(access.roles_in(session, speaker.person_id, cohort_id) & {*WRITING})


def view_banks(session: Session, speaker: Speaker | None, cohort_id: int) -> tuple[Sequence[BankLine], bool]:
    """The banks of a cohort, and whether the person may change them; raises NotYourBanks."""
    reader = require_reader(session, speaker, cohort_id)
    return banks_of(session, cohort_id), may_write(session, reader, cohort_id)


def view_bank(session: Session, speaker: Speaker | None, bank_id: int) -> BankView:
    """One bank; raises Gone, NotYourBanks."""
    bank = _line(session, speaker, bank_id)
    counts = count_by(session, bank_id)
    kinds: Counter[Kind] = Counter()
    categories: Counter[str] = Counter()
    for (category, _, kind), count in counts.items():
        kinds[kind] += count
        categories[category] += count
    reader = require_reader(session, speaker, bank.cohort_id)
    return BankView(
        bank, tuple(kinds.items()), tuple(sorted(categories.items())), may_write(session, reader, bank.cohort_id)
    )


def view_questions(session: Session, speaker: Speaker | None, bank_id: int, page: int) -> QuestionPage:
    """A page of a bank's questions; raises Gone, NotYourBanks."""
    bank = _line(session, speaker, bank_id)
    pages = max(1, -(-bank.size // PAGE))
    page = min(max(page, 0), pages - 1)
    query = select(QUESTION.c.id).where(QUESTION.c.bank_id == bank_id).order_by(QUESTION.c.number)
    ids = session.connection().execute(query.offset(page * PAGE).limit(PAGE)).scalars().all()
    found = questions(session, ids)
    return QuestionPage(bank, tuple(found[one] for one in ids), page, pages)


def view_question(session: Session, speaker: Speaker | None, question_id: int) -> QuestionView:
    """One question; raises Gone, NotYourBanks."""
    kept = question(session, question_id)
    cohort_id = find_bank(session, kept.bank_id).cohort_id
    reader = require_reader(session, speaker, cohort_id)
    before = select(func.count()).where(QUESTION.c.bank_id == kept.bank_id, QUESTION.c.number < kept.number)
    place = session.connection().execute(before).scalar_one()
    return QuestionView(kept, place // PAGE, may_write(session, reader, cohort_id))


def _line(session: Session, speaker: Speaker | None, bank_id: int) -> BankLine:
    cohort_id = find_bank(session, bank_id).cohort_id
    require_reader(session, speaker, cohort_id)
    found = next((bank for bank in banks_of(session, cohort_id) if bank.id == bank_id), None)
    if found is None:
        raise Gone
    return found
