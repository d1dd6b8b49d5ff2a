"""Who may sign up to a call, and who is told of it. Reads only."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from bot.forum.models import Audience
from bot.forum.views import CallView
from bot.outbox.copies import Chats
from bot.people.models import Role
from bot.people.service import MEMBERSHIP, PERSON
from bot.preferences import audience as preferences
from bot.preferences.audience import Manner, Wanted
from bot.preferences.service import Topic

ROLES = (Role.TRAINEE, Role.GROUP_LEADER)
EVERYBODY = 1_000_000


def units_of(session: Session, cohort_id: int) -> Sequence[str]:
    """The units of a cohort's trainees, in order."""
    query = (
        select(PERSON.c.unit)
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .where(*_members(cohort_id), PERSON.c.unit.is_not(None), PERSON.c.unit != "")
    )
    return session.connection().execute(query.distinct().order_by(PERSON.c.unit)).scalars().all()


def is_meant(session: Session, call: CallView, person_id: int) -> bool:
    """Whether a person may sign up because of the roster; whoever comes by the link is another matter."""
    query = select(PERSON.c.unit).join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
    found = session.connection().execute(query.where(*_members(call.cohort_id), PERSON.c.id == person_id)).all()
    if call.audience is Audience.UNITS:
        return any(row.unit in call.units for row in found)
    return bool(found)


def count(session: Session, call: CallView) -> int:
    """How many of the roster a call is meant for and can be told in chat."""
    query = (
        select(func.count(PERSON.c.id.distinct()))
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .where(*_members(call.cohort_id), PERSON.c.telegram_id.is_not(None), PERSON.c.unreachable_at.is_(None))
    )
    if call.audience is Audience.UNITS:
        query = query.where(PERSON.c.unit.in_(call.units))
    return session.connection().execute(query).scalar_one()


def told(session: Session, call: CallView, now: datetime) -> Mapping[Manner, Chats]:
    """The chats of those who are told that a call is open, by the manner in which they want it."""
    wanted = Wanted(call.cohort_id, Topic.NOTICE)
    found = preferences.find_audience(session, wanted, now, limit=EVERYBODY).chats
    if call.audience is not Audience.UNITS:
        return found
    meant = _of_units(session, call)
    return {manner: {one: chat for one, chat in chats.items() if one in meant} for manner, chats in found.items()}


def _of_units(session: Session, call: CallView) -> set[int]:
    query = select(PERSON.c.id).join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
    units = PERSON.c.unit.in_(call.units)
    return set(session.connection().execute(query.where(*_members(call.cohort_id), units)).scalars())


def _members(cohort_id: int) -> tuple[Any, ...]:
    return MEMBERSHIP.c.cohort_id == cohort_id, MEMBERSHIP.c.role.in_(ROLES), MEMBERSHIP.c.left_at.is_(None)
