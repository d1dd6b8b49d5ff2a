"""Taking a bank out of use. Its rows stay, since records of what was asked point at them."""

from datetime import datetime

from sqlmodel import Session

from bot.audit import service as audit
from bot.banks.browsing import view_bank
from bot.banks.service import BankLine, find_bank, require_writer
from bot.people.service import Speaker


def delete_bank(session: Session, *, speaker: Speaker | None, bank_id: int, now: datetime) -> BankLine:
    """Delete a bank; raises Gone, also where it is deleted already, and NotYourBanks."""
    bank = find_bank(session, bank_id)
    actor = require_writer(session, speaker, bank.cohort_id).actor
    line = view_bank(session, speaker, bank_id).bank
    bank.deleted_at = now
    session.add(bank)
    session.flush()
    entry = audit.entry(
        actor=actor,
        now=now,
        action="delete",
        subject="bank",
        subject_id=bank_id,
        cohort_id=bank.cohort_id,
        before={"name": bank.name, "questions": line.size},
    )
    audit.record(session, entry)
    return line
