"""Dated membership of groups: changing somebody's group from a day on, and the group that held on a day.

The membership carries the present group, for everything that is about now. The spells carry the past, for whatever
counts or lists people as of a day that is over.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, func, literal, select, update
from sqlmodel import Session

from bot.audit import service as audit
from bot.errors import Gone, Refusal
from bot.people import access, service
from bot.people.models import GroupSpell, Role
from bot.people.service import MEMBERSHIP, Speaker

SPELL = GroupSpell.__table__  # type: ignore[attr-defined]
LONGEST = 40


class NotAGroup(Refusal):
    """A group's name has 1 to 40 characters, on one line."""


class Move(Struct, frozen=True):
    """Somebody's present group before and after; empty means none."""

    person_id: int
    before: str
    after: str

    @property
    def is_news(self) -> bool:
        """Whether it changes anything."""
        return self.before != self.after


def change_group(
    session: Session, *, speaker: Speaker | None, cohort_id: int, person_id: int, group: str, now: datetime
) -> Move:
    """Put a trainee into another group (empty: into none) from the cohort's present day on.

    Whoever leads their group leads the new one from then on.

    Raises:
        NotAllowed: the speaker does not coordinate the cohort.
        Gone: the person is no trainee there.
        NotAGroup: the name is too long.
    """
    coordinator = access.require_coordinator(session, speaker, cohort_id)
    after = " ".join(group.split())
    if len(after) > LONGEST:
        raise NotAGroup
    move = Move(person_id, _present(session, cohort_id, person_id), after)
    if move.is_news:
        on = service.local_day(service.get_cohort(session, cohort_id), now)
        note_moves(session, cohort_id, [move], on)
        _write(session, cohort_id, move)
        _log(session, cohort_id, move, coordinator, now)
    return move


def note_moves(session: Session, cohort_id: int, moves: Sequence[Move], on: date) -> None:
    """Keep the past of those whose group changes on that local day. To be called before the memberships are changed."""
    news = [move for move in moves if move.is_news]
    for start in range(0, len(news), 500):
        _note(session, cohort_id, {move.person_id: move for move in news[start : start + 500]}, on)


def group_on(person_id: Any, cohort_id: Any, on: date | ColumnElement[date]) -> ColumnElement[str]:
    """The group that a person had on that local day, as an expression for a query that has the membership's row."""
    mine = select(SPELL.c.group_name).where(SPELL.c.cohort_id == cohort_id, SPELL.c.person_id == person_id)
    latest = mine.where(SPELL.c.since <= on).order_by(SPELL.c.since.desc()).limit(1).scalar_subquery()
    first = mine.order_by(SPELL.c.since).limit(1).scalar_subquery()
    return func.coalesce(latest, first, MEMBERSHIP.c.group_name, literal(""))


def spells_of(session: Session, cohort_id: int) -> Mapping[int, Sequence[tuple[date, str]]]:
    """The spells of everybody in a cohort who ever changed the group, each in the order of time."""
    query = select(SPELL.c.person_id, SPELL.c.since, SPELL.c.group_name).where(SPELL.c.cohort_id == cohort_id)
    found: dict[int, list[tuple[date, str]]] = {}
    for row in session.connection().execute(query.order_by(SPELL.c.person_id, SPELL.c.since)):
        found.setdefault(row.person_id, []).append((row.since, row.group_name))
    return found


def held_on(spells: Sequence[tuple[date, str]], present: str, on: date) -> str:
    """The group of somebody with these spells on a local day; ``present`` is the membership's."""
    past = [group for since, group in spells if since <= on]
    if past:
        return past[-1]
    return spells[0][1] if spells else present


def names_of(session: Session, cohort_id: int) -> Sequence[str]:
    """The names of a cohort's present groups, in the order of the roster."""
    query = select(MEMBERSHIP.c.group_name).where(*_trainees(cohort_id), MEMBERSHIP.c.group_name.is_not(None))
    ordered = query.group_by(MEMBERSHIP.c.group_name).order_by(func.min(MEMBERSHIP.c.id))
    return session.connection().execute(ordered).scalars().all()


def _present(session: Session, cohort_id: int, person_id: int) -> str:
    query = select(MEMBERSHIP.c.group_name).where(*_trainees(cohort_id), MEMBERSHIP.c.person_id == person_id)
    row = session.connection().execute(query).first()
    if row is None:
        raise Gone
    return row.group_name or ""


def _note(session: Session, cohort_id: int, moves: Mapping[int, Move], on: date) -> None:
    connection = session.connection()
    mine = (SPELL.c.cohort_id == cohort_id, SPELL.c.person_id.in_(moves))
    known = set(connection.execute(select(SPELL.c.person_id).where(*mine)).scalars())
    joined = _joined(session, cohort_id, [person_id for person_id in moves if person_id not in known])
    connection.execute(SPELL.delete().where(*mine, SPELL.c.since >= on))
    first = [_row(cohort_id, person_id, min(since, on), moves[person_id].before) for person_id, since in joined.items()]
    rows = [row for row in first if row["since"] < on]
    rows += [_row(cohort_id, move.person_id, on, move.after) for move in moves.values()]
    connection.execute(SPELL.insert(), rows)


def _joined(session: Session, cohort_id: int, person_ids: Sequence[int]) -> Mapping[int, date]:
    cohort = service.get_cohort(session, cohort_id)
    query = select(MEMBERSHIP.c.person_id, MEMBERSHIP.c.joined_at).where(
        MEMBERSHIP.c.cohort_id == cohort_id,
        MEMBERSHIP.c.role == Role.TRAINEE,
        MEMBERSHIP.c.person_id.in_(person_ids),
    )
    return {
        row.person_id: service.local_day(cohort, row.joined_at) for row in session.connection().execute(query).all()
    }


def _row(cohort_id: int, person_id: int, since: date, group: str) -> dict[str, Any]:
    return {"cohort_id": cohort_id, "person_id": person_id, "since": since, "group_name": group}


def _write(session: Session, cohort_id: int, move: Move) -> None:
    """Change the present group, of a leader's membership too."""
    mine = (
        MEMBERSHIP.c.cohort_id == cohort_id,
        MEMBERSHIP.c.person_id == move.person_id,
        MEMBERSHIP.c.role.in_((Role.TRAINEE, Role.GROUP_LEADER)),
        MEMBERSHIP.c.left_at.is_(None),
    )
    session.connection().execute(update(MEMBERSHIP).where(*mine).values(group_name=move.after or None))
    session.expire_all()


def _log(session: Session, cohort_id: int, move: Move, coordinator: Speaker, now: datetime) -> None:
    audit.record(
        session,
        audit.entry(
            actor=coordinator.actor,
            now=now,
            action="move",
            subject="person",
            subject_id=move.person_id,
            cohort_id=cohort_id,
            person_id=move.person_id,
            before={"group": move.before or None},
            after={"group": move.after or None},
        ),
    )


def _trainees(cohort_id: int) -> tuple[ColumnElement[bool], ...]:
    return (MEMBERSHIP.c.cohort_id == cohort_id, MEMBERSHIP.c.role == Role.TRAINEE, MEMBERSHIP.c.left_at.is_(None))
