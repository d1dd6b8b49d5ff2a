"""What the clock does on a stage: quiet signals to the speaker, the moderator's panel, the end nobody has pressed.

A signal comes once for an item as it stands; after a downtime a signal that is too late is passed over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import select, update
from sqlmodel import Session

from bot.forum import plan, stage
from bot.forum.queries import CALL
from bot.forum.questions import count_new
from bot.forum.running_order import STAGE, Item, Order, load

WARNING = timedelta(minutes=2)
TOO_LATE = timedelta(minutes=5)
"""A signal that comes later than this would only confuse."""
FORGOTTEN = timedelta(hours=2)
"""So long after the activity's end, and after the last item began, a forum that nobody ended is over."""
SHOWN_OVER = 30
"""For so many minutes over time the panel is kept current."""


class Signal(StrEnum):
    """What the speaker and the moderator are shown."""

    WARNING = "warning"
    TIME = "time"


class Tick(Struct, frozen=True):
    """What has become due on one stage. ``panel`` says that the moderator's panel must be brought up to date."""

    order: Order
    item: Item | None = None
    signal: Signal | None = None
    panel: bool = False
    ended: bool = False


def live_calls(session: Session) -> Sequence[int]:
    """The calls whose stage is open: for most seconds of a year none."""
    query = select(STAGE.c.call_id).where(STAGE.c.ended_at.is_(None)).order_by(STAGE.c.call_id)
    return session.connection().execute(query).scalars().all()


def live_call_of(session: Session, cohort_id: int) -> int | None:
    """The forum of a camp that is going on; the one opened last where there are several."""
    query = select(STAGE.c.call_id).join(CALL, CALL.c.id == STAGE.c.call_id)
    live = query.where(CALL.c.cohort_id == cohort_id, STAGE.c.ended_at.is_(None))
    found: int | None = session.connection().execute(live.order_by(STAGE.c.opened_at.desc()).limit(1)).scalar()
    return found


def due(session: Session, now: datetime) -> list[int]:
    """The calls on whose stage something is due; a look for a pass with nothing to do."""
    return [call_id for call_id in live_calls(session) if _look(session, call_id, now) is not None]


def take(session: Session, call_id: int, now: datetime) -> Tick | None:
    """Note what is due on a stage as done, and return it; ``None`` where nothing is due any more."""
    tick = _look(session, call_id, now)
    if tick is None:
        return None
    mine = update(STAGE).where(STAGE.c.call_id == call_id)
    values: dict[str, object] = {
        "questions_shown": count_new(session, call_id),
        "over_shown": minutes_over(tick.order),
    }
    late = tick.item is not None and _left(tick.order, tick.item) < -TOO_LATE
    if tick.signal is Signal.WARNING:
        values["warned_at"] = now
    elif tick.signal is Signal.TIME:
        values |= {"rung_at": now, "warned_at": now}
    session.connection().execute(mine.values(**values))
    if tick.ended:
        return Tick(stage.close(session, tick.order, now).order, panel=True, ended=True)
    return Tick(tick.order, tick.item, None if late else tick.signal, panel=True)


def _look(session: Session, call_id: int, now: datetime) -> Tick | None:
    row = stage.panel_of(session, call_id)
    if row is None or row.ended_at is not None:
        return None
    order = load(session, call_id, now)
    if _is_forgotten(order, now):
        return Tick(order, ended=True)
    signal = _signal(order, warned=row.warned_at is not None, rung=row.rung_at is not None)
    over = minutes_over(order)
    is_old = count_new(session, call_id) != row.questions_shown or (over != row.over_shown and over <= SHOWN_OVER)
    return Tick(order, order.current, signal, is_old) if signal or is_old else None


def _signal(order: Order, *, warned: bool, rung: bool) -> Signal | None:
    item = order.current
    if item is None or order.stage is None or rung:
        return None
    left = _left(order, item)
    if left <= timedelta():
        return Signal.TIME
    whole = timedelta(minutes=item.piece.minutes + order.stage.extra)
    return Signal.WARNING if not warned and left <= WARNING < whole else None


def _left(order: Order, item: Item) -> timedelta:
    assert order.stage is not None  # noqa: S101 - something is on
    return plan.due_end(item.piece, order.stage) - order.now


def minutes_over(order: Order) -> int:
    """Whole minutes that what is on has run over."""
    if order.current is None:
        return 0
    return max(0, int(-_left(order, order.current).total_seconds() // 60))


def _is_forgotten(order: Order, now: datetime) -> bool:
    assert order.stage is not None  # noqa: S101 - the stage is open
    began = [item.piece.began_at for item in order.items if item.piece.began_at is not None]
    last = max([order.call.ends_at, order.stage.opened_at, *began])
    return now - last > FORGOTTEN


def ended_unasked(session: Session) -> Sequence[int]:
    """The calls that are over and whose room has not been asked for feedback."""
    query = select(STAGE.c.call_id).where(STAGE.c.ended_at.is_not(None), STAGE.c.asked_at.is_(None))
    return session.connection().execute(query.order_by(STAGE.c.call_id)).scalars().all()
