"""What speakers are told of their time: reminders a day, 30 and 5 minutes ahead, and that it has changed.

Each reminder of a beginning comes once. A beginning that moves much later earns it again; one that moves a little does
not. A change is told once it has rested, so that a coordinator who tries things out disturbs nobody.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import select, update
from sqlmodel import Session

from bot.database import insert_missing
from bot.forum.models import CallStatus
from bot.forum.plan import State
from bot.forum.queries import ACTIVITY, CALL, SLOT
from bot.forum.running_order import Item, Order, load
from bot.forum.stage_models import SpeakerReminder, SpeakerTime

TIME = SpeakerTime.__table__  # type: ignore[attr-defined]
REMINDER = SpeakerReminder.__table__  # type: ignore[attr-defined]

DAY = 24 * 60
LEADS = (5, 30, DAY)
"""Minutes ahead, the tightest first."""
AGAIN = {5: timedelta(minutes=4), 30: timedelta(minutes=20), DAY: timedelta(hours=12)}
"""By how much later a talk must begin than the last reminder said for that reminder to come again."""
REST = timedelta(minutes=2)
PLANNED, LIVE = timedelta(minutes=2), timedelta(minutes=5)
"""Smaller changes nobody is told of, before the forum and while it goes on."""
AFTER = timedelta(hours=3)


class Kind(StrEnum):
    """What is done about a speaker's time."""

    FIRST = "first"
    """Whoever confirmed the place has said when it is."""
    REMIND = "remind"
    PASS = "pass"  # noqa: S105 - a reminder that is passed over
    NOTICE = "notice"
    """It has changed, and may change again."""
    FORGET = "forget"
    """It is as it was."""
    CHANGED = "changed"


class Step(Struct, frozen=True):
    """One thing to do about one speaker's time; ``before`` is when they were told they begin."""

    kind: Kind
    item: Item
    minutes: int = 0
    before: datetime | None = None

    @property
    def signup_id(self) -> int:
        """Whose time it is."""
        assert self.item.talk is not None  # noqa: S101 - only talks have speakers
        return self.item.talk.signup_id

    @property
    def starts_at(self) -> datetime:
        """When the talk begins as things stand."""
        return self.item.timed.starts_at


class Told(Struct, frozen=True):
    """Those who must be told something now, of one forum."""

    order: Order
    steps: tuple[Step, ...]


def waiting(session: Session, now: datetime) -> list[int]:
    """The calls in which something is to be done about a speaker's time; a look for a pass with nothing to do."""
    found = []
    for call_id in _candidates(session, now):
        order = load(session, call_id, now)
        if _steps(session, order, at_once=False):
            found.append(call_id)
    return found


def take(session: Session, call_id: int, now: datetime, *, at_once: bool = False) -> Told:
    """Write down what is done about the speakers' times of one call, and name those to be told.

    ``at_once`` does not wait for changes to rest.
    """
    order = load(session, call_id, now)
    steps = _steps(session, order, at_once=at_once)
    for step in steps:
        _write(session, step, now)
    return Told(order, tuple(step for step in steps if step.kind in (Kind.REMIND, Kind.CHANGED)))


def note_times(session: Session, order: Order) -> None:
    """Write down what speakers know of their time, before an order is changed, for whom that has not been done."""
    rows = [_time_row(item) for item in order.talks if item.timed.state is State.LATER]
    insert_missing(session, TIME, rows)


def unsaid(session: Session, order: Order) -> int:
    """How many speakers do not know their present time yet."""
    return sum(step.kind is Kind.CHANGED for step in _steps(session, order, at_once=True))


def _candidates(session: Session, now: datetime) -> Sequence[int]:
    query = (
        select(CALL.c.id)
        .join(ACTIVITY, ACTIVITY.c.id == CALL.c.activity_id)
        .where(
            CALL.c.status.in_((CallStatus.PUBLISHED, CallStatus.SETTLED)),
            ACTIVITY.c.cancelled_at.is_(None),
            ACTIVITY.c.ends_at > now - AFTER,
            select(SLOT.c.id).where(SLOT.c.call_id == CALL.c.id, SLOT.c.signup_id.is_not(None)).exists(),
        )
    )
    return session.connection().execute(query.order_by(CALL.c.id)).scalars().all()


