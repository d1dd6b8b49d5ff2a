"""The change log's lines of this feature: what coordinators and leaders change, with who, from, to."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.audit import service as audit
from bot.discussions.models import Discussion
from bot.people.service import Speaker

SUBJECT = "discussion"


def note(
    session: Session,
    discussion: Discussion,
    by: Speaker | None,
    now: datetime,
    action: str,
    *,
    before: Any = None,
    after: Any = None,
    person_id: int | None = None,
) -> None:
    """Append a line. What a trainee writes in a discussion never stands in it. Without a speaker the clock did it."""
    actor = by.actor if by is not None else audit.Actor(name="schedule")
    audit.record(
        session,
        audit.entry(
            actor=actor,
            now=now,
            action=action,
            subject=SUBJECT,
            subject_id=discussion.id or 0,
            cohort_id=discussion.cohort_id,
            person_id=person_id,
            before=before,
            after=after,
        ),
    )
