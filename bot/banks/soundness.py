"""What must always hold of banks, as queries that find what breaks it."""

from sqlalchemy import and_, func, select

from bot.banks.service import BANK, QUESTION, VERSION

WITHOUT_HISTORY = (
    select(QUESTION.c.id)
    .outerjoin(VERSION, and_(VERSION.c.question_id == QUESTION.c.id, VERSION.c.version == QUESTION.c.version - 1))
    .where(QUESTION.c.version > 1, VERSION.c.question_id.is_(None))
)
"""Questions that were corrected and no longer know what they said before."""

TWO_OF_ONE_NAME = (
    select(BANK.c.cohort_id)
    .where(BANK.c.deleted_at.is_(None))
    .group_by(BANK.c.cohort_id, BANK.c.name)
    .having(func.count(BANK.c.id) > 1)
)
"""Cohorts with two banks of one name, of which an import would find only one."""
