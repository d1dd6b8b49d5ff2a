"""Giving back hours that were made up. Each cause gives back once, and never more than was missed."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import select
from sqlmodel import Session

from bot.audit import service as audit
from bot.errors import Refusal
from bot.hours.models import HoursReturn
from bot.hours.viewing import account_of
from bot.people.service import Speaker

RETURN = HoursReturn.__table__  # type: ignore[attr-defined]
LONGEST_SOURCE = 200


class NothingMissed(Refusal):
    """There is nothing left to make up of this activity."""


class Returned(Struct, frozen=True):
    """How many minutes came back; ``news`` is false where the same cause had given them back before."""

    minutes: int
    news: bool


def return_hours(
    session: Session,
    *,
    cohort_id: int,
    person_id: int,
    activity_id: int,
    minutes: int,
    source: str,
    cause: str,
    speaker: Speaker,
    now: datetime,
) -> Returned:
    """Give back up to so many minutes of a missed activity; the caller has checked who may.

    ``source`` is what the ledger shows, in the words of whoever offered it; ``cause`` names it once, ``makeup:3``.

    Raises:
        Gone: there is no such trainee.
        NothingMissed: nothing of the activity is missed, or everything has been made up.
    """
    known = session.connection().execute(select(RETURN.c.minutes).where(RETURN.c.cause == cause)).scalar()
    if known is not None:
        return Returned(known, news=False)
    entry = account_of(session, cohort_id, person_id, now).ledger.entry(activity_id)
    back = min(minutes, entry.missed) if entry is not None else 0
    if back <= 0:
        raise NothingMissed
    values = {
        "cohort_id": cohort_id,
        "person_id": person_id,
        "activity_id": activity_id,
        "minutes": back,
        "source": source[:LONGEST_SOURCE],
        "cause": cause,
        "given_by": speaker.person_id,
        "given_at": now,
    }
    session.connection().execute(RETURN.insert(), values)
    audit.record(session, _line(values, entry.made_up if entry else 0, speaker))
    return Returned(back, news=True)


def _line(values: dict[str, Any], made_up: int, speaker: Speaker) -> dict[str, Any]:
    """The line of the change log about what is given back; ``made_up`` are the minutes so far."""
    return audit.entry(
        actor=speaker.actor,
        now=values["given_at"],
        action="return",
        subject="hours",
        subject_id=values["activity_id"],
        cohort_id=values["cohort_id"],
        person_id=values["person_id"],
        before={"made_up": made_up},
        after={"made_up": made_up + values["minutes"], "cause": values["cause"]},
        reason=values["source"],
    )
