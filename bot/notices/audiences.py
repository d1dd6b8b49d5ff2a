"""Whom a notice is for: criteria that are kept with it as data and resolved to people when it starts. Writes nothing.

Criteria of one kind widen the audience (group 1 or group 2), criteria of different kinds narrow it (group 1, and not
yet checked in). Without any, it is every trainee of the cohort.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import not_, select
from sqlmodel import Session

from bot.changes import reading as changes
from bot.checkin import service as checkin
from bot.forum import service as forum
from bot.hours import service as hours
from bot.hours.rules import Level
from bot.notices.models import Notice, Recipient, State
from bot.notices.tally import HAS_SEEN
from bot.people.models import Cohort, Membership, Person, Role
from bot.timetable import service as timetable

PERSON, MEMBERSHIP, COHORT = Person.__table__, Membership.__table__, Cohort.__table__  # type: ignore[attr-defined]
RECIPIENT, NOTICE = Recipient.__table__, Notice.__table__  # type: ignore[attr-defined]

HALF = "half"
Criterion = tuple[str, str]
"""A kind such as ``group``, and what it is about: a name, or the number of an activity or a notice as text."""


class Listener(Struct, frozen=True):
    """Somebody the notice is for; without a Telegram account only the phone is left."""

    person_id: int
    name: str
    phone: str | None
    unit: str
    group: str
    language: str
    telegram_id: int | None
    is_unreachable: bool


class Audience(Struct, frozen=True):
    """Everybody whom the criteria find, in the order of the roster."""

    people: Sequence[Listener]

    @property
    def reached(self) -> list[Listener]:
        """Those to whom the bot can write."""
        return [one for one in self.people if one.telegram_id is not None and not one.is_unreachable]

    @property
    def unreached(self) -> list[Listener]:
        """Those who must be called: not linked, or they have blocked the bot."""
        return [one for one in self.people if one.telegram_id is None or one.is_unreachable]


def read_criteria(notice: Notice) -> list[Criterion]:
    """The criteria of a notice."""
    return [(str(kind), str(about)) for kind, about in json.loads(notice.audience)]


def toggled(criteria: Iterable[Criterion], one: Criterion) -> list[Criterion]:
    """The criteria with this one added, or taken away where it was there."""
    kept = [criterion for criterion in criteria if criterion != one]
    return kept if len(kept) < len(list(criteria)) else [*kept, one]


def find_audience(session: Session, cohort_id: int, criteria: Sequence[Criterion], now: datetime) -> Audience:
    """Everybody whom the criteria find now."""
    roles = [about for kind, about in criteria if kind == "role"] or [Role.TRAINEE]
    people = _members(session, cohort_id, roles)
    for kind in dict.fromkeys(kind for kind, _ in criteria if kind != "role"):
        abouts = [about for other, about in criteria if other == kind]
        wanted = _WANTED[kind](session, cohort_id, abouts, now) if kind in _WANTED else frozenset()
        people = [one for one in people if _matches(one, kind, abouts) or one.person_id in wanted]
    return Audience(people)


def find_listeners(session: Session, cohort_id: int, person_ids: Sequence[int]) -> list[Listener]:
    """These people of the cohort, whatever they are there."""
    return _members(session, cohort_id, list(Role), person_ids)


def _matches(one: Listener, kind: str, abouts: Sequence[str]) -> bool:
    if kind == "group":
        return one.group in abouts
    if kind == "unit":
        return one.unit in abouts
    return kind == "unlinked" and (one.telegram_id is None or one.is_unreachable)


def _members(
    session: Session, cohort_id: int, roles: Sequence[str], only: Sequence[int] | None = None
) -> list[Listener]:
    query = (
        select(
            PERSON.c.id,
            PERSON.c.name,
            PERSON.c.phone,
            PERSON.c.unit,
            MEMBERSHIP.c.group_name,
            PERSON.c.language,
            COHORT.c.language.label("usual"),
            PERSON.c.telegram_id,
            PERSON.c.unreachable_at,
        )
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .join(COHORT, COHORT.c.id == MEMBERSHIP.c.cohort_id)
        .where(MEMBERSHIP.c.cohort_id == cohort_id, MEMBERSHIP.c.role.in_(roles), MEMBERSHIP.c.left_at.is_(None))
        .order_by(MEMBERSHIP.c.id)
    )
    query = query if only is None else query.where(PERSON.c.id.in_(only))
    found = {row.id: _listener(row) for row in session.connection().execute(query)}
    return list(found.values())


def _listener(row: Any) -> Listener:
    return Listener(
        row.id,
        row.name,
        row.phone,
        row.unit or "",
        row.group_name or "",
        row.language or row.usual,
        row.telegram_id,
        row.unreachable_at is not None,
    )


Find = Callable[[Session, int, Sequence[str], datetime], frozenset[int]]


def _not_checked_in(session: Session, cohort_id: int, abouts: Sequence[str], now: datetime) -> frozenset[int]:
    """Those whom the board of one of these activities of this cohort has as missing."""
    own = [number for number in _numbers(abouts) if timetable.get_activity(session, number).cohort_id == cohort_id]
    boards = [checkin.read_board(session, activity_id=number) for number in own]
    return frozenset(one.person_id for board in boards for one in board.missing)


def _not_seen(session: Session, cohort_id: int, abouts: Sequence[str], now: datetime) -> frozenset[int]:
    return _of_notices(session, cohort_id, abouts, not_(HAS_SEEN), RECIPIENT.c.answered_at.is_(None))


def _not_answered(session: Session, cohort_id: int, abouts: Sequence[str], now: datetime) -> frozenset[int]:
    return _of_notices(session, cohort_id, abouts, RECIPIENT.c.answered_at.is_(None))


def _of_notices(session: Session, cohort_id: int, abouts: Sequence[str], *conditions: Any) -> frozenset[int]:
    query = (
        select(RECIPIENT.c.person_id)
        .join(NOTICE, NOTICE.c.id == RECIPIENT.c.notice_id)
        .where(
            RECIPIENT.c.notice_id.in_(_numbers(abouts)),
            NOTICE.c.cohort_id == cohort_id,
            RECIPIENT.c.state.in_((State.SENT, State.UNKNOWN)),
            *conditions,
        )
    )
    return frozenset(session.connection().execute(query).scalars())


def _numbers(abouts: Sequence[str]) -> list[int]:
    return [int(about) for about in abouts if about.isdecimal()]


def _low_on_leave(session: Session, cohort_id: int, abouts: Sequence[str], now: datetime) -> frozenset[int]:
    """Those who have used half of what they may miss, or more."""
    ledgers = hours.ledgers_of(session, cohort_id, now)
    return frozenset(person_id for person_id, (_, ledger) in ledgers.items() if ledger.level is not Level.FINE)


def _change_not_seen(session: Session, cohort_id: int, abouts: Sequence[str], now: datetime) -> frozenset[int]:
    return changes.unseen(session, cohort_id, _numbers(abouts))


def _signed_up(session: Session, cohort_id: int, abouts: Sequence[str], now: datetime) -> frozenset[int]:
    """Those whose sign-up to one of these forums of this cohort stands."""
    own = {call.id or 0 for call in forum.calls_of(session, cohort_id)}
    return forum.signed_up(session, own & set(_numbers(abouts)))


_WANTED: Mapping[str, Find] = {
    "absent": _not_checked_in,
    "unseen": _not_seen,
    "unanswered": _not_answered,
    "budget": _low_on_leave,
    "change": _change_not_seen,
    "forum": _signed_up,
}
