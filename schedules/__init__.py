"""Door two: the clock. One module a feature; each pass claims what is due in our tables and records what to say."""

from bot.ticker import Ticker
from bot.turn import Turns
from schedules import checkin, housekeeping, timetable


def register(ticker: Ticker, turns: Turns) -> None:
    """Add every pass."""
    timetable.register(ticker, turns)
    checkin.register(ticker, turns)
    housekeeping.register(ticker, turns)
