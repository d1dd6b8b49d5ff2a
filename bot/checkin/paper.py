"""The paper sheet: a short code in each row, typed in afterwards or imported as a file, shown first and then kept.

A code stands for one person at one activity and is made from a secret of the installation, so nothing is stored for a
sheet that is printed. Whoever is recorded already stays as they are: the first time stands.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import select
from sqlmodel import Session

from bot import codes
from bot.audit import service as audit
from bot.checkin import queries
from bot.checkin.attendees import activity_of, attendees_of
from bot.checkin.boards import Attendee
from bot.checkin.models import Method, Way
from bot.checkin.outcomes import ActivityCancelled, ActivityView
from bot.checkin.queries import ACTIVITIES, ACTIVITY, ATTENDANCE, MEMBERSHIP, VIEW, view_of
from bot.database import insert_missing
from bot.errors import Refusal
from bot.people import access
from bot.people import service as people
from bot.people.models import Role
from bot.people.service import Speaker

SECRET = "paper"  # noqa: S105 - the name of a key
LENGTH = 4
LOOKED_BACK, LOOKED_AHEAD = timedelta(days=31), timedelta(days=1)
"""Among which activities the codes of a file are looked for."""


class NothingOnPaper(Refusal):
    """No code was recognised, so nothing was recorded."""


class Line(Struct, frozen=True):
    """One row of a sheet as somebody typed it or filled it in: the code, and local times where there are any."""

    code: str
    arrived: time | None = None
    left: time | None = None


class Entry(Struct, frozen=True):
    """One person whom the lines name, with the instants they give."""

    attendee: Attendee
    arrived_at: datetime
    left_at: datetime | None = None


class PaperPlan(Struct, frozen=True):
    """What keeping the lines would do. ``odd`` are codes whose times cannot be, ``elsewhere`` those of other sheets."""

    activity: ActivityView
    new: tuple[Entry, ...] = ()
    known: tuple[Attendee, ...] = ()
    unknown: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    elsewhere: tuple[tuple[str, str], ...] = ()
    """The code, and the title of the activity whose sheet has it."""


class SheetRow(Struct, frozen=True):
    """One row of the sheet as it is printed."""

    number: int
    name: str
    group: str
    code: str
    excused: bool = False


class Kept(Struct, frozen=True):
    """How many the sheet recorded, and how many stood there already."""

    activity: ActivityView
    recorded: int
    known: int


def prepare_sheet(session: Session, *, speaker: Speaker | None, activity_id: int) -> ActivityView:
    """Make sure that codes can be made, before a sheet is drawn by somebody who only reads.

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker does not coordinate its cohort.
    """
    activity = activity_of(session, activity_id)
    access.require_coordinator(session, speaker, activity.cohort_id)
    people.secret(session, SECRET)
    return activity


def sheet_rows(session: Session, activity: ActivityView) -> list[SheetRow]:
    """The rows to print, by group and then in the order of the roster."""
    codes_by_person = {person: code for code, person in codes_of(session, activity).items()}
    return [
        SheetRow(number, one.name, one.group, codes_by_person[one.person_id], one.status == "excused")
        for number, one in enumerate(attendees_of(session, activity), start=1)
    ]


def codes_of(session: Session, activity: ActivityView) -> Mapping[str, int]:
    """Every code of an activity's sheet, and whose it is.

    Where two people would have the same code, the one enrolled later gets the next; so nobody's changes afterwards.
    """
    secret = people.secret(session, SECRET)
    found: dict[str, int] = {}
    for person_id in _ever_enrolled(session, activity.cohort_id):
        tries = (codes.derive(secret, f"{activity.id}:{person_id}:{k}", LENGTH) for k in range(len(found) + 1))
        found[next(code for code in tries if code not in found)] = person_id
    return found


def plan_lines(
    session: Session, *, speaker: Speaker | None, activity_id: int, lines: Sequence[Line], now: datetime
) -> PaperPlan:
    """What keeping these lines would record.

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker does not coordinate its cohort.
    """
    activity = activity_of(session, activity_id)
    access.require_coordinator(session, speaker, activity.cohort_id)
    return plan_of(session, activity, lines, now)


def keep_lines(
    session: Session, *, speaker: Speaker | None, activity_id: int, lines: Sequence[Line], now: datetime
) -> Kept:
    """Record everybody whom the lines name and who is not recorded yet.

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker does not coordinate its cohort.
        ActivityCancelled, NothingOnPaper: there is nothing to record.
    """
    activity = activity_of(session, activity_id)
    coordinator = access.require_coordinator(session, speaker, activity.cohort_id)
    row = queries.activity(session, activity_id)
    if row is None or row.cancelled_at is not None:
        raise ActivityCancelled
    plan = plan_of(session, activity, lines, now)
    if not plan.new and not plan.known:
        raise NothingOnPaper
    recorded = insert_missing(session, ATTENDANCE, [_row(activity, one, coordinator, now) for one in plan.new])
    audit.record(session, *(_line(activity, one, coordinator, now) for one in plan.new))
    return Kept(activity, recorded, len(plan.known))


def activity_of_lines(session: Session, cohort_id: int, lines: Sequence[Line], now: datetime) -> ActivityView | None:
    """The activity on whose sheet most of the codes stand; ``None`` where none has any."""
    typed = {line.code for line in lines}
    hits = [(len(typed & codes_of(session, one).keys()), one) for one in _nearby(session, cohort_id, now)]
    most = max((count for count, _ in hits), default=0)
    return next((one for count, one in hits if count == most), None) if most else None


def plan_of(session: Session, activity: ActivityView, lines: Sequence[Line], now: datetime) -> PaperPlan:
    """The same for a caller that has checked who asks."""
    whose = codes_of(session, activity)
    present = {one.person_id: one for one in attendees_of(session, activity)}
    latest = {line.code: line for line in lines}
    new, known, odd = [], [], []
    unknown = [code for code in latest if whose.get(code) not in present]
    for code, line in latest.items():
        attendee = present.get(whose.get(code, 0))
        if attendee is None:
            continue
        entry = _entry(attendee, line, activity, now)
        if attendee.recorded:
            known.append(attendee)
        elif entry is None:
            odd.append(code)
        else:
            new.append(entry)
    elsewhere = _elsewhere(session, activity, unknown, now)
    found = {code for code, _ in elsewhere}
    nowhere = tuple(code for code in unknown if code not in found)
    return PaperPlan(activity, tuple(new), tuple(known), nowhere, tuple(odd), elsewhere)


def _entry(attendee: Attendee, line: Line, activity: ActivityView, now: datetime) -> Entry | None:
    """The instants of a line; ``None`` where they cannot be: arrived after the end, or left before arriving."""
    arrived_at = _instant(line.arrived, activity) or min(now, activity.starts_at)
    left_at = _instant(line.left, activity)
    if arrived_at >= activity.ends_at or (left_at is not None and left_at <= arrived_at):
        return None
    return Entry(attendee, arrived_at, left_at)


def _instant(at: time | None, activity: ActivityView) -> datetime | None:
    if at is None:
        return None
    zone = ZoneInfo(activity.time_zone)
    on = activity.starts_at.astimezone(zone).date()
    return datetime.combine(on, at, tzinfo=zone).astimezone(activity.starts_at.tzinfo)


def _elsewhere(
    session: Session, activity: ActivityView, unknown: Sequence[str], now: datetime
) -> tuple[tuple[str, str], ...]:
    """On the sheets of which other activities the codes stand that this one does not have."""
    if not unknown:
        return ()
    titles: dict[str, str] = {}
    for other in _nearby(session, activity.cohort_id, now):
        for code in codes_of(session, other).keys() & set(unknown) if other.id != activity.id else ():
            titles.setdefault(code, other.title)
    return tuple((code, titles[code]) for code in unknown if code in titles)


def _nearby(session: Session, cohort_id: int, now: datetime) -> list[ActivityView]:
    around = ACTIVITY.c.starts_at.between(now - LOOKED_BACK, now + LOOKED_AHEAD)
    query = select(*VIEW).select_from(ACTIVITIES).where(ACTIVITY.c.cohort_id == cohort_id, around)
    rows = session.connection().execute(query.order_by(ACTIVITY.c.starts_at.desc(), ACTIVITY.c.id))
    return [view_of(row) for row in rows]


def _ever_enrolled(session: Session, cohort_id: int) -> Sequence[int]:
    query = select(MEMBERSHIP.c.person_id).where(MEMBERSHIP.c.cohort_id == cohort_id, MEMBERSHIP.c.role == Role.TRAINEE)
    return session.connection().execute(query.order_by(MEMBERSHIP.c.id)).scalars().all()


def _row(activity: ActivityView, entry: Entry, coordinator: Speaker, now: datetime) -> dict[str, object]:
    return {
        "activity_id": activity.id,
        "person_id": entry.attendee.person_id,
        "arrived_at": entry.arrived_at,
        "left_at": entry.left_at,
        "method": Method.HAND.value,
        "way": Way.PAPER.value,
        "marked_by": coordinator.person_id,
        "recorded_at": now,
    }


def _line(activity: ActivityView, entry: Entry, coordinator: Speaker, now: datetime) -> dict[str, object]:
    return audit.entry(
        actor=coordinator.actor,
        now=now,
        action="arrive",
        subject="attendance",
        subject_id=activity.id,
        cohort_id=activity.cohort_id,
        person_id=entry.attendee.person_id,
        after={"arrived_at": entry.arrived_at, "left_at": entry.left_at, "way": Way.PAPER},
    )
