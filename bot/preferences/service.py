"""What a person wants to be told: asked by every push, changed by the person alone. The only writer of these tables.

A pause is narrow or wide: one topic today, in one camp, or in all until resumed; the last choice counts. A change of
room or hour does not ask here whether it may come, only whether it should make a sound.
"""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, delete, or_, select
from sqlmodel import Session

from bot.errors import Refusal
from bot.people import access
from bot.people import service as people
from bot.preferences.models import Pause, Preference, Topic
from bot.preferences.rules import BEFORE_MOST, QuietHours
from bot.preferences.rules import quiet_until as rule_quiet_until
from bot.recurrence.rules import first_instant

__all__ = ["QuietHours", "Span", "Topic"]

PAUSE = Pause.__table__  # type: ignore[attr-defined]
PREFERENCE = Preference.__table__  # type: ignore[attr-defined]
EVERYWHERE = 0
"""The cohort of a pause that holds in all."""


class NotYourCamp(Refusal):
    """You are not in this camp, so nothing of it comes to you."""


class Span(StrEnum):
    """For how long something is paused."""

    TODAY = "today"
    CAMP = "camp"
    UNTIL_RESUMED = "until_resumed"


class Paused(Struct, frozen=True):
    """What was paused, for how long; ``until`` only for the rest of a local day."""

    topic: Topic
    span: Span
    until: datetime | None = None


class Choices(Struct, frozen=True):
    """What a person chose, for one camp: which topics are paused, quiet hours, sound, the lead of reminders."""

    paused: tuple[Paused, ...] = ()
    quiet: QuietHours | None = None
    is_silent: bool = False
    before: int | None = None

    def pause_of(self, topic: Topic) -> Paused | None:
        """How that topic is paused, if it is."""
        return next((one for one in self.paused if one.topic == topic), None)


def pause(session: Session, *, person_id: int, cohort_id: int, topic: Topic, span: Span, now: datetime) -> Paused:
    """Spare the person a topic for the rest of the cohort's local day, in this camp, or everywhere until resumed.

    Raises:
        Gone: there is no such camp.
        NotYourCamp: the person is not in it.
    """
    zone = require_member(session, person_id=person_id, cohort_id=cohort_id)
    until = _midnight(now, zone) if span is Span.TODAY else None
    _clear(session, person_id, cohort_id, topic)
    where = EVERYWHERE if span is Span.UNTIL_RESUMED else cohort_id
    row = {"person_id": person_id, "cohort_id": where, "topic": topic, "until": until, "since": now}
    session.connection().execute(PAUSE.insert(), row)
    return Paused(topic, span, until)


def resume(session: Session, *, person_id: int, cohort_id: int, topic: Topic, now: datetime) -> bool:
    """Let a topic come again, in this camp and wherever it was paused for all; whether it had been paused.

    Raises:
        Gone: there is no such camp.
        NotYourCamp: the person is not in it.
    """
    require_member(session, person_id=person_id, cohort_id=cohort_id)
    was_paused = is_paused(session, person_id=person_id, cohort_id=cohort_id, topic=topic, now=now)
    _clear(session, person_id, cohort_id, topic)
    return was_paused


def is_paused(session: Session, *, person_id: int, cohort_id: int, topic: Topic, now: datetime) -> bool:
    """Whether the person wants to be spared the topic in this camp now."""
    query = paused(cohort_id, topic, now).where(PAUSE.c.person_id == person_id).limit(1)
    return session.connection().execute(query).first() is not None


def paused(cohort_id: int, topic: Topic, now: datetime) -> Select[Any]:
    """The ids of everybody who wants to be spared the topic in this camp now, as a query to exclude them by."""
    return select(PAUSE.c.person_id).where(PAUSE.c.topic == topic, _holds(cohort_id, now))


