"""Door two: the clock. One module a feature; each pass claims what is due in our tables and records what to say."""

from bot.ticker import Ticker
from bot.turn import Turns
from schedules import (
    appeals,
    changes,
    checkin,
    closing,
    discussions,
    forum,
    forum_stage,
    hours,
    housekeeping,
    invitations,
    notices,
    quiz,
    reminders,
    timetable,
    workdays,
)


def register(ticker: Ticker, turns: Turns) -> None:
    """Add every pass."""
    timetable.register(ticker, turns)
    reminders.register(ticker, turns)
    changes.register(ticker, turns)
    checkin.register(ticker, turns)
    appeals.register(ticker, turns)
    hours.register(ticker, turns)
    closing.register(ticker, turns)
    notices.register(ticker, turns)
    quiz.register(ticker, turns)
    discussions.register(ticker, turns)
    forum.register(ticker, turns)
    forum_stage.register(ticker, turns)
    invitations.register(ticker, turns)
    workdays.register(ticker, turns)
    housekeeping.register(ticker, turns)