def _steps(session: Session, order: Order, *, at_once: bool) -> list[Step]:
    items = [item for item in order.talks if item.timed.state is State.LATER and not order.is_over]
    times, reminders = _known(session, items)
    steps: list[Step] = []
    for item in items:
        signup_id = item.talk.signup_id if item.talk else 0
        due = _reminders(order, item, reminders.get(signup_id, {}))
        time = times.get(signup_id)
        steps += due
        if time is None:
            steps.append(Step(Kind.FIRST, item))
        elif not any(step.kind is Kind.REMIND for step in due):
            steps += _change(order, item, time, at_once=at_once)
    return steps


def _known(session: Session, items: Iterable[Item]) -> tuple[dict[int, Any], dict[int, dict[int, datetime]]]:
    ids = [item.talk.signup_id for item in items if item.talk]
    if not ids:
        return {}, {}
    connection = session.connection()
    times = {row.signup_id: row for row in connection.execute(select(TIME).where(TIME.c.signup_id.in_(ids)))}
    reminders: dict[int, dict[int, datetime]] = {}
    for row in connection.execute(select(REMINDER).where(REMINDER.c.signup_id.in_(ids))):
        reminders.setdefault(row.signup_id, {})[row.minutes] = row.starts_at
    return times, reminders


def _reminders(order: Order, item: Item, done: dict[int, datetime]) -> list[Step]:
    """Of several reminders that are due after a downtime only the tightest is said."""
    starts_at, now = item.timed.starts_at, order.now
    if not now < starts_at:
        return []
    due = [minutes for minutes in LEADS if starts_at - timedelta(minutes=minutes) <= now]
    fresh = [minutes for minutes in due if minutes not in done or starts_at - done[minutes] >= AGAIN[minutes]]
    if not fresh:
        return []
    says = fresh[0] == due[0] and not _was_just_told(item, fresh[0])
    kinds = [Kind.REMIND if says and minutes == fresh[0] else Kind.PASS for minutes in fresh]
    return [Step(kind, item, minutes) for kind, minutes in zip(kinds, fresh, strict=True)]


def _was_just_told(item: Item, minutes: int) -> bool:
    """Whether the place was confirmed so late that this reminder would only repeat it."""
    settled = item.talk.settled_at if item.talk else None
    is_late = settled is not None and settled > item.timed.starts_at - timedelta(minutes=minutes)
    return is_late and minutes > LEADS[0]


def _change(order: Order, item: Item, time: Any, *, at_once: bool) -> list[Step]:
    starts_at, now = item.timed.starts_at, order.now
    least = LIVE if order.is_live else PLANNED
    if abs(starts_at - time.starts_at) < least or starts_at <= now:
        return [Step(Kind.FORGET, item)] if time.next_at is not None else []
    is_new = time.next_at is None or (not order.is_live and time.next_at != starts_at)
    if at_once or (not is_new and now - time.since >= REST):
        return [Step(Kind.CHANGED, item, before=time.starts_at)]
    return [Step(Kind.NOTICE, item)] if is_new else []


def _write(session: Session, step: Step, now: datetime) -> None:
    connection = session.connection()
    mine = update(TIME).where(TIME.c.signup_id == step.signup_id)
    if step.kind is Kind.FIRST:
        insert_missing(session, TIME, [_time_row(step.item)])
    elif step.kind is Kind.NOTICE:
        connection.execute(mine.values(next_at=step.starts_at, since=now))
    elif step.kind is Kind.FORGET:
        connection.execute(mine.values(next_at=None, since=None))
    elif step.kind is Kind.CHANGED:
        connection.execute(mine.values(starts_at=step.starts_at, next_at=None, since=None))
    else:
        _settle(session, step, now)


def _settle(session: Session, step: Step, now: datetime) -> None:
    connection, told = session.connection(), step.kind is Kind.REMIND
    values = {"starts_at": step.starts_at, "settled_at": now, "told": told}
    own = (REMINDER.c.signup_id == step.signup_id, REMINDER.c.minutes == step.minutes)
    if not connection.execute(update(REMINDER).where(*own).values(**values)).rowcount:
        connection.execute(REMINDER.insert().values(signup_id=step.signup_id, minutes=step.minutes, **values))
    if told:
        now_known = {"starts_at": step.starts_at, "next_at": None, "since": None}
        connection.execute(update(TIME).where(TIME.c.signup_id == step.signup_id).values(**now_known))


def _time_row(item: Item) -> dict[str, Any]:
    assert item.talk is not None  # noqa: S101 - only talks have speakers
    return {
        "signup_id": item.talk.signup_id,
        "starts_at": item.timed.starts_at,
        "next_at": None,
        "since": None,
    }
