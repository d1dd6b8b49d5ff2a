"""Closes the check-ins that nobody closed. Arrivals are refused from that instant anyway: the pass only tidies up."""

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
    """Close what ended more than two hours ago and say how many that were."""
    return await turns.take(_close)


def _close(turn: Turn) -> int:
    return service.close_stale(turn.session, now=turn.now, limit=LIMIT)
