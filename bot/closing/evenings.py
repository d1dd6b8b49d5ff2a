"""The close of day by the clock: planned for every cohort, taken when due, or recorded as skipped when too late."""

from datetime import datetime, time, timedelta

from msgspec import Struct
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.audit import service as audit
from bot.closing import rules
from bot.closing.days import DayReview, review_day
from bot.errors import Gone
from bot.people import access
from bot.people import service as people
from bot.people.models import Cohort
from bot.people.service import Speaker
from bot.recurrence import service as recurrence
from bot.recurrence.models import Outcome, Recurrence
from bot.recurrence.service import Plan

CLOSING = "closing"
"""The kind of the recurrence."""
A_DAY = timedelta(days=1)
TOO_LATE = "too_late"
MOST = 20


class Hour(Struct, frozen=True):
    """At which local hour a cohort's day is closed."""

    cohort_id: int
    cohort_name: str
    at: time


def unplanned(session: Session, now: datetime) -> list[int]:
    """The cohorts whose close of day is not set up as their dates and zone want it."""
    cohorts = session.exec(find(Cohort).where(col(Cohort.ends_on) >= (now - A_DAY).date())).all()
    rows = session.exec(find(Recurrence).where(Recurrence.kind == CLOSING)).all()
    known = {row.cohort_id: (row.time_zone, row.until) for row in rows}
    return [one.id or 0 for one in cohorts if known.get(one.id or 0) != (one.time_zone, one.ends_on)]


def plan(session: Session, cohort_id: int, now: datetime) -> None:
    """Set up a cohort's close of day, or bring it into line; the hour stays as it was chosen."""
    known = recurrence.find_recurrence(session, cohort_id, CLOSING)
    _plan(session, people.get_cohort(session, cohort_id), known.at if known else rules.USUAL_HOUR, now)


def is_due(session: Session, now: datetime) -> bool:
    """Whether any cohort's day is to be closed."""
    return recurrence.is_due(session, CLOSING, now)


def take_due(session: Session, now: datetime, limit: int = MOST) -> list[DayReview]:
    """Settle the days that are due, and return those that are to be told of."""
    found = (_take(session, one, now) for one in recurrence.due(session, CLOSING, now, limit))
    return [review for review in found if review is not None]


def hour_of(session: Session, *, speaker: Speaker | None, cohort_id: int) -> Hour:
    """At which hour a cohort's day is closed.

    Raises:
        Gone: there is no such cohort.
        NotAllowed: the speaker does not coordinate it.
    """
    cohort = people.get_cohort(session, cohort_id)
    access.require_coordinator(session, speaker, cohort_id)
    known = recurrence.find_recurrence(session, cohort_id, CLOSING)
    return Hour(cohort_id, cohort.name, known.at if known else rules.USUAL_HOUR)


def change_hour(session: Session, *, speaker: Speaker | None, cohort_id: int, at: time, now: datetime) -> Hour:
    """Close the day at another of the hours that are offered.

    Raises:
        Gone: there is no such cohort, or the hour is not offered.
        NotAllowed: the speaker does not coordinate it.
    """
    before = hour_of(session, speaker=speaker, cohort_id=cohort_id)
    coordinator = access.require_coordinator(session, speaker, cohort_id)
    if at not in rules.OFFERED_HOURS:
        raise Gone
    if at != before.at:
        _plan(session, people.get_cohort(session, cohort_id), at, now)
        audit.record(
            session,
            audit.entry(
                actor=coordinator.actor,
                now=now,
                action="change",
                subject="closing_hour",
                cohort_id=cohort_id,
                before=f"{before.at:%H:%M}",
                after=f"{at:%H:%M}",
            ),
        )
    return Hour(cohort_id, before.cohort_name, at)


def _plan(session: Session, cohort: Cohort, at: time, now: datetime) -> None:
    recurrence.ensure(
        session,
        Plan(
            cohort_id=cohort.id or 0,
            kind=CLOSING,
            at=at,
            time_zone=cohort.time_zone,
            starts_on=cohort.starts_on,
            until=cohort.ends_on,
        ),
        now,
    )


def _take(session: Session, row: Recurrence, now: datetime) -> DayReview | None:
    following = recurrence.following(row)
    next_is_due = following is not None and following.at <= now
    on = row.next_on
    if not rules.may_be_sent(row.due_at or now, now, next_is_due=next_is_due):
        recurrence.settle(session, row, Outcome.SKIPPED, now, TOO_LATE)
        return None
    review = review_day(session, row.cohort_id, on, now)
    has_something = bool(review.activities) or not review.is_clear
    recurrence.settle(session, row, Outcome.FIRED if has_something else Outcome.NOTHING_TO_SAY, now)
    return review if has_something else None
