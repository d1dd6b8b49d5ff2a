"""Once a month, from mid-November on: says loudly that the table of holidays of the next year is missing."""

from functools import partial

from bot.ticker import Ticker
from bot.turn import Turn, Turns
from bot.workdays import reminding
from bot.workdays.messages.reminder import announce

EVERY_SECONDS = 1800.0


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the pass."""
    ticker.every(EVERY_SECONDS, "workdays", partial(push_missing_table, turns))


async def push_missing_table(turns: Turns) -> None:
    """Tell those who plan camps, in their own working hours; nobody twice in a month."""
    if await turns.read(lambda session: reminding.missing_now(session, turns.now())):
        await turns.take(_push)


def _push(turn: Turn) -> None:
    for reminder in reminding.reminders(turn.session, turn.now):
        announce(turn, reminder)
