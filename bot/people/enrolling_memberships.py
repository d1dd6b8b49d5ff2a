"""Writing memberships for a roster: joining, coming back, moving, leading, leaving. Never removes a row.

Whatever changes somebody's group tells ``groups`` first, which keeps the past.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, insert, select, update
from sqlmodel import Session

from bot.ids import PersonId
from bot.people import groups, service
from bot.people.groups import Move
from bot.people.models import Cohort, Role
from bot.people.roster_diff import Match
from bot.people.roster_shapes import Field, RosterEntry
from bot.people.service import MEMBERSHIP

CHUNK = 500
T = TypeVar("T")


def enrol(
    session: Session,
    cohort: Cohort,
    pairs: Sequence[tuple[PersonId, RosterEntry]],
    now: datetime,
    role: Role = Role.TRAINEE,
) -> None:
    """Give everybody the role, with the group and the post of their row; whoever had left is back."""
    query = select(MEMBERSHIP.c.person_id, MEMBERSHIP.c.group_name).where(
        MEMBERSHIP.c.cohort_id == cohort.id, MEMBERSHIP.c.role == role
    )
    before = {row.person_id: row.group_name or "" for row in session.connection().execute(query)}
    rows = [_row(cohort, person_id, entry, role, now) for person_id, entry in pairs if person_id not in before]
    if rows:
        session.connection().execute(insert(MEMBERSHIP), rows)
    back = [(person_id, entry) for person_id, entry in pairs if person_id in before]
    if role is Role.TRAINEE:
        moves = [Move(person_id, before[person_id], entry.group or "") for person_id, entry in back]
        groups.note_moves(session, cohort.id or 0, moves, service.local_day(cohort, now))
    for person_id, entry in back:
        values = {"group_name": entry.group, "post": entry.post, "left_at": None}
        session.connection().execute(update(MEMBERSHIP).where(*of(cohort, person_id, role)).values(**values))


def _row(cohort: Cohort, person_id: PersonId, entry: RosterEntry, role: Role, now: datetime) -> dict[str, Any]:
    return {
        "cohort_id": cohort.id,
        "person_id": person_id,
        "role": role,
        "group_name": entry.group,
        "post": entry.post,
        "joined_at": now,
    }


def move(session: Session, cohort: Cohort, matches: Sequence[Match], now: datetime) -> None:
    """Change groups and posts; the old groups are kept for the days before."""
    moves = [
        Move(match.person.person_id, change.before or "", change.after or "")
        for match in matches
        for change in match.changes
        if change.field is Field.GROUP
    ]
    groups.note_moves(session, cohort.id or 0, moves, service.local_day(cohort, now))
    columns = {Field.GROUP: "group_name", Field.POST: "post"}
    for match in matches:
        values = {columns[change.field]: change.after for change in match.changes if change.field in columns}
        if values:
            mine = of(cohort, match.person.person_id, Role.TRAINEE)
            session.connection().execute(update(MEMBERSHIP).where(*mine).values(**values))


def depart(
    session: Session, cohort: Cohort, person_ids: Sequence[PersonId], roles: Sequence[Role], now: datetime
) -> None:
    """Let people go from these roles; their rows stay."""
    for ids in chunks(person_ids):
        session.connection().execute(
            update(MEMBERSHIP)
            .where(
                MEMBERSHIP.c.cohort_id == cohort.id,
                MEMBERSHIP.c.person_id.in_(ids),
                MEMBERSHIP.c.role.in_(roles),
                MEMBERSHIP.c.left_at.is_(None),
            )
            .values(left_at=now)
        )


def active(cohort: Cohort, role: Role) -> tuple[ColumnElement[bool], ...]:
    """Everybody who now has the role."""
    return MEMBERSHIP.c.cohort_id == cohort.id, MEMBERSHIP.c.role == role, MEMBERSHIP.c.left_at.is_(None)


def of(cohort: Cohort, person_id: PersonId, role: Role) -> tuple[ColumnElement[bool], ...]:
    """One membership, whether or not it has ended."""
    return (MEMBERSHIP.c.cohort_id == cohort.id, MEMBERSHIP.c.person_id == person_id, MEMBERSHIP.c.role == role)


def chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """Cut a long list into stretches that fit one statement."""
    left = iter(items)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
