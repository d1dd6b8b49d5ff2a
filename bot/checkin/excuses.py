"""Who need not come to an activity: the seam by which leave reaches the check-in, the roll and every list.

An excuse stops nobody from checking in: whoever comes all the same is present or late. The caller (leave, make-up) has
checked that the actor may do this; here it is only kept, and each change stands in the change log.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import and_, select
from sqlmodel import Session

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.checkin import queries
from bot.checkin.queries import EXCUSED
from bot.database import insert_missing
from bot.errors import Gone


def excuse(
    session: Session, *, activity_id: int, person_id: int, actor: Actor, now: datetime, reference: str = ""
) -> bool:
    """Note that somebody need not come; ``False`` where they were already excused (the first reference stands).

    ``reference`` names what excuses them, such as ``leave:12``: plain words of a machine, never shown as it is.

    Raises:
        Gone: there is no such activity.
    """
    row = queries.activity(session, activity_id)
    if row is None:
        raise Gone
    values = {
        "activity_id": activity_id,
        "person_id": person_id,
        "reference": reference,
        "since": now,
        "excused_by": actor.person_id,
    }
    if not insert_missing(session, EXCUSED, [values]):
        return False
    _log(session, row.cohort_id, activity_id, person_id, actor, now, "excuse", reference)
    return True


def withdraw_excuse(session: Session, *, activity_id: int, person_id: int, actor: Actor, now: datetime) -> bool:
    """Take an excuse back; ``False`` where there was none.

    Raises:
        Gone: there is no such activity.
    """
    row = queries.activity(session, activity_id)
    if row is None:
        raise Gone
    is_it = and_(EXCUSED.c.activity_id == activity_id, EXCUSED.c.person_id == person_id)
    if not session.connection().execute(EXCUSED.delete().where(is_it)).rowcount:
        return False
    _log(session, row.cohort_id, activity_id, person_id, actor, now, "withdraw_excuse", "")
    return True


def excused_from(session: Session, activity_id: int) -> Mapping[int, str]:
    """Who is excused from an activity: person -> reference."""
    query = select(EXCUSED.c.person_id, EXCUSED.c.reference).where(EXCUSED.c.activity_id == activity_id)
    return {row.person_id: row.reference for row in session.connection().execute(query)}


def excuses_of(session: Session, person_id: int, activity_ids: Collection[int]) -> Mapping[int, str]:
    """From which of these activities a person is excused: activity -> reference."""
    query = select(EXCUSED.c.activity_id, EXCUSED.c.reference).where(
        EXCUSED.c.person_id == person_id, EXCUSED.c.activity_id.in_(list(activity_ids))
    )
    return {row.activity_id: row.reference for row in session.connection().execute(query)}


def _log(
    session: Session,
    cohort_id: int,
    activity_id: int,
    person_id: int,
    actor: Actor,
    now: datetime,
    action: str,
    reference: str,
) -> None:
    is_given = action == "excuse"
    audit.record(
        session,
        audit.entry(
            actor=actor,
            now=now,
            action=action,
            subject="excuse",
            subject_id=activity_id,
            cohort_id=cohort_id,
            person_id=person_id,
            before={"excused": not is_given},
            after={"excused": is_given, "reference": reference},
        ),
    )
