"""The change log of what coordinators decide about sign-ups: who, when, from, to, why."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.audit import service as audit
from bot.forum import pools
from bot.forum.models import SignUpStatus
from bot.people import access
from bot.people.service import Speaker

SUBJECT = "forum_signup"


def log(
    session: Session,
    speaker: Speaker | None,
    row: Any,
    action: str,
    status: SignUpStatus,
    reason: str,
    now: datetime,
) -> None:
    """One line about the sign-up that stood as ``row`` says; raises NotAllowed for who does not coordinate."""
    cohort_id = pools.get_call(session, row.call_id).cohort_id
    line = audit.entry(
        actor=access.require_coordinator(session, speaker, cohort_id).actor,
        now=now,
        action=action,
        subject=SUBJECT,
        subject_id=row.id,
        cohort_id=cohort_id,
        person_id=row.person_id,
        before={"status": row.status},
        after={"status": status},
        reason=reason,
    )
    audit.record(session, line)
