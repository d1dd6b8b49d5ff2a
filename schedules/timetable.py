"""The morning push, by the clock: every second one look into an index, and what is due goes to the outbox in pages."""

from functools import partial

from bot.crashpoints import reach
from bot.ticker import Ticker
from bot.timetable import messages, morning
from bot.timetable.morning import Position
from bot.turn import Turn, Turns

SECONDS = 1.0
PAGE = 600
"""Of one cohort, how many people are taken at once; it holds the writer for some 20 ms."""
ENOUGH = PAGE
"""A transaction that has so many rows takes no further cohort; before that, what many small ones share is spared."""
COHORTS = 5
"""No transaction looks at more cohorts, even where they have nothing to say."""


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the pass."""
    ticker.every(SECONDS, "timetable", partial(push_mornings, turns))


async def push_mornings(turns: Turns) -> None:
    """Owe everybody whose cohort's hour has come their day, exactly once."""
    if not await turns.read(lambda session: morning.is_due(session, turns.now())):
        return
    position: Position | None = None
    is_done = False
    while not is_done:
        position, is_done = await turns.take(partial(push_page, position=position))


def push_page(turn: Turn, position: Position | None) -> tuple[Position | None, bool]:
    """Fill one transaction with what is due: where to go on, and whether nothing is left."""
    waiting = morning.waiting(turn.session, turn.now, COHORTS)
    rows = 0
    for one in waiting:
        push = morning.take(turn.session, one, now=turn.now, position=position, room=PAGE)
        messages.announce(turn, push)
        position = push.position
        rows += push.size
        if rows >= ENOUGH:
            break
    reach("schedule:before-commit")
    return position, not waiting
