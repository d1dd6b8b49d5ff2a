"""A cohort's rules of hours: reading them, and changing one at a time by what the buttons offer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import select
from sqlmodel import Session

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.errors import Gone
from bot.hours.models import HoursRule
from bot.hours.rules import Rules
from bot.people import access
from bot.people import service as people
from bot.people.models import Role
from bot.people.service import MEMBERSHIP, PERSON, Speaker

RULE = HoursRule.__table__  # type: ignore[attr-defined]

DEPARTMENT_ROLES = (Role.COORDINATOR, Role.TEACHER, Role.MENTOR, Role.UNIT_CONTACT)
"""Who may decide longer leave for the department: anybody with a task but trainees, and auditors, who write nothing."""


class Setting(StrEnum):
    """What of the rules can be changed."""

    SHARE = "share"
    ABSENCE = "absence"
    LATE = "late"
    DAYS = "days"
    RUN = "run"
    HEAD = "head"
    DEPARTMENT = "department"


OFFERED: Mapping[Setting, Sequence[tuple[int, ...]]] = {
    Setting.SHARE: ((1, 10), (1, 8), (1, 7), (1, 6), (1, 5), (1, 4), (1, 3), (0, 0)),
    Setting.ABSENCE: ((0,), (1,), (2,), (3,)),
    Setting.LATE: ((0,), (1,)),
    Setting.DAYS: ((0,), (1,), (2,), (3,)),
    Setting.RUN: ((2,), (3,), (4,)),
    Setting.HEAD: ((0,), (120,), (240,), (480,), (960,)),
}
"""What the buttons offer: a share as two numbers (none: no limit), hours in minutes, the rest as it is."""


class RulesView(Struct, frozen=True):
    """A cohort's rules, with the name of whoever decides for the department, and who may be chosen for that."""

    cohort_id: int
    cohort_name: str
    rules: Rules
    department: str = ""
    candidates: tuple[tuple[int, str], ...] = ()
    may_change: bool = False


def rules_of(session: Session, cohort_id: int) -> Rules:
    """The rules that hold in a cohort."""
    row = session.connection().execute(select(RULE).where(RULE.c.cohort_id == cohort_id)).mappings().first()
    if row is None:
        return Rules()
    values = {name: value for name, value in row.items() if name != "cohort_id"}
    return Rules(**values)


def show_rules(session: Session, *, speaker: Speaker | None, cohort_id: int) -> RulesView:
    """A cohort's rules, for anybody who is part of it.

    Raises:
        Gone: there is no such cohort.
        NotAllowed: the speaker has no part in it.
    """
    cohort = people.get_cohort(session, cohort_id)
    reader = access.require_role(session, speaker, cohort_id, *Role)
    rules = rules_of(session, cohort_id)
    may_change = reader.is_operator or Role.COORDINATOR in access.roles_in(session, reader.person_id, cohort_id)
    department = people.get_person(session, rules.department_id).name if rules.department_id else ""
    candidates = _candidates(session, cohort_id) if may_change else ()
    return RulesView(cohort_id, cohort.name, rules, department, candidates, may_change)


def show_changeable(session: Session, *, speaker: Speaker | None, cohort_id: int) -> RulesView:
    """A cohort's rules, for whoever is about to change one.

    Raises:
        Gone: there is no such cohort.
        NotAllowed: the speaker does not coordinate it.
    """
    people.get_cohort(session, cohort_id)
    access.require_coordinator(session, speaker, cohort_id)
    return show_rules(session, speaker=speaker, cohort_id=cohort_id)


