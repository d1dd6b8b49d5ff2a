"""Opening and closing an activity's check-in, and what the coordinator's desk and the projector show of it."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.checkin import policies, queries, rules
from bot.checkin.boards import Choice, Choices, Desk, Projection
from bot.checkin.outcomes import ActivityCancelled, EndedLongAgo
from bot.checkin.queries import ACTIVITY, WINDOW, Found, view_of
from bot.codes import SHOW_DIGITS
from bot.errors import Gone
from bot.people import access
from bot.people import service as people
from bot.people.service import Speaker

SECRET_BYTES = 32
MOST_OFFERED = 12


_IN_COHORT = (
    select(*queries.VIEW, WINDOW.c.opened_at, WINDOW.c.closed_at)
    .select_from(queries.ACTIVITIES.outerjoin(WINDOW, WINDOW.c.activity_id == ACTIVITY.c.id))
    .where(ACTIVITY.c.cohort_id == bindparam("cohort"), ACTIVITY.c.cancelled_at.is_(None))
    .order_by(ACTIVITY.c.starts_at)
)


def open_checkin(session: Session, *, speaker: Speaker | None, activity_id: int, now: datetime) -> Desk:
    """Open the check-in of an activity, or open it again; opening what is open changes nothing.

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker does not coordinate its cohort.
        ActivityCancelled, EndedLongAgo: there is nothing to check in to any more.
    """
    row, coordinator = _require(session, speaker, activity_id)
    if row.cancelled_at is not None:
        raise ActivityCancelled
    if now >= row.ends_at + policies.policy_of(session, row).closes_after:
        raise EndedLongAgo
    if row.secret is None or row.closed_at is not None:
        _open(session, row, coordinator, now)
        _log(session, row, coordinator.actor, now, "open")
    return _desk(session, activity_id, now)


def close_checkin(session: Session, *, speaker: Speaker | None, activity_id: int, now: datetime) -> Desk:
    """Close the check-in of an activity; its codes, its projector page and its six digits are dead from now on.

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker does not coordinate its cohort.
    """
    row, coordinator = _require(session, speaker, activity_id)
    if row.secret is not None and row.closed_at is None:
        _close(session, activity_id, now)
        _log(session, row, coordinator.actor, now, "close")
    return _desk(session, activity_id, now)


def close_stale(session: Session, *, now: datetime, limit: int = 200) -> int:
    """Close what a coordinator forgot, as of when its rules close it, and what was cancelled; how many."""
    query = (
        select(ACTIVITY.c.id, ACTIVITY.c.cohort_id, ACTIVITY.c.kind, ACTIVITY.c.ends_at, ACTIVITY.c.cancelled_at)
        .join(WINDOW, WINDOW.c.activity_id == ACTIVITY.c.id)
        .where(WINDOW.c.closed_at.is_(None), ACTIVITY.c.cancelled_at.is_not(None) | (ACTIVITY.c.ends_at <= now))
        .order_by(ACTIVITY.c.ends_at)
    )
    over = [(row, _closes_by_itself(session, row)) for row in session.connection().execute(query).all()]
    stale = [(row, at) for row, at in over if row.cancelled_at is not None or at <= now][:limit]
    for row, at in stale:
        _close(session, row.id, min(now, at))
        _log(session, row, Actor(name="schedule"), now, "close")
    return len(stale)


def show_desk(session: Session, *, speaker: Speaker | None, activity_id: int, now: datetime) -> Desk:
    """What the coordinator's screen shows of an activity.

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker does not coordinate its cohort.
    """
    _require(session, speaker, activity_id)
    return _desk(session, activity_id, now)


def list_choices(
    session: Session,
    *,
    speaker: Speaker | None,
    cohort_id: int,
    now: datetime,
    on: date | None = None,
) -> Choices:
    """One local day's activities of a cohort, the nearest first: the day ``on``, else today or the next with any.

    Raises:
        Gone: there is no such cohort.
        NotAllowed: the speaker does not coordinate it.
    """
    cohort = people.get_cohort(session, cohort_id)
    access.require_coordinator(session, speaker, cohort_id)
    zone = ZoneInfo(cohort.time_zone)
    by_day: dict[date, list[Found]] = {}
    for row in session.connection().execute(_IN_COHORT, {"cohort": cohort_id}):
        by_day.setdefault(row.starts_at.astimezone(zone).date(), []).append(row)
    day = _chosen_day(list(by_day), on or now.astimezone(zone).date())
    rows = sorted(by_day.get(day, ()), key=lambda row: (abs(row.starts_at - now), row.id))
    return Choices(
        cohort_id,
        cohort.name,
        day,
        max((one for one in by_day if one < day), default=None),
        min((one for one in by_day if one > day), default=None),
        tuple(Choice(view_of(row), _is_open(session, row, now)) for row in rows[:MOST_OFFERED]),
    )


def project(session: Session, *, token: str, now: datetime) -> Projection | None:
    """What the projector shows now; ``None`` for an address that never was one."""
    activity_id = rules.read_token(token)
    row = queries.activity(session, activity_id) if activity_id is not None else None
    if row is None or row.secret is None or not rules.is_token_of(token, row.secret, row.id):
        return None
    step = rules.step_of(now)
    is_open = _is_open(session, row, now)
    return Projection(
        activity=view_of(row),
        language=row.language,
        is_open=is_open,
        code=rules.code_of(row.secret, row.id, step) if is_open else "",
        payload=rules.payload_of(row.secret, row.id, step) if is_open else "",
        counts=queries.counts(session, row.id),
        left=(step + 1) * rules.STEP_SECONDS - now.timestamp(),
        policy=policies.policy_of(session, row),
    )


def find_projector(session: Session, *, digits: str, now: datetime) -> str | None:
    """The projector's token for six digits from a coordinator's chat; ``None`` where nothing open has them."""
    query = select(WINDOW.c.activity_id).where(WINDOW.c.show_code == digits, WINDOW.c.closed_at.is_(None))
    activity_id = session.connection().execute(query).scalar()
    row = queries.activity(session, activity_id) if activity_id is not None else None
    return rules.token_of(row.secret, row.id) if row is not None and _is_open(session, row, now) else None


def _require(session: Session, speaker: Speaker | None, activity_id: int) -> tuple[Found, Speaker]:
    row = queries.activity(session, activity_id)
    if row is None:
        raise Gone
    return row, access.require_coordinator(session, speaker, row.cohort_id)


def _desk(session: Session, activity_id: int, now: datetime) -> Desk:
    row = queries.activity(session, activity_id)
    if row is None:
        raise Gone
    is_open = _is_open(session, row, now)
    closes_at = rules.closes_at(row.ends_at, row.closed_at, policies.policy_of(session, row))
    return Desk(
        activity=view_of(row),
        counts=queries.counts(session, activity_id),
        opened_at=row.opened_at,
        closed_at=closes_at if row.opened_at and not is_open else None,
        cancelled=row.cancelled_at is not None,
        token=rules.token_of(row.secret, row.id) if is_open else "",
        show_code=(row.show_code or "") if is_open else "",
    )


def _is_open(session: Session, row: Found, now: datetime) -> bool:
    if row.opened_at is None or row.cancelled_at is not None:
        return False
    return now < rules.closes_at(row.ends_at, row.closed_at, policies.policy_of(session, row))


def _closes_by_itself(session: Session, row: Found) -> datetime:
    return rules.closes_at(row.ends_at, None, policies.policy_of(session, row))


def _chosen_day(days: Iterable[date], wanted: date) -> date:
    """The day wanted or the next one with activities; after the last day, that one."""
    known = sorted(days)
    return next((day for day in known if day >= wanted), known[-1] if known else wanted)


def _open(session: Session, row: Found, coordinator: Speaker, now: datetime) -> None:
    show_code = _free_show_code(session)
    if row.secret is None:
        session.connection().execute(
            WINDOW.insert(),
            {
                "activity_id": row.id,
                "secret": secrets.token_hex(SECRET_BYTES),
                "show_code": show_code,
                "opened_at": now,
                "opened_by": coordinator.person_id,
                "closed_at": None,
            },
        )
    else:
        session.connection().execute(
            update(WINDOW).where(WINDOW.c.activity_id == row.id).values(closed_at=None, show_code=show_code)
        )


def _close(session: Session, activity_id: int, at: datetime) -> None:
    session.connection().execute(
        update(WINDOW).where(WINDOW.c.activity_id == activity_id).values(closed_at=at, show_code=None)
    )


def _free_show_code(session: Session) -> str:
    query = select(WINDOW.c.show_code).where(WINDOW.c.show_code.is_not(None))
    taken = set(session.connection().execute(query).scalars())
    while True:
        digits = f"{secrets.randbelow(10**SHOW_DIGITS):0{SHOW_DIGITS}d}"
        if digits not in taken:
            return digits


def _log(session: Session, row: Found, actor: Actor, now: datetime, action: str) -> None:
    audit.record(
        session,
        audit.entry(
            actor=actor,
            now=now,
            action=action,
            subject="checkin",
            subject_id=row.id,
            cohort_id=row.cohort_id,
        ),
    )
