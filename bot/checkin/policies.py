"""Reading and changing the rules by which check-ins open, count as late and close. Rules are rows, never code.

A rule stands for the whole cohort, for one kind of activity, or for one activity; the narrowest holds. Nothing of the
attendance is rewritten when a rule changes: statuses follow from the arrival minute whenever they are read.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.checkin import queries
from bot.checkin.models import Rule
from bot.checkin.outcomes import ActivityView
from bot.checkin.rules import USUAL, Policy
from bot.errors import Gone
from bot.people import access
from bot.people.service import Speaker

RULE = Rule.__table__  # type: ignore[attr-defined]
_OF_COHORT = select(RULE.c.scope, RULE.c.opens_before, RULE.c.late_after, RULE.c.closes_after, RULE.c.checkout).where(
    RULE.c.cohort_id == bindparam("cohort")
)
_READ = "checkin_rules"


class Scope(StrEnum):
    """For what a rule stands."""

    COHORT = "cohort"
    KIND = "kind"
    ACTIVITY = "activity"


class Setting(StrEnum):
    """What of a rule can be changed; all but the check-out are minutes."""

    OPENS = "opens"
    LATE = "late"
    CLOSES = "closes"
    CHECKOUT = "checkout"


OFFERED = {
    Setting.OPENS: (10, 15, 30, 60, 120),
    Setting.LATE: (0, 5, 10, 15, 30),
    Setting.CLOSES: (0, 30, 60, 120, 240),
    Setting.CHECKOUT: (0, 1),
}
"""What the buttons offer, in minutes; for the check-out no and yes."""
_FIELDS = {Setting.OPENS: "opens_before", Setting.LATE: "late_after", Setting.CLOSES: "closes_after"}


class RuleView(Struct, frozen=True):
    """The rules as they hold for one activity, for what they stand, and how many people a change re-ran.

    ``inherited`` says that the scope has no rule of its own yet.
    """

    activity: ActivityView
    kind: str
    scope: Scope
    policy: Policy
    inherited: bool = True


def policy_of(session: Session, activity: Any) -> Policy:
    """The rules that hold for an activity (anything with ``id``, ``cohort_id`` and ``kind``).

    A cohort's rules are read once in a session, since a whole room asks for them at once.
    """
    rules = _of_cohort(session, activity.cohort_id)
    if not rules:
        return USUAL
    scopes = (_key(one, activity) for one in (Scope.ACTIVITY, Scope.KIND, Scope.COHORT))
    return next((rules[scope] for scope in scopes if scope in rules), USUAL)


def show_rules(session: Session, *, speaker: Speaker | None, activity_id: int, scope: Scope) -> RuleView:
    """The rules that hold for an activity, seen from one scope.

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker does not coordinate its cohort.
    """
    row, _ = _require(session, speaker, activity_id)
    return _view(session, row, scope)


def change_rule(
    session: Session,
    *,
    speaker: Speaker | None,
    activity_id: int,
    scope: Scope,
    setting: Setting,
    value: int,
    now: datetime,
) -> RuleView:
    """Set one part of the rule of a scope, found by an activity in it; the other parts stay as they hold now.

    Raises:
        Gone: there is no such activity, or the value is none that is offered.
        NotAllowed: the speaker does not coordinate its cohort.
    """
    row, coordinator = _require(session, speaker, activity_id)
    if value not in OFFERED[setting]:
        raise Gone
    before = _seen_from(session, row, scope)
    after = _changed(before, setting, value)
    _write(session, row, scope, after, coordinator, now)
    if after != before:
        audit.record(
            session,
            audit.entry(
                actor=coordinator.actor,
                now=now,
                action="change",
                subject="checkin_rule",
                subject_id=row.id if scope is Scope.ACTIVITY else 0,
                cohort_id=row.cohort_id,
                before=_plain(before, scope, row),
                after=_plain(after, scope, row),
            ),
        )
    return _view(session, row, scope)


def drop_rule(session: Session, *, speaker: Speaker | None, activity_id: int, scope: Scope, now: datetime) -> RuleView:
    """Let the wider rule hold again for a scope; for the whole cohort, the usual one.

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker does not coordinate its cohort.
    """
    row, coordinator = _require(session, speaker, activity_id)
    before = _of_cohort(session, row.cohort_id).get(_key(scope, row))
    if before is not None:
        is_it = (RULE.c.cohort_id == row.cohort_id, RULE.c.scope == _key(scope, row))
        session.connection().execute(RULE.delete().where(*is_it))
        session.info.pop(_READ, None)
        audit.record(
            session,
            audit.entry(
                actor=coordinator.actor,
                now=now,
                action="drop",
                subject="checkin_rule",
                subject_id=row.id if scope is Scope.ACTIVITY else 0,
                cohort_id=row.cohort_id,
                before=_plain(before, scope, row),
            ),
        )
    return _view(session, row, scope)


def _require(session: Session, speaker: Speaker | None, activity_id: int) -> tuple[Any, Speaker]:
    row = queries.activity(session, activity_id)
    if row is None:
        raise Gone
    return row, access.require_coordinator(session, speaker, row.cohort_id)


def _of_cohort(session: Session, cohort_id: int) -> dict[str, Policy]:
    known: dict[int, dict[str, Policy]] = session.info.setdefault(_READ, {})
    if cohort_id not in known:
        rows = session.connection().execute(_OF_COHORT, {"cohort": cohort_id})
        known[cohort_id] = {row.scope: _policy(row) for row in rows}
    return known[cohort_id]


def _policy(row: Any) -> Policy:
    return Policy(
        timedelta(minutes=row.opens_before),
        timedelta(minutes=row.late_after),
        timedelta(minutes=row.closes_after),
        row.checkout,
    )


def _key(scope: Scope, row: Any) -> str:
    match scope:
        case Scope.COHORT:
            return ""
        case Scope.KIND:
            return f"kind:{row.kind}"
        case Scope.ACTIVITY:
            return f"activity:{row.id}"


def _view(session: Session, row: Any, scope: Scope) -> RuleView:
    own = _of_cohort(session, row.cohort_id)
    policy = _seen_from(session, row, scope)
    return RuleView(queries.view_of(row), row.kind, scope, policy, _key(scope, row) not in own)


def _seen_from(session: Session, row: Any, scope: Scope) -> Policy:
    """What holds for a scope: its own rule, else the wider ones."""
    rules = _of_cohort(session, row.cohort_id)
    wider = {Scope.ACTIVITY: (Scope.ACTIVITY, Scope.KIND, Scope.COHORT), Scope.KIND: (Scope.KIND, Scope.COHORT)}
    scopes = (_key(one, row) for one in wider.get(scope, (Scope.COHORT,)))
    return next((rules[one] for one in scopes if one in rules), USUAL)


def _changed(policy: Policy, setting: Setting, value: int) -> Policy:
    if setting is Setting.CHECKOUT:
        return replace(policy, checkout=bool(value))
    minutes: dict[str, Any] = {_FIELDS[setting]: timedelta(minutes=value)}
    return replace(policy, **minutes)


def _write(session: Session, row: Any, scope: Scope, policy: Policy, by: Speaker, now: datetime) -> None:
    is_it = (RULE.c.cohort_id == row.cohort_id, RULE.c.scope == _key(scope, row))
    values = _minutes(policy) | {"changed_at": now, "changed_by": by.person_id}
    if not session.connection().execute(RULE.update().where(*is_it).values(values)).rowcount:
        session.connection().execute(RULE.insert(), {"cohort_id": row.cohort_id, "scope": _key(scope, row), **values})
    session.info.pop(_READ, None)


def _minutes(policy: Policy) -> dict[str, Any]:
    return {
        name: int(value.total_seconds() // 60) if isinstance(value, timedelta) else value
        for name, value in asdict(policy).items()
    }


def _plain(policy: Policy, scope: Scope, row: Any) -> dict[str, Any]:
    return {"scope": scope, "kind": row.kind if scope is Scope.KIND else "", **_minutes(policy)}


def copy_rules(
    session: Session, *, source: int, target: int, activities: Mapping[int, int], actor: Actor, now: datetime
) -> None:
    """Give a new cohort the rules of an earlier one; ``activities`` has the new activity of each old one.

    The rule of an activity that was not copied is left behind.
    """
    rows = session.connection().execute(select(RULE).where(RULE.c.cohort_id == source)).mappings().all()
    copies = [
        {**row, "cohort_id": target, "scope": scope, "changed_at": now}
        for row in rows
        if (scope := _copied_scope(row["scope"], activities)) is not None
    ]
    if not copies:
        return
    session.connection().execute(RULE.insert(), copies)
    session.info.pop(_READ, None)
    line = audit.entry(
        actor=actor,
        now=now,
        action="copy",
        subject="checkin_rule",
        cohort_id=target,
        after={"from": source, "rules": len(copies)},
    )
    audit.record(session, line)


def _copied_scope(scope: str, activities: Mapping[int, int]) -> str | None:
    kind, _, number = scope.partition(":")
    if kind != Scope.ACTIVITY:
        return scope
    copied = activities.get(int(number))
    return None if copied is None else f"{kind}:{copied}"