def change_rule(
    session: Session,
    *,
    speaker: Speaker | None,
    cohort_id: int,
    setting: Setting,
    value: tuple[int, ...],
    now: datetime,
) -> RulesView:
    """Set one of the rules to something that is offered; every ledger follows at once, since none is stored.

    Raises:
        Gone: there is no such cohort, or the value is none that is offered.
        NotAllowed: the speaker does not coordinate the cohort.
    """
    people.get_cohort(session, cohort_id)
    coordinator = access.require_coordinator(session, speaker, cohort_id)
    _require_offered(session, cohort_id, setting, value)
    before = rules_of(session, cohort_id)
    after = _changed(before, setting, value)
    if after != before:
        _write(session, cohort_id, after)
        audit.record(
            session,
            audit.entry(
                actor=coordinator.actor,
                now=now,
                action="change",
                subject="hours_rule",
                cohort_id=cohort_id,
                before=_difference(before, after),
                after=_difference(after, before),
            ),
        )
    return show_rules(session, speaker=speaker, cohort_id=cohort_id)


def _changed(rules: Rules, setting: Setting, value: tuple[int, ...]) -> Rules:
    match setting:
        case Setting.SHARE:
            return replace(rules, share=value[0], of=value[1])
        case Setting.ABSENCE:
            return replace(rules, absence_factor=value[0])
        case Setting.LATE:
            return replace(rules, late_counts=bool(value[0]))
        case Setting.DAYS:
            return replace(rules, absence_days=value[0])
        case Setting.RUN:
            return replace(rules, run_length=value[0])
        case Setting.HEAD:
            return replace(rules, head_minutes=value[0])
        case Setting.DEPARTMENT:
            return replace(rules, department_id=value[0] or None)


def _require_offered(session: Session, cohort_id: int, setting: Setting, value: tuple[int, ...]) -> None:
    if setting is Setting.DEPARTMENT:
        allowed: Sequence[tuple[int, ...]] = [(0,), *((key,) for key, _ in _candidates(session, cohort_id))]
    else:
        allowed = OFFERED[setting]
    if value not in allowed:
        raise Gone


def _candidates(session: Session, cohort_id: int) -> tuple[tuple[int, str], ...]:
    query = (
        select(PERSON.c.id, PERSON.c.name)
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .where(
            MEMBERSHIP.c.cohort_id == cohort_id,
            MEMBERSHIP.c.role.in_(DEPARTMENT_ROLES),
            MEMBERSHIP.c.left_at.is_(None),
            PERSON.c.telegram_id.is_not(None),
        )
        .distinct()
        .order_by(PERSON.c.id)
    )
    return tuple((row.id, row.name) for row in session.connection().execute(query))


def _write(session: Session, cohort_id: int, rules: Rules) -> None:
    connection, values = session.connection(), asdict(rules)
    is_it = RULE.c.cohort_id == cohort_id
    if not connection.execute(RULE.update().where(is_it).values(values)).rowcount:
        connection.execute(RULE.insert(), {"cohort_id": cohort_id, **values})


def _difference(one: Rules, other: Rules) -> dict[str, Any]:
    theirs = asdict(other)
    return {name: value for name, value in asdict(one).items() if value != theirs[name]}


def copy_rules(session: Session, *, source: int, target: int, actor: Actor, now: datetime) -> None:
    """Give a new cohort the rules of an earlier one, and whoever decides longer leave there a place in it.

    Who decides is left open where that person has left the earlier cohort.
    """
    rules = rules_of(session, source)
    roles = _deciding_roles(session, source, rules.department_id)
    rules = rules if roles else replace(rules, department_id=None)
    if rules == Rules():
        return
    for role in roles:
        people.grant(session, person_id=rules.department_id or 0, cohort_id=target, role=role, actor=actor, now=now)
    _write(session, target, rules)
    line = audit.entry(
        actor=actor,
        now=now,
        action="copy",
        subject="hours_rule",
        cohort_id=target,
        after={"from": source, **_difference(rules, Rules())},
    )
    audit.record(session, line)


def _deciding_roles(session: Session, cohort_id: int, person_id: int | None) -> list[Role]:
    held = access.roles_in(session, person_id, cohort_id) if person_id else frozenset()
    return [role for role in DEPARTMENT_ROLES if role in held]
