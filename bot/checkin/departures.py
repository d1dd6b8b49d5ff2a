"""Leaving: the check-out by the code in the room, leaving early by a button, and coming back.

Only where an activity's rules want a check-out. Whoever does not check out is taken to have stayed; the first check-out
stands. Nothing here opens a window or records an arrival.
"""

from datetime import datetime, timedelta

from sqlalchemy import and_
from sqlmodel import Session

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.checkin import policies, queries, rules
from bot.checkin.attempt import Attempt
from bot.checkin.outcomes import AlreadyIn, AlreadyOut, CameBack, CheckedOut, Closed, NotIn, NotYours, Outcome
from bot.checkin.queries import ATTENDANCE, Found, view_of
from bot.errors import NotLinked
from bot.people.service import Speaker

TAKEN_BACK = timedelta(minutes=2)
"""How long a leaving by button can be taken back by button; later the code in the room does it."""


def come_again(attempt: Attempt, row: Found) -> Outcome:
    """What a good code means for somebody who is in already: a check-out, a coming back, or nothing new."""
    policy = policies.policy_of(attempt.session, row)
    if policy.checkout and attempt.at > row.arrived_at:
        due_from = rules.checkout_from(row.ends_at)
        if row.left_at is None and attempt.at >= due_from:
            return _leave(attempt.session, row, attempt.person_id, attempt.actor, attempt.at, attempt.now)
        if row.left_at is not None and row.left_at < due_from and attempt.at > row.left_at:
            return _return(attempt.session, row, attempt.person_id, attempt.actor, attempt.at, attempt.now)
    return state_of(attempt.session, row, attempt.person_id)


def leave_early(
    session: Session, *, speaker: Speaker | None, activity_id: int, mac: str, at: datetime, now: datetime
) -> Outcome:
    """Check out by the button of one's own receipt, which takes no code since it can only cost minutes.

    Raises:
        NotLinked: the account belongs to nobody.
    """
    found = _find(session, speaker, activity_id, mac)
    if not isinstance(found, tuple):
        return found
    row, person = found
    if row.left_at is not None or at < row.arrived_at:
        return state_of(session, row, person.person_id)
    if not policies.policy_of(session, row).checkout or at >= _closes(session, row):
        return Closed(view_of(row))
    return _leave(session, row, person.person_id, person.actor, at, now)


def take_back(
    session: Session, *, speaker: Speaker | None, activity_id: int, mac: str, at: datetime, now: datetime
) -> Outcome:
    """Take back a leaving by button that was a slip; after two minutes only the code in the room does.

    Raises:
        NotLinked: the account belongs to nobody.
    """
    found = _find(session, speaker, activity_id, mac)
    if not isinstance(found, tuple):
        return found
    row, person = found
    if row.left_at is None or not row.left_at <= at <= row.left_at + TAKEN_BACK:
        return state_of(session, row, person.person_id)
    return _return(session, row, person.person_id, person.actor, at, now)


def is_due(session: Session, row: Found, now: datetime) -> bool:
    """Whether the code on the screen would now check out the person of the row."""
    is_in = row.arrived_at is not None and row.left_at is None
    return is_in and policies.policy_of(session, row).checkout and now >= rules.checkout_from(row.ends_at)


def button_for(session: Session, row: Found, person_id: int) -> str:
    """What makes the button for leaving; empty where the activity wants no check-out."""
    return rules.leave_mac(row.secret, row.id, person_id) if policies.policy_of(session, row).checkout else ""


def state_of(session: Session, row: Found, person_id: int) -> AlreadyIn | AlreadyOut:
    """How somebody who has arrived stands."""
    receipt = rules.receipt_of(row.secret, row.id, person_id)
    if row.left_at is not None:
        return AlreadyOut(view_of(row), row.left_at, receipt, _minutes(session, row, row.left_at))
    leave = button_for(session, row, person_id)
    return AlreadyIn(view_of(row), row.arrived_at, receipt, rules.checkout_from(row.ends_at) if leave else None, leave)


def _find(session: Session, speaker: Speaker | None, activity_id: int, mac: str) -> tuple[Found, Speaker] | Outcome:
    if speaker is None:
        raise NotLinked
    row = queries.one(session, speaker.person_id, activity_id)
    if row is None or not rules.is_leave_of(mac, row.secret, row.id, speaker.person_id):
        return NotYours()
    return (row, speaker) if row.arrived_at is not None else NotIn(view_of(row))


def _leave(session: Session, row: Found, person_id: int, actor: Actor, at: datetime, now: datetime) -> CheckedOut:
    _update(session, row, person_id, {"left_at": at})
    _log(session, row, person_id, actor, now, "leave", {"left_at": None}, {"left_at": at})
    receipt, is_early = rules.receipt_of(row.secret, row.id, person_id), at < rules.checkout_from(row.ends_at)
    back = rules.leave_mac(row.secret, row.id, person_id) if is_early else ""
    return CheckedOut(view_of(row), at, receipt, _minutes(session, row, at), is_early, back)


def _return(session: Session, row: Found, person_id: int, actor: Actor, at: datetime, now: datetime) -> CameBack:
    away = (row.away or 0) + _gap(row, at)
    _update(session, row, person_id, {"left_at": None, "away": away or None})
    before = {"left_at": row.left_at, "away": row.away}
    _log(session, row, person_id, actor, now, "return", before, {"left_at": None, "away": away, "back_at": at})
    return CameBack(view_of(row), at, rules.receipt_of(row.secret, row.id, person_id), away)


def _gap(row: Found, at: datetime) -> int:
    """The whole minutes of the activity between leaving and coming back."""
    since, until = max(row.left_at, row.starts_at), min(at, row.ends_at)
    return max(0, int((until - since).total_seconds() // 60))


def _minutes(session: Session, row: Found, left_at: datetime) -> int:
    policy = policies.policy_of(session, row)
    return rules.minutes_there(row.arrived_at, left_at, row.starts_at, row.ends_at, policy, row.away or 0)


def _closes(session: Session, row: Found) -> datetime:
    return rules.closes_at(row.ends_at, row.closed_at, policies.policy_of(session, row))


def _update(session: Session, row: Found, person_id: int, values: dict[str, object]) -> None:
    is_here = and_(ATTENDANCE.c.activity_id == row.id, ATTENDANCE.c.person_id == person_id)
    queries.connect(session).execute(ATTENDANCE.update().where(is_here).values(values))


def _log(
    session: Session,
    row: Found,
    person_id: int,
    actor: Actor,
    now: datetime,
    action: str,
    before: dict[str, object],
    after: dict[str, object],
) -> None:
    audit.record(
        session,
        audit.entry(
            actor=actor,
            now=now,
            action=action,
            subject="attendance",
            subject_id=row.id,
            cohort_id=row.cohort_id,
            person_id=person_id,
            before=before,
            after=after,
        ),
    )
