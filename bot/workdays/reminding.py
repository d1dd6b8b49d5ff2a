"""Who must hear that a year's table of holidays is missing, and when. Reads, never writes."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.people import service as people
from bot.people.models import Cohort, Role
from bot.people.service import Reader
from bot.workdays import service

FROM, UNTIL = time(9), time(18)
"""In the local day of the camp whose coordinators are told."""


class Reminder(Struct, frozen=True):
    """Everybody who is told of a missing year; ``month`` is that of telling."""

    year: int
    month: str
    readers: tuple[Reader, ...]


def missing_now(session: Session, now: datetime) -> bool:
    """Whether any camp's present day misses a table: a cheap look before anybody is told."""
    return any(service.missing(session, people.local_day(cohort, now)) for cohort in _camps(session, now))


def reminders(session: Session, now: datetime) -> list[Reminder]:
    """What is to be told now, camp by camp; somebody with several camps is named in each."""
    told = []
    for cohort in _camps(session, now):
        local = now.astimezone(ZoneInfo(cohort.time_zone))
        year = service.missing(session, local.date())
        if year is not None and FROM <= local.time() < UNTIL:
            readers = people.readers(session, cohort.id or 0, Role.COORDINATOR)
            told.append(Reminder(year, f"{local:%Y-%m}", tuple(readers)))
    return told


def _camps(session: Session, now: datetime) -> Sequence[Cohort]:
    """The camps that are not over, wherever they are: who has none plans none."""
    return session.exec(find(Cohort).where(col(Cohort.ends_on) >= now.date()).order_by(col(Cohort.id))).all()
