"""A cohort's habits about notices: how many a week are enough, when somebody answers, what is said otherwise."""

from datetime import datetime, time
from typing import Any

from sqlmodel import Session

from bot.audit import service as audit
from bot.notices.models import Manners
from bot.people import access
from bot.people.service import Speaker

MOST_WEEKLY = 50
LONGEST_LINE = 500


def manners_of(session: Session, cohort_id: int) -> Manners:
    """The cohort's habits; the usual ones until somebody changes them."""
    return session.get(Manners, cohort_id) or Manners(cohort_id=cohort_id)


def set_weekly(session: Session, cohort_id: int, weekly: int, speaker: Speaker | None, now: datetime) -> None:
    """Say how many notices a week are enough; raises NotAllowed."""
    _change(session, cohort_id, speaker, now, weekly=min(max(weekly, 1), MOST_WEEKLY))


def set_hours(
    session: Session, cohort_id: int, opens: time, closes: time, speaker: Speaker | None, now: datetime
) -> None:
    """Say when somebody answers replies; raises NotAllowed."""
    _change(session, cohort_id, speaker, now, serves_from=opens, serves_until=closes)


def set_away(session: Session, cohort_id: int, line: str, speaker: Speaker | None, now: datetime) -> None:
    """Say what is answered outside of these hours; raises NotAllowed."""
    _change(session, cohort_id, speaker, now, away=line.strip()[:LONGEST_LINE])


def _change(session: Session, cohort_id: int, speaker: Speaker | None, now: datetime, **values: Any) -> None:
    who = access.require_coordinator(session, speaker, cohort_id)
    manners = manners_of(session, cohort_id)
    before = {name: getattr(manners, name) for name in values}
    for name, value in values.items():
        setattr(manners, name, value)
    session.add(manners)
    session.flush()
    audit.record(
        session,
        audit.entry(
            actor=who.actor,
            now=now,
            action="change",
            subject="manners",
            cohort_id=cohort_id,
            before=before,
            after=values,
        ),
    )
