"""Banks for tests, made as an import makes them."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.audit.service import Actor
from bot.banks import importing
from bot.banks.findings import Format, Found, Reading, Summary, dump_reading, load_summary
from bot.banks.importing import Imported
from bot.banks.questions import Question

NOBODY = Actor(name="test")


def summary_of(questions: Sequence[Question], form: Format = Format.GIFT) -> Summary:
    """What a file with these questions would have said."""
    found = tuple(Found(question, line) for line, question in enumerate(questions, start=1))
    return load_summary(dump_reading(Reading(form, found)))


def fill_bank(
    session: Session,
    cohort_id: int,
    questions: Sequence[Question],
    now: datetime,
    *,
    name: str = "Bank",
    form: Format = Format.GIFT,
    replaces: bool = False,
) -> Imported:
    """Import the questions into the bank of that name."""
    summary = summary_of(questions, form)
    target = importing.target_for(session, cohort_id, name)
    plan = importing.make_plan(session, cohort_id=cohort_id, summary=summary, target=target, replaces=replaces)
    return importing.carry_out(session, cohort_id=cohort_id, summary=summary, plan=plan, actor=NOBODY, now=now)
