"""The coordinator's desk for visitors: finding one of them, marking them as arrived, taking that back.

Trainees who are expected at the activity are marked where check-in records them, not here.
"""

import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Text, cast, func, select, update
from sqlmodel import Session

from bot.checkin import service as checkin
from bot.checkin.models import Way
from bot.checkin.outcomes import Cancelled, NothingOpen, TooEarly
from bot.checkin.rules import Status
from bot.checkin.service import Welcome
from bot.errors import Gone, Refusal
from bot.forum import arrivals, occasions, pools
from bot.forum.models import HOLDING, Part, SignUpStatus
from bot.forum.occasions import Occasion
from bot.forum.pools import POOL, SIGNUP
from bot.forum.visitor_lists import NAME, PHONE, DeskView, Entry, entries_of
from bot.forum.visits import Came, CameBefore, Moment
from bot.people import access
from bot.people.service import Speaker

FEWEST_DIGITS = 3
MOST_FOUND = 24
_DIGITS = re.compile(r"[\d\s+()-]+")


class NotSeated(Refusal):
    """They hold no place here, so there is nothing to record. Give them a place first."""


class DeskEntry(Struct, frozen=True):
    """One visitor with the call, and how the record reads: the receipt, and whether it counts as late."""

    occasion: Occasion
    entry: Entry
    receipt: str = ""
    arrival: Status | None = None


def show_desk(session: Session, *, speaker: Speaker | None, call_id: int) -> DeskView:
    """The desk of a call.

    Raises:
        Gone: there is no such call.
        NotAllowed: the speaker may not read its cohort.
    """
    occasion = occasions.get_occasion(session, call_id)
    access.require_reader(session, speaker, occasion.cohort_id)
    return desk_of(session, occasion)


def desk_of(session: Session, occasion: Occasion) -> DeskView:
    """The same for whoever has been checked already."""
    free = select(POOL.c.capacity, POOL.c.wanted, POOL.c.taken)
    row = (
        session.connection()
        .execute(free.where(POOL.c.call_id == occasion.call_id, POOL.c.part == Part.LISTENER))
        .first()
    )
    left = max(0, min(row.capacity, row.wanted) - row.taken) if row is not None else 0
    return DeskView(occasion, tuple(entries_of(session, occasion)), left, _has_checkin(session, occasion))


def find_visitors(session: Session, *, speaker: Speaker | None, call_id: int, text: str) -> Sequence[Entry]:
    """Sign-ups by a part of the name, or by the last digits of the phone (three or more); those who stand first.

    Raises:
        Gone: there is no such call.
        NotAllowed: the speaker does not coordinate its cohort.
    """
    occasion = occasions.get_occasion(session, call_id)
    access.require_coordinator(session, speaker, occasion.cohort_id)
    wanted = " ".join(text.split())
    digits = "".join(filter(str.isdecimal, wanted)) if _DIGITS.fullmatch(wanted) else ""
    if not wanted or (digits and len(digits) < FEWEST_DIGITS):
        return ()
    fits = PHONE.endswith(digits, autoescape=True) if digits else _holds(NAME, wanted)
    return entries_of(session, occasion, fits, limit=MOST_FOUND)


def show_visitor(session: Session, *, speaker: Speaker | None, signup_id: int) -> DeskEntry:
    """One visitor.

    Raises:
        Gone: there is no such sign-up.
        NotAllowed: the speaker may not read its cohort.
    """
    occasion = _occasion_of(session, signup_id)
    access.require_reader(session, speaker, occasion.cohort_id)
    return _desk_entry(session, occasion, signup_id)


def mark_arrived(
    session: Session, *, speaker: Speaker | None, signup_id: int, moment: Moment
) -> Came | CameBefore | TooEarly | Cancelled | NothingOpen:
    """Record a visitor who stands at the desk; after the check-in has closed, as of the beginning.

    Raises:
        Gone: there is no such sign-up.
        NotAllowed: the speaker does not coordinate the cohort.
        NotSeated: the sign-up holds no place, or is a trainee's, whom check-in records.
    """
    occasion = _occasion_of(session, signup_id)
    coordinator = access.require_coordinator(session, speaker, occasion.cohort_id)
    found = _desk_entry(session, occasion, signup_id).entry
    if found.is_trainee or (found.status not in HOLDING and found.part == Part.LISTENER):
        raise NotSeated
    visit = checkin.vouch_for(session, activity_id=occasion.activity_id, at=moment.at, may_be_over=True)
    if not isinstance(visit, Welcome):
        assert isinstance(visit, TooEarly | Cancelled | NothingOpen)  # noqa: S101 - nothing was claimed, nor closed
        return visit
    row = pools.get_signup(session, signup_id)
    if row.status == SignUpStatus.OFFERED:
        pools.confirm(session, row, moment.now)
    return arrivals.record(session, occasion, row, visit, Way.DESK, coordinator.actor, moment)


def undo_arrival(session: Session, *, speaker: Speaker | None, signup_id: int, moment: Moment) -> DeskEntry:
    """Take an arrival back that was recorded by mistake; a second time changes nothing.

    Raises:
        Gone: there is no such sign-up.
        NotAllowed: the speaker does not coordinate the cohort.
    """
    occasion = _occasion_of(session, signup_id)
    coordinator = access.require_coordinator(session, speaker, occasion.cohort_id)
    row = pools.get_signup(session, signup_id)
    taken = update(SIGNUP).where(SIGNUP.c.id == signup_id, SIGNUP.c.arrived_at.is_not(None))
    if session.connection().execute(taken.values(arrived_at=None, arrived_way="")).rowcount:
        before = {"arrived_at": row.arrived_at, "method": row.arrived_way}
        arrivals.log(session, occasion, row, "undo", coordinator.actor, moment, before=before)
    return _desk_entry(session, occasion, signup_id)


def _desk_entry(session: Session, occasion: Occasion, signup_id: int) -> DeskEntry:
    (entry,) = entries_of(session, occasion, SIGNUP.c.id == signup_id)
    if entry.arrived_at is None:
        return DeskEntry(occasion, entry)
    receipt = arrivals.receipt_of(session, occasion.activity_id, signup_id) if not entry.is_trainee else ""
    return DeskEntry(
        occasion, entry, receipt, checkin.visit_status(session, arrivals.view_of(occasion), entry.arrived_at)
    )


def _holds(column: Any, wanted: str) -> Any:
    return func.lower(cast(column, Text)).contains(wanted.lower(), autoescape=True)


def _occasion_of(session: Session, signup_id: int) -> Occasion:
    call_id = session.connection().execute(select(SIGNUP.c.call_id).where(SIGNUP.c.id == signup_id)).scalar()
    if call_id is None:
        raise Gone
    return occasions.get_occasion(session, call_id)


def _has_checkin(session: Session, occasion: Occasion) -> bool:
    visit = checkin.vouch_for(session, activity_id=occasion.activity_id, at=occasion.starts_at)
    return not isinstance(visit, NothingOpen)