def quiet_until(session: Session, *, person_id: int, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the person's quiet hours end, where ``now`` lies in them; ``None`` where a push may come."""
    return rule_quiet_until(stored_choices(session, person_id).quiet, zone, now)


def quiet_hours_in(session: Session, cohort_id: int) -> dict[int, QuietHours]:
    """The quiet hours of everybody in a cohort who has any, by person."""
    members = people.MEMBERSHIP
    query = (
        select(PREFERENCE.c.person_id, PREFERENCE.c.quiet_from, PREFERENCE.c.quiet_until)
        .join(members, members.c.person_id == PREFERENCE.c.person_id)
        .where(members.c.cohort_id == cohort_id, members.c.left_at.is_(None), PREFERENCE.c.quiet_from.is_not(None))
    )
    rows = session.connection().execute(query)
    return {row.person_id: QuietHours(row.quiet_from, row.quiet_until) for row in rows}


def is_silent(session: Session, person_id: int) -> bool:
    """Whether the person wants every push without a sound."""
    return stored_choices(session, person_id).is_silent


def choices_of(session: Session, *, person_id: int, cohort_id: int, now: datetime) -> Choices:
    """Everything the person chose that holds in this camp now.

    Raises:
        Gone: there is no such camp.
        NotYourCamp: the person is not in it.
    """
    require_member(session, person_id=person_id, cohort_id=cohort_id)
    stored = stored_choices(session, person_id)
    query = select(PAUSE.c.topic, PAUSE.c.cohort_id, PAUSE.c.until).where(
        PAUSE.c.person_id == person_id, _holds(cohort_id, now)
    )
    rows = session.connection().execute(query.order_by(PAUSE.c.id))
    found = tuple(Paused(Topic(row.topic), _span(row), row.until) for row in rows)
    return Choices(found, stored.quiet, stored.is_silent, stored.before)


def set_silent(session: Session, *, person_id: int, is_silent: bool) -> None:
    """Let every push come with or without a sound."""
    _store(session, person_id, is_silent=is_silent)


def set_quiet_hours(session: Session, *, person_id: int, hours: QuietHours | None) -> None:
    """Let no push come in these hours; ``None`` for no quiet hours."""
    _store(session, person_id, quiet_from=hours and hours.starts, quiet_until=hours and hours.ends)


def set_before(session: Session, *, person_id: int, minutes: int | None) -> None:
    """How long before an activity the person wants to be reminded; ``None`` for as the camp has it.

    Raises:
        ValueError: not between 1 and 240 minutes.
    """
    if minutes is not None and not 1 <= minutes <= BEFORE_MOST:
        raise ValueError(minutes)
    _store(session, person_id, before=minutes)


def require_member(session: Session, *, person_id: int, cohort_id: int) -> ZoneInfo:
    """Let only somebody of the camp pass; the camp's zone.

    Raises:
        Gone: there is no such camp.
        NotYourCamp: the person is not in it.
    """
    cohort = people.get_cohort(session, cohort_id)
    if not access.roles_in(session, person_id, cohort_id):
        raise NotYourCamp
    return ZoneInfo(cohort.time_zone)


def _midnight(now: datetime, zone: ZoneInfo) -> datetime:
    return first_instant(now.astimezone(zone).date() + timedelta(days=1), time(0), zone)


def _clear(session: Session, person_id: int, cohort_id: int, topic: Topic) -> None:
    here = PAUSE.c.cohort_id.in_((EVERYWHERE, cohort_id))
    session.connection().execute(delete(PAUSE).where(PAUSE.c.person_id == person_id, PAUSE.c.topic == topic, here))


def _holds(cohort_id: int, now: datetime) -> ColumnElement[bool]:
    return and_(PAUSE.c.cohort_id.in_((EVERYWHERE, cohort_id)), or_(PAUSE.c.until.is_(None), PAUSE.c.until > now))


def _span(row: Any) -> Span:
    if row.until is not None:
        return Span.TODAY
    return Span.UNTIL_RESUMED if row.cohort_id == EVERYWHERE else Span.CAMP


def stored_choices(session: Session, person_id: int) -> Choices:
    """What the person chose for all camps, without pauses."""
    row = session.connection().execute(select(PREFERENCE).where(PREFERENCE.c.person_id == person_id)).first()
    if row is None:
        return Choices()
    quiet = None if row.quiet_from is None else QuietHours(row.quiet_from, row.quiet_until)
    return Choices((), quiet, row.is_silent, row.before)


def _store(session: Session, person_id: int, **values: Any) -> None:
    preference = session.get(Preference, person_id) or Preference(person_id=person_id)
    for name, value in values.items():
        setattr(preference, name, value)
    session.add(preference)
    session.flush()
