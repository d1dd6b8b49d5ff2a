"""Calls from a file: which activities they are about, what confirming would do, and doing it.

What is imported are drafts: nobody is asked anything before a coordinator has looked at them and published each.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlmodel import Session

from bot.forum import audiences, calls, queries, rules, topics
from bot.forum.models import Call, CallStatus, Choice, Part
from bot.forum.sheet import CallSheet, Entry, Fault, Problem
from bot.forum.templates import template_of
from bot.people.models import Cohort
from bot.people.service import Speaker
from bot.timetable import service as timetable
from bot.timetable.models import Activity


class Planned(Struct, frozen=True):
    """One call that would be drafted, and what it would be about; the window is in UTC where the row gives it."""

    entry: Entry
    activity_id: int
    activity_title: str
    starts_at: datetime
    opens_at: datetime | None
    closes_at: datetime | None


class Plan(Struct, frozen=True):
    """What importing a file would do."""

    planned: tuple[Planned, ...]
    problems: tuple[Problem, ...]
    skipped: int

    @property
    def fingerprint(self) -> str:
        """What confirming must name, so that only what was seen is done."""
        return hashlib.sha256(repr((self.planned, self.problems)).encode()).hexdigest()[:16]


def plan(session: Session, *, cohort: Cohort, sheet: CallSheet, now: datetime) -> Plan:
    """Match the rows to the cohort's activities; a row that fits none, or is there already, is a problem."""
    activities = timetable.activities_of(session, cohort.id or 0)
    known = _known(session, cohort.id or 0)
    units = frozenset(audiences.units_of(session, cohort.id or 0))
    planned: list[Planned] = []
    problems = list(sheet.problems)
    for entry in sheet.entries:
        found = _plan_one(entry, activities, cohort, units, known, now)
        if isinstance(found, Planned):
            planned.append(found)
            known = known | {(found.activity_id, _title(found))}
        else:
            problems.append(Problem(entry.row, *found))
    return Plan(tuple(planned), tuple(sorted(problems, key=lambda one: one.row)), sheet.skipped)


def carry_out(
    session: Session, *, cohort: Cohort, plan: Plan, speaker: Speaker | None, now: datetime
) -> Sequence[Call]:
    """Draft the calls that were planned; raises NotAllowed."""
    return [_draft(session, cohort, one, speaker, now) for one in plan.planned]


def _draft(session: Session, cohort: Cohort, one: Planned, speaker: Speaker | None, now: datetime) -> Call:
    entry, who = one.entry, {"speaker": speaker, "now": now}
    call = calls.draft(
        session,
        cohort_id=cohort.id or 0,
        template=entry.kind,
        activity_id=one.activity_id,
        title=entry.title,
        **who,  # type: ignore[arg-type]
    )
    call_id = call.id or 0
    for part, number in ((Part.SPEAKER, entry.slots), (Part.LISTENER, entry.seats)):
        if number is not None:
            calls.set_places(session, call_id=call_id, part=part, number=number, **who)  # type: ignore[arg-type]
    calls.change(session, call_id=call_id, **who, **_values(one))  # type: ignore[arg-type]
    if entry.questions:
        topics.add(session, call_id=call_id, texts=entry.questions, **who)  # type: ignore[arg-type]
    return call


def _values(one: Planned) -> dict[str, Any]:
    entry = one.entry
    given = {
        "minutes": entry.minutes,
        "audience": entry.audience,
        "choice": entry.choice,
        "opens_at": one.opens_at,
        "closes_at": one.closes_at,
    }
    values = {name: value for name, value in given.items() if value is not None}
    return values | ({"units": entry.units} if entry.units else {})


def _plan_one(
    entry: Entry,
    activities: Sequence[Activity],
    cohort: Cohort,
    units: frozenset[str],
    known: frozenset[tuple[int, str]],
    now: datetime,
) -> Planned | tuple[Fault, str]:
    zone = ZoneInfo(cohort.time_zone)
    fitting = [one for one in activities if _fits(entry, one, zone)]
    if len(fitting) != 1:
        return (Fault.SEVERAL_ACTIVITIES if fitting else Fault.NO_ACTIVITY), entry.activity
    activity = fitting[0]
    if activity.starts_at <= now:
        return Fault.BEGUN, activity.title
    found = Planned(
        entry,
        activity.id or 0,
        activity.title,
        activity.starts_at,
        _instant(entry.opens, zone),
        _instant(entry.closes, zone),
    )
    fault = _fault(found, activity, units, now, zone)
    return fault or ((Fault.THERE_ALREADY, _title(found)) if (found.activity_id, _title(found)) in known else found)


def _fault(
    one: Planned, activity: Activity, units: frozenset[str], now: datetime, zone: ZoneInfo
) -> tuple[Fault, str] | None:
    entry, shape = one.entry, template_of(one.entry.kind)
    if foreign := [unit for unit in entry.units if unit not in units]:
        return Fault.UNKNOWN_UNIT, "、".join(foreign)
    if len(entry.questions) > rules.MOST_TOPICS:
        return Fault.TOO_MANY_QUESTIONS, str(len(entry.questions))
    usual = rules.usual_window(activity.starts_at, activity.ends_at, now, zone, until_eve=shape.until_eve)
    if not rules.is_window(one.opens_at or usual[0], one.closes_at or usual[1], activity.ends_at, now):
        return Fault.BAD_WINDOW, _title(one)
    places = [
        given if given is not None else usually
        for given, usually in ((entry.slots, shape.speakers), (entry.seats, shape.listeners))
    ]
    if not any(places):
        return Fault.NOTHING_TO_SIGN_UP_FOR, _title(one)
    if shape.is_by_invitation and entry.choice in (Choice.DRAW, Choice.FIRST):
        return Fault.BAD_CHOICE, entry.choice
    return None


def _fits(entry: Entry, activity: Activity, zone: ZoneInfo) -> bool:
    local = activity.starts_at.astimezone(zone)
    same_day = entry.on is None or entry.on == local.date()
    same_time = entry.starts is None or entry.starts == local.time()
    same_title = not entry.activity or entry.activity.casefold() == activity.title.casefold()
    says_which = bool(entry.activity) or (entry.on is not None and entry.starts is not None)
    return says_which and same_day and same_time and same_title


def _known(session: Session, cohort_id: int) -> frozenset[tuple[int, str]]:
    """The calls that are there, by activity and title: sending a file twice makes nothing twice."""
    found = queries.calls_of(session, cohort_id)
    return frozenset((call.activity_id, call.title) for call in found if call.status != CallStatus.CANCELLED)


def _title(one: Planned) -> str:
    return one.entry.title or one.activity_title[: rules.LONGEST_TITLE]


def _instant(local: datetime | None, zone: ZoneInfo) -> datetime | None:
    return local.replace(tzinfo=zone).astimezone(UTC) if local is not None else None
