"""The tables of question banks."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.tables import Row, big, key, long_text, reference


class Bank(Row, table=True):
    """A cohort's set of questions. ``deleted_at`` keeps the row of one that is gone, for the records made with it."""

    __tablename__ = "bank"
    __table_args__ = (Index("ix_bank_cohort_id", "cohort_id"),)

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    name: str
    created_at: datetime
    deleted_at: datetime | None = Field(default=None)


class BankQuestion(Row, table=True):
    """A question of a bank as it stands now; ``content`` is all of it, in the form of ``bot.banks.wire``.

    ``digest`` is of all it says, ``matter`` only of what is asked (not of the key), so that the two together tell a
    question that is there already from one whose key was changed. ``version`` counts corrections from 1.
    """

    __tablename__ = "bank_question"
    __table_args__ = (
        UniqueConstraint("bank_id", "number"),
        Index("ix_bank_question_digest", "bank_id", "digest"),
    )

    id: int | None = key()
    bank_id: int = reference("bank.id")
    number: int
    kind: str
    category: str = ""
    difficulty: str = ""
    idnumber: str = ""
    digest: str
    matter: str
    content: str = long_text()
    version: int = 1
    created_at: datetime
    corrected_at: datetime | None = Field(default=None)


class QuestionVersion(Row, table=True):
    """What a question said before a correction, so that what was asked can always be read again. Append only."""

    __tablename__ = "question_version"

    question_id: int = Field(primary_key=True, sa_type=big().sa_type, foreign_key="bank_question.id")
    version: int = Field(primary_key=True)
    content: str = long_text()
    replaced_at: datetime
    replaced_by: int | None = big(default=None, nullable=True)
    reason: str = ""
