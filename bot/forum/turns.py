"""The ledger of turns: who has spoken, over all cohorts of the organisation. Only ever added to; no ranking of people.

A talk that has happened is written down by ``record``; the draw asks ``earlier`` how often an entrant and the others of
the same unit have spoken in the last two years.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, func, select
from sqlmodel import Session

from bot.database import insert_missing
from bot.forum import hat, pools
from bot.forum.hat import Entry
from bot.forum.models import TurnTaken
from bot.forum.pools import CALL, SIGNUP
from bot.guests import service as guests
from bot.guests.models import Guest
from bot.people import access
from bot.people import service as people
from bot.people.models import Cohort
from bot.people.service import PERSON, Speaker

TURN = TurnTaken.__table__  # type: ignore[attr-defined]
GUEST = Guest.__table__  # type: ignore[attr-defined]
COHORT = Cohort.__table__  # type: ignore[attr-defined]
YEARS = 2
"""Older turns no longer count, so that a large unit is not at a disadvantage for ever."""


class Turn(Struct, frozen=True):
    """One line of the ledger. ``name`` is empty for a guest who has been forgotten."""

    name: str
    unit: str
    spoke_on: date
    title: str
    cohort: str


def record(session: Session, *, signup_id: int, on: date) -> bool:
    """Write down that the talk of this sign-up has happened on a local day; whether it was not there yet.

    Raises:
        Gone: there is no such sign-up.
    """
    row = pools.get_signup(session, signup_id)
    cohort = people.get_cohort(session, pools.get_call(session, row.call_id).cohort_id)
    turn = {
        "organisation_id": cohort.organisation_id,
        "call_id": row.call_id,
        "signup_id": signup_id,
        "person_id": row.person_id,
        "unit": units_of(session, [row])[0],
        "spoke_on": on,
    }
    return insert_missing(session, TURN, [turn]) > 0


def units_of(session: Session, rows: Sequence[Any]) -> list[str]:
    """The unit of whoever signed up, for each row, without stray blanks; empty where none is known."""
    found = guests.parties(
        session, person_ids=[row.person_id for row in rows], guest_ids=[row.guest_id for row in rows]
    )
    known = [found.of(row.person_id, row.guest_id) for row in rows]
    return [" ".join(party.unit.split()) if party else "" for party in known]


def earlier(session: Session, call_id: int, rows: Sequence[Any], on: date) -> list[Entry]:
    """The sign-ups as entries of a draw, with what they and their units have spoken in the two years before ``on``."""
    cohort = people.get_cohort(session, pools.get_call(session, call_id).cohort_id)
    since = _years_before(on)
    units = _by_unit(session, cohort.organisation_id, since)
    own = _by_signup(session, cohort.organisation_id, since, rows)
    named = zip(rows, units_of(session, rows), strict=True)
    return [hat.weigh(own, units, row.id, unit) for row, unit in named]


def ledger(session: Session, *, speaker: Speaker | None, cohort_id: int, now: datetime) -> list[Turn]:
    """Who of the organisation has spoken in the last two years, unit by unit, the newest first in each.

    Raises:
        NotAllowed: the speaker neither coordinates nor audits this cohort.
    """
    access.require_reader(session, speaker, cohort_id)
    cohort = people.get_cohort(session, cohort_id)
    since = _years_before(people.local_day(cohort, now))
    rows = session.connection().execute(_ledger(cohort.organisation_id, since)).all()
    return [Turn(row.person or row.guest or "", row.unit, row.spoke_on, row.title, row.cohort) for row in rows]


def _ledger(organisation_id: int, since: date) -> Any:
    return (
        select(
            TURN.c.unit,
            TURN.c.spoke_on,
            PERSON.c.name.label("person"),
            GUEST.c.name.label("guest"),
            SIGNUP.c.title,
            COHORT.c.name.label("cohort"),
        )
        .join(SIGNUP, SIGNUP.c.id == TURN.c.signup_id)
        .join(CALL, CALL.c.id == TURN.c.call_id)
        .join(COHORT, COHORT.c.id == CALL.c.cohort_id)
        .outerjoin(PERSON, PERSON.c.id == SIGNUP.c.person_id)
        .outerjoin(GUEST, GUEST.c.id == SIGNUP.c.guest_id)
        .where(_since(organisation_id, since))
        .order_by(TURN.c.unit, TURN.c.spoke_on.desc(), TURN.c.id)
    )


def _by_unit(session: Session, organisation_id: int, since: date) -> Counter[str]:
    query = select(TURN.c.unit, func.count().label("turns")).where(_since(organisation_id, since))
    rows = session.connection().execute(query.group_by(TURN.c.unit))
    return Counter({row.unit: row.turns for row in rows})


def _by_signup(session: Session, organisation_id: int, since: date, rows: Iterable[Any]) -> Counter[int]:
    """How often whoever stands behind each sign-up has spoken."""
    query = (
        select(SIGNUP.c.person_id, SIGNUP.c.guest_id, func.count().label("turns"))
        .join(SIGNUP, SIGNUP.c.id == TURN.c.signup_id)
        .where(_since(organisation_id, since))
        .group_by(SIGNUP.c.person_id, SIGNUP.c.guest_id)
    )
    spoken = {(one.person_id, one.guest_id): one.turns for one in session.connection().execute(query)}
    return Counter({row.id: spoken.get((row.person_id, row.guest_id), 0) for row in rows})


def _years_before(on: date) -> date:
    """The same day two years earlier; a leap day becomes the 28th."""
    return on.replace(year=on.year - YEARS, day=min(on.day, 28) if on.month == 2 else on.day)


def _since(organisation_id: int, since: date) -> Any:
    return and_(TURN.c.organisation_id == organisation_id, TURN.c.spoke_on >= since)
