"""Reading the change log: newest first and by the page, or all of a cohort in the order of time. Knows no names."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, and_, or_, select
from sqlmodel import Session

from bot.audit.models import Change
from bot.database import insert_deferred

TABLE = Change.__table__  # type: ignore[attr-defined]
AT_A_TIME = 500
ABOUT_ACTIVITY = (
    "attendance",
    "checkin",
    "appeal",
    "excuse",
    "hours",
    "headcount",
    "head_count",
    "walk_in",
    "activity",
)
"""The subjects whose number is that of an activity."""


class Line(Struct, frozen=True):
    """One line of the log. Without ``actor_id`` a named part of the machine acted, such as ``schedule``."""

    id: int
    at: datetime
    actor_id: int | None
    actor: str
    cohort_id: int | None
    person_id: int | None
    action: str
    subject: str
    subject_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str

    @property
    def activity_id(self) -> int | None:
        """The activity that the line is about, where it is about one."""
        return self.subject_id if self.subject in ABOUT_ACTIVITY and self.subject_id else None


def about_person(cohort_id: int, person_id: int) -> Select[Any]:
    """What was changed about a person in a cohort, or without any."""
    here = or_(TABLE.c.cohort_id == cohort_id, TABLE.c.cohort_id.is_(None))
    return select(TABLE).where(TABLE.c.person_id == person_id, here)


def about_activity(cohort_id: int, activity_id: int) -> Select[Any]:
    """What was changed about an activity and its attendance."""
    here = and_(TABLE.c.subject.in_(ABOUT_ACTIVITY), TABLE.c.subject_id == activity_id)
    return select(TABLE).where(here, TABLE.c.cohort_id == cohort_id)


def of_cohort(cohort_id: int) -> Select[Any]:
    """Everything that was changed in a cohort."""
    return select(TABLE).where(TABLE.c.cohort_id == cohort_id)


def page(session: Session, query: Select[Any], number: int, size: int) -> tuple[Sequence[Line], bool]:
    """A page of lines, the newest first, counted from 0; and whether older ones follow."""
    insert_deferred(session)
    stretch = query.order_by(TABLE.c.id.desc()).limit(size + 1).offset(number * size)
    rows = session.connection().execute(stretch).all()
    return [_line(row) for row in rows[:size]], len(rows) > size


def stream(session: Session, query: Select[Any]) -> Iterator[Line]:
    """All lines in the order of time, never all in memory; the session must live as long as the iterator is used."""
    insert_deferred(session)
    rows = session.connection().execute(query.order_by(TABLE.c.id), execution_options={"yield_per": AT_A_TIME})
    return (_line(row) for row in rows)


def _line(row: Any) -> Line:
    return Line(
        row.id,
        row.at,
        row.actor_id,
        row.actor,
        row.cohort_id,
        row.person_id,
        row.action,
        row.subject,
        row.subject_id,
        _read(row.before),
        _read(row.after),
        row.reason,
    )


def _read(text: str | None) -> Mapping[str, Any]:
    value = json.loads(text) if text else {}
    return value if isinstance(value, dict) else {"value": value}
