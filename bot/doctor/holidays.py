"""The tables of holidays: whether the years in which camps take place have theirs."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlmodel import Session

from bot.doctor.findings import Finding, note, ok, problem
from bot.workdays import service as workdays

SUBJECT = "holidays"
CURE = "send the bot the table as a file, in the chat"


def examine_holidays(session: Session, now: datetime) -> Iterator[Finding]:
    """One line for each year whose table is missing; a problem where a camp takes place and it must be out by now."""
    today = now.astimezone(UTC).date()
    years = workdays.years_without_table(session, today)
    for year, camps in years.items():
        told = f"the table for {year} is missing, and {camps} camp(s) take place then"
        if workdays.is_published(year, today):
            yield problem(SUBJECT, f"{told}: {CURE}")
        else:
            yield note(SUBJECT, f"{told}; the State Council publishes it in the autumn before")
    if not years:
        yield ok(SUBJECT, "the table of every year with a camp is there")
