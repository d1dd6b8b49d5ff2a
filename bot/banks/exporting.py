"""Files that a bank is given back as, made by the courier when it sends them. Writes nothing."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session

from bot.banks.formats.gift_export import write_gift
from bot.banks.formats.sheet_export import write_sheet
from bot.banks.questions import Question
from bot.banks.service import QUESTION, find_bank
from bot.banks.wire import load_question
from bot.outbox.delivery import Rendered

_UNSAFE = frozenset('/\\:*?"<>|\n\r\t')


def render_gift(session: Session, *, bank_id: int) -> Rendered:
    """The bank as GIFT, in UTF-8."""
    bank = find_bank(session, bank_id)
    return Rendered(file_name(bank.name, "gift"), write_gift(all_questions(session, bank_id)).encode())


def render_sheet(session: Session, *, bank_id: int, language: str) -> Rendered:
    """The bank as a workbook."""
    bank = find_bank(session, bank_id)
    return Rendered(file_name(bank.name, "xlsx"), write_sheet(all_questions(session, bank_id), language, bank.name))


def all_questions(session: Session, bank_id: int) -> Sequence[Question]:
    """Every question of a bank in the order of its numbers."""
    query = select(QUESTION.c.content).where(QUESTION.c.bank_id == bank_id).order_by(QUESTION.c.number)
    return [load_question(content) for content in session.connection().execute(query).scalars()]


def file_name(name: str, ending: str) -> str:
    """A name that every system takes."""
    safe = "".join("_" if sign in _UNSAFE else sign for sign in name).strip(" .")
    return f"{safe or 'questions'}.{ending}"
