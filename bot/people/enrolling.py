"""What a roster would change in a cohort, and changing it: people, memberships, group leaders. Never removes a row.

The same roster again changes nothing. Whoever is no longer in the file stays, unless that was asked for.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import ColumnElement, exists, insert, select, update
from sqlmodel import Session

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.errors import Refusal
from bot.ids import PersonId
from bot.people import enrolling_memberships as memberships
from bot.people.enrolling_log import Line, lines_of
from bot.people.models import Cohort, Role
from bot.people.roster import says_leader
from bot.people.roster_diff import Match, RosterDiff, compare, resolve
from bot.people.roster_shapes import Field, KnownPerson, Roster, RosterEntry
from bot.people.service import MEMBERSHIP, PERSON

NEW = 0
"""The answer that a row is about somebody new."""

LEAVE_OUT = -1
"""The answer that a row is to be left out."""

PERSONAL = {Field.NAME: "name", Field.PHONE: "phone", Field.UNIT: "unit"}


class RosterMoved(Refusal):
    """Something has changed since you saw this preview. Please look at it once more."""


class Plan(Struct, frozen=True):
    """What confirming would do. ``promoted`` are rows whose person becomes a group leader, ``demoted`` leaders no more.

    ``left_out`` are the rows that an answer leaves out. ``fingerprint`` changes whenever the plan would do something
    else. While ``diff.questions`` is not empty the plan cannot be carried out.
    """

    cohort_id: int
    cohort_name: str
    roster: Roster
    diff: RosterDiff
    left_out: tuple[RosterEntry, ...] = ()
    promoted: frozenset[int] = frozenset()
    demoted: tuple[PersonId, ...] = ()
    leave: bool = False
    fingerprint: str = ""

    @property
    def leaving(self) -> tuple[KnownPerson, ...]:
        """Who would be marked as having left."""
        return self.diff.missing if self.leave else ()

    @property
    def changes_something(self) -> bool:
        """Whether carrying it out would write anything."""
        diff = self.diff
        return bool(
            diff.new or diff.returning or diff.changed or diff.released or self.leaving or self.promoted or self.demoted
        )


class Enrolled(Struct, frozen=True):
    """What carrying out a plan did, in people."""

    cohort_id: int
    added: int
    changed: int
    unchanged: int
    left: int


def plan_roster(
    session: Session, *, cohort: Cohort, roster: Roster, answers: Mapping[int, int] | None = None, leave: bool = False
) -> Plan:
    """Say what the roster would change as things stand, given the answers: row -> person id, ``NEW``, ``LEAVE_OUT``."""
    answers = answers or {}
    decided = {row: PersonId(answer) if answer != NEW else None for row, answer in answers.items()}
    diff = resolve(compare(known_people(session, cohort, roster), roster), decided)
    skipped = tuple(one.entry for one in diff.questions if answers.get(one.entry.row) == LEAVE_OUT)
    diff = replace(diff, questions=tuple(one for one in diff.questions if one.entry not in skipped))
    promoted, demoted = _leaders(session, cohort, diff)
    plan = Plan(cohort.id or 0, cohort.name, roster, diff, skipped, promoted, demoted, leave)
    return replace(plan, fingerprint=_fingerprint(plan))


def carry_out(session: Session, *, cohort: Cohort, plan: Plan, actor: Actor, now: datetime) -> Enrolled:
    """Write what the plan says, with a line in the change log for each person.

    Raises:
        RosterMoved: there is a question left.
    """
    diff = plan.diff
    if diff.questions:
        raise RosterMoved
    session.flush()
    matches = [*diff.returning, *diff.changed]
    _release_phones(session, diff)
    _change_people(session, matches)
    people = {match.entry.row: match.person.person_id for match in [*matches, *diff.unchanged]}
    people |= _add_people(session, cohort, diff.new)
    enrolled = [*diff.new, *(match.entry for match in diff.returning)]
    memberships.enrol(session, cohort, [(people[entry.row], entry) for entry in enrolled], now)
    memberships.move(session, cohort, diff.changed, now)
    _lead(session, cohort, plan, people, now)
    leaving = [person.person_id for person in plan.leaving]
    memberships.depart(session, cohort, leaving, (Role.TRAINEE, Role.GROUP_LEADER), now)
    _record(session, cohort, plan, people, actor, now)
    session.expire_all()
    return Enrolled(plan.cohort_id, len(enrolled), len(diff.changed), len(diff.unchanged), len(plan.leaving))


def known_people(session: Session, cohort: Cohort, roster: Roster) -> list[KnownPerson]:
    """Everybody enrolled, and whoever else of the office shares a phone or a name with the roster."""
    enrolled = _enrolled(session, cohort)
    inside = {person.person_id for person in enrolled}
    outside: dict[PersonId, KnownPerson] = {}
    for phones in memberships.chunks({entry.phone for entry in roster.entries if entry.phone}):
        outside |= _others(session, cohort, PERSON.c.phone.in_(phones))
    # Whoever never was in any cohort is known by the phone only: an operator's account is not a trainee to ask about.
    was_somewhere = exists().where(MEMBERSHIP.c.person_id == PERSON.c.id)
    for names in memberships.chunks({entry.name for entry in roster.entries}):
        outside |= _others(session, cohort, PERSON.c.name.in_(names) & was_somewhere)
    return [*enrolled, *(person for person_id, person in outside.items() if person_id not in inside)]


def _enrolled(session: Session, cohort: Cohort) -> list[KnownPerson]:
    query = select(
        PERSON.c.id, PERSON.c.name, PERSON.c.phone, PERSON.c.unit, MEMBERSHIP.c.group_name, MEMBERSHIP.c.post
    ).join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
    rows = session.connection().execute(
        query.where(*memberships.active(cohort, Role.TRAINEE)).order_by(MEMBERSHIP.c.id)
    )
    return [KnownPerson(PersonId(row.id), row.name, row.phone, row.unit, row.group_name, row.post) for row in rows]


def _others(session: Session, cohort: Cohort, condition: ColumnElement[bool]) -> dict[PersonId, KnownPerson]:
    query = (
        select(PERSON.c.id, PERSON.c.name, PERSON.c.phone, PERSON.c.unit)
        .where(PERSON.c.organisation_id == cohort.organisation_id, condition)
        .order_by(PERSON.c.id)
    )
    rows = session.connection().execute(query)
    return {
        PersonId(row.id): KnownPerson(PersonId(row.id), row.name, row.phone, row.unit, enrolled=False) for row in rows
    }


def _leaders(session: Session, cohort: Cohort, diff: RosterDiff) -> tuple[frozenset[int], tuple[PersonId, ...]]:
    query = select(MEMBERSHIP.c.person_id, MEMBERSHIP.c.group_name).where(
        *memberships.active(cohort, Role.GROUP_LEADER)
    )
    leading: dict[int, str | None] = {row.person_id: row.group_name for row in session.connection().execute(query)}
    matches = [*diff.returning, *diff.changed, *diff.unchanged]
    promoted = {entry.row for entry in diff.new if entry.leads_group}
    promoted |= {
        match.entry.row
        for match in matches
        if match.entry.leads_group and leading.get(match.person.person_id, "-") != match.entry.group
    }
    is_said = bool({Field.POST, Field.NOTES} & diff.fields)
    demoted = [
        match.person.person_id
        for match in matches
        if is_said
        and not match.entry.leads_group
        and match.person.person_id in leading
        # Whoever was made a leader in the chat was never named by a roster, which therefore cannot take it back.
        and says_leader(match.person.post or "")
    ]
    return frozenset(promoted), tuple(demoted)


def _release_phones(session: Session, diff: RosterDiff) -> None:
    moving = [
        match.person.person_id
        for match in [*diff.returning, *diff.changed]
        if any(change.field is Field.PHONE for change in match.changes)
    ]
    for ids in memberships.chunks([*moving, *(person.person_id for person in diff.released)]):
        session.connection().execute(update(PERSON).where(PERSON.c.id.in_(ids)).values(phone=None))


def _change_people(session: Session, matches: Iterable[Match]) -> None:
    for match in matches:
        values = {PERSONAL[change.field]: change.after for change in match.changes if change.field in PERSONAL}
        if values:
            session.connection().execute(update(PERSON).where(PERSON.c.id == match.person.person_id).values(**values))


def _add_people(session: Session, cohort: Cohort, entries: Sequence[RosterEntry]) -> dict[int, PersonId]:
    if not entries:
        return {}
    rows = [
        {
            "organisation_id": cohort.organisation_id,
            "name": entry.name,
            "phone": entry.phone,
            "unit": entry.unit,
            "language": "",
        }
        for entry in entries
    ]
    adding = insert(PERSON).returning(PERSON.c.id, sort_by_parameter_order=True)
    ids = session.connection().execute(adding, rows).scalars().all()
    return {entry.row: PersonId(person_id) for entry, person_id in zip(entries, ids, strict=True)}


def _lead(session: Session, cohort: Cohort, plan: Plan, people: Mapping[int, PersonId], now: datetime) -> None:
    diff = plan.diff
    entries = [*diff.new, *(match.entry for match in [*diff.returning, *diff.changed, *diff.unchanged])]
    pairs = [(people[entry.row], entry) for entry in entries if entry.row in plan.promoted]
    if pairs:
        memberships.enrol(session, cohort, pairs, now, Role.GROUP_LEADER)
    memberships.depart(session, cohort, plan.demoted, (Role.GROUP_LEADER,), now)


def _record(
    session: Session, cohort: Cohort, plan: Plan, people: Mapping[int, PersonId], actor: Actor, now: datetime
) -> None:
    log: list[Line] = lines_of(plan.diff, people, plan.leaving, plan.promoted, plan.demoted)
    audit.record(
        session,
        *(
            audit.entry(
                actor=actor,
                now=now,
                cohort_id=cohort.id,
                subject="person",
                subject_id=line.person_id,
                person_id=line.person_id,
                action=line.action,
                before=line.before,
                after=line.after,
            )
            for line in log
        ),
    )


def _fingerprint(plan: Plan) -> str:
    diff = plan.diff
    parts = (
        plan.cohort_id,
        diff.new,
        diff.returning,
        diff.changed,
        diff.questions,
        diff.released,
        plan.left_out,
        [person.person_id for person in plan.leaving],
        sorted(plan.promoted),
        plan.demoted,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]
