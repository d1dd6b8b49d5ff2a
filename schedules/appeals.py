"""Reminds coordinators of appeals whose answer is due: at noon of the day promised, and once when the hour is over."""

from functools import partial
from itertools import groupby

from bot.checkin import appeals
from bot.checkin.messages import appeals as words
from bot.ticker import Ticker
from bot.turn import Turn, Turns

SECONDS = 20.0


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the pass."""
    ticker.every(SECONDS, "appeals", partial(push_reminders, turns))


async def push_reminders(turns: Turns) -> int:
    """Remind of what is due and say how many appeals that were."""
    if not await turns.read(lambda session: appeals.has_due(session, turns.now())):
        return 0
    return await turns.take(remind)


def remind(turn: Turn) -> int:
    """One message a cohort, however many appeals it has."""
    due = appeals.take_due(turn.session, now=turn.now)
    for _, of_cohort in groupby(due, key=lambda appeal: appeal.activity.cohort_id):
        words.announce_due(turn, list(of_cohort))
    return len(due)
