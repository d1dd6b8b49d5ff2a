"""Announced changes by the clock: two minutes after the first edit, everybody concerned is told."""

from functools import partial

from bot.changes import roll, sending
from bot.changes.messages import announce_sending
from bot.crashpoints import reach
from bot.people import service as people
from bot.ticker import Ticker
from bot.turn import Turn, Turns

SECONDS = 1.0


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the pass."""
    ticker.every(SECONDS, "changes", partial(push_changes, turns))


async def push_changes(turns: Turns) -> None:
    """Owe everybody whose timetable has changed the change, exactly once."""
    if not await turns.read(lambda session: sending.is_due(session, turns.now())):
        return
    while await turns.take(_send_next):
        pass


def _send_next(turn: Turn) -> bool:
    announcement = sending.next_due(turn.session, turn.now)
    if announcement is None:
        return False
    sent = sending.take(turn.session, announcement, turn.now)
    author = people.reader_of(turn.session, announcement.opened_by, sent.cohort.language)
    announce_sending(turn, sent, roll.overview_of(turn.session, announcement), author)
    reach("schedule:before-commit")
    return True
