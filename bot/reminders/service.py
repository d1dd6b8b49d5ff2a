"""How long before its activities a cohort wants reminders, and at which hour the evening's. Writes these two tables.

What is due is planted by ``planting``, taken by ``before`` and ``evening``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlmodel import Session
from sqlmodel import select as find

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.people import access
from bot.people import service as people
from bot.people.models import Cohort
from bot.people.service import Speaker
from bot.recurrence import service as recurrence
from bot.recurrence.service import Plan
from bot.reminders.models import ReminderHour, ReminderRule
from bot.reminders.rules import EVENING_AT, MOST, Leads, fold
from bot.timetable import service as timetable

RULE = ReminderRule.__table__  # type: ignore[attr-defined]
HOUR = ReminderHour.__table__  # type: ignore[attr-defined]
EVENING = "evening"
"""The kind of the recurrence behind the evening's reminder."""

DAY = timedelta(days=1)


def leads_of(session: Session, cohort_id: int) -> Leads:
    """The cohort's leads."""
    return leads_of_all(session, [cohort_id])[cohort_id]


def alarms_of(session: Session, cohort_id: int) -> Callable[[str], int]:
    """How many minutes before an activity of a kind a calendar rings: what is fixed for the kind, else the usual."""
    leads = leads_of(session, cohort_id)

    def minutes(kind: str) -> int:
        fixed = leads.fixed(kind)
        return leads.usual if fixed is None else fixed

    return minutes


def leads_of_all(session: Session, cohort_ids: Iterable[int]) -> Mapping[int, Leads]:
    """The leads of many cohorts at once; those without rules have the usual ones."""
    rules: dict[int, dict[str, int]] = defaultdict(dict)
    for row in session.connection().execute(select(RULE).where(RULE.c.cohort_id.in_(list(cohort_ids)))):
        rules[row.cohort_id][row.kind] = row.minutes
    return defaultdict(Leads, {cohort_id: _leads(found) for cohort_id, found in rules.items()})


def evening_at(session: Session, cohort_id: int) -> time:
    """The local hour of the evening's reminder."""
    row = session.get(ReminderHour, cohort_id)
    return row.evening_at if row else EVENING_AT


def kinds_of(session: Session, cohort_id: int) -> Sequence[str]:
    """The kinds of activity on the cohort's timetable, in alphabetical order."""
    return sorted({activity.kind for activity in timetable.activities_of(session, cohort_id) if activity.kind})


def set_lead(
    session: Session, *, speaker: Speaker | None, cohort_id: int, kind: str, minutes: int, now: datetime
) -> None:
    """Want reminders of a kind (empty: of all others) so many minutes ahead, 0 for none.

    Raises:
        NotAllowed: the speaker does not coordinate the cohort.
        ValueError: not between 0 and 240 minutes.
    """
    actor = access.require_coordinator(session, speaker, cohort_id).actor
    if not 0 <= minutes <= MOST:
        raise ValueError(minutes)
    before = leads_of(session, cohort_id)
    _write_rule(session, cohort_id, fold(kind), minutes)
    was = before.fixed(kind) if kind else before.usual
    _log(session, cohort_id, actor, "lead", {"kind": kind, "minutes": was}, {"kind": kind, "minutes": minutes}, now)


def set_evening(session: Session, *, speaker: Speaker | None, cohort_id: int, at: time, now: datetime) -> None:
    """Let the evening's reminder come at another local hour; raises NotAllowed, Gone."""
    actor = access.require_coordinator(session, speaker, cohort_id).actor
    before = evening_at(session, cohort_id)
    _write_hour(session, cohort_id, at)
    prepare_evening(session, people.get_cohort(session, cohort_id), now)
    _log(session, cohort_id, actor, "evening", before.isoformat(), at.isoformat(), now)


def copy_rules(session: Session, *, source: int, target: int, actor: Actor, now: datetime) -> None:
    """Give a new cohort the leads and the evening's hour of an earlier one."""
    for row in session.connection().execute(select(RULE).where(RULE.c.cohort_id == source)):
        _write_rule(session, target, row.kind, row.minutes)
    _write_hour(session, target, evening_at(session, source))
    prepare_evening(session, people.get_cohort(session, target), now)
    _log(session, target, actor, "copy", None, {"from": source}, now)


def prepare_evening(session: Session, cohort: Cohort, now: datetime) -> None:
    """Set up the evening's reminder, or bring it into line with the cohort's dates, zone and hour."""
    recurrence.ensure(session, evening_plan(cohort, evening_at(session, cohort.id or 0)), now)


def evening_plan(cohort: Cohort, at: time) -> Plan:
    """An evening before each day of the camp."""
    return Plan(cohort.id or 0, EVENING, at, cohort.time_zone, cohort.starts_on - DAY, cohort.ends_on - DAY)


def _leads(rules: Mapping[str, int]) -> Leads:
    by_kind = {kind: minutes for kind, minutes in rules.items() if kind}
    return Leads(rules[""], by_kind) if "" in rules else Leads(by_kind=by_kind)


def _write_rule(session: Session, cohort_id: int, kind: str, minutes: int) -> None:
    query = find(ReminderRule).where(ReminderRule.cohort_id == cohort_id, ReminderRule.kind == kind)
    rule = session.exec(query).first() or ReminderRule(cohort_id=cohort_id, kind=kind, minutes=minutes)
    rule.minutes = minutes
    session.add(rule)
    session.flush()


def _write_hour(session: Session, cohort_id: int, at: time) -> None:
    hour = session.get(ReminderHour, cohort_id) or ReminderHour(cohort_id=cohort_id, evening_at=at)
    hour.evening_at = at
    session.add(hour)
    session.flush()


def _log(
    session: Session, cohort_id: int, actor: Actor, action: str, before: object, after: object, now: datetime
) -> None:
    line = audit.entry(
        actor=actor,
        now=now,
        action=action,
        subject="reminders",
        subject_id=cohort_id,
        cohort_id=cohort_id,
        before=before,
        after=after,
    )
    audit.record(session, line)
