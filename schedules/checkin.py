"""Closes the check-ins that nobody closed, and ends the walk-ins that nobody has settled.

Arrivals are refused from that instant anyway, and a walk-in was never an attendance: the pass only tidies up.
"""

from functools import partial

from bot.checkin import service
from bot.ticker import Ticker
from bot.turn import Turn, Turns

SECONDS = 60.0
LIMIT = 200


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the pass."""
    ticker.every(SECONDS, "checkin", partial(push_closings, turns))


async def push_closings(turns: Turns) -> int:
    """Close what is over by its rules, end what has expired, and say how many both were."""
    return await turns.take(_close)


def _close(turn: Turn) -> int:
    closed = service.close_stale(turn.session, now=turn.now, limit=LIMIT)
    return closed + service.expire_walk_ins(turn.session, now=turn.now, limit=LIMIT)
