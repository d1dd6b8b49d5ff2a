"""Reminders by the clock: planting what will be due, the evening before, and the minutes before each activity."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from bot.crashpoints import reach
from bot.recurrence.service import Plan
from bot.reminders import before, evening, messages, planting
from bot.ticker import Ticker
from bot.turn import Turn, Turns

T = TypeVar("T")
SECONDS = 1.0
PLANTING = 15.0
PAGE = 600
"""Of one reminder, how many people are taken at once; it holds the writer for some 20 ms."""
ENOUGH = 500
"""A transaction that has so many rows takes nothing further."""
NEW_EVENINGS, OTHER_EVENINGS = 50, 5
"""Of so many cohorts one transaction sets up the evening, or brings it into line: some 10 ms of the writer."""
PLANTS = 250
"""So many due rows one transaction plants."""
AT_ONCE = 5
"""No transaction looks at more cohorts or activities, even where they have nothing to say."""


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the passes."""
    ticker.every(PLANTING, "reminders-planting", partial(plant, turns))
    ticker.every(SECONDS, "reminders-evening", partial(push_evenings, turns))
    ticker.every(SECONDS, "reminders-before", partial(push_befores, turns))


async def plant(turns: Turns) -> int:
    """Bring the due rows into step with the timetable and say how many were new."""
    missing = await turns.read(lambda session: planting.find_missing(session, turns.now()))
    if missing.is_nothing:
        return 0
    for new in _in_parts(missing.new_evenings, NEW_EVENINGS):
        await turns.take(partial(_begin_evenings, plans=new))
    for other in _in_parts(missing.other_evenings, OTHER_EVENINGS):
        await turns.take(partial(_align_evenings, plans=other))
    planted = [await turns.take(partial(_plant, rows=rows)) for rows in _in_parts(missing.rows, PLANTS)]
    await turns.take(lambda turn: planting.move_mark(turn.session, turn.now))
    return sum(planted)


async def push_evenings(turns: Turns) -> None:
    """Owe everybody whose cohort's evening has come what tomorrow begins with, exactly once."""
    if not await turns.read(lambda session: evening.is_due(session, turns.now())):
        return
    position: evening.Position | None = None
    is_done = False
    while not is_done:
        position, is_done = await turns.take(partial(push_evening_page, position=position))


async def push_befores(turns: Turns) -> None:
    """Owe everybody the reminder of what begins in so many minutes, exactly once."""
    if not await turns.read(lambda session: before.is_due(session, turns.now())):
        return
    position: before.Position | None = None
    is_done = False
    while not is_done:
        position, is_done = await turns.take(partial(push_before_page, position=position))


def _in_parts(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (whole[start : start + size] for start in range(0, len(whole), size))


def _begin_evenings(turn: Turn, plans: Sequence[Plan]) -> None:
    planting.begin_evenings(turn.session, plans, turn.now)


def _align_evenings(turn: Turn, plans: Sequence[Plan]) -> None:
    planting.align_evenings(turn.session, plans, turn.now)


def _plant(turn: Turn, rows: Sequence[dict[str, Any]]) -> int:
    return planting.plant(turn.session, rows)


def push_evening_page(turn: Turn, position: evening.Position | None) -> tuple[evening.Position | None, bool]:
    """Fill one transaction with the evenings that are due: where to go on, and whether nothing is left."""
    waiting = evening.waiting(turn.session, turn.now, AT_ONCE)
    rows = 0
    for one in waiting:
        eve = evening.take(turn.session, one, now=turn.now, position=position, room=PAGE)
        messages.announce_evening(turn, eve)
        position = eve.position
        rows += eve.size
        if rows >= ENOUGH:
            break
    reach("schedule:before-commit")
    return position, not waiting


def push_before_page(turn: Turn, position: before.Position | None) -> tuple[before.Position | None, bool]:
    """Fill one transaction with the reminders that are due: where to go on, and whether nothing is left."""
    waiting = before.waiting(turn.session, turn.now, AT_ONCE)
    rows = 0
    for one in waiting:
        call = before.take(turn.session, one, now=turn.now, position=position, room=PAGE)
        position = call.position if call else None
        if call:
            messages.announce_before(turn, call)
        rows += 1 + (call.audience.size if call else 0)
        if rows >= ENOUGH:
            break
    reach("schedule:before-commit")
    return position, not waiting
