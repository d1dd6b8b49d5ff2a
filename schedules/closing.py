"""The close of each day at its hour, and the missing named on the day itself, each once."""

from functools import partial

from bot.closing import messages, service
from bot.closing.service import Absence
from bot.crashpoints import reach
from bot.ticker import Ticker
from bot.turn import Turn, Turns

SECONDS = 5.0
PLANNED_EVERY = 60.0
NAMED_EVERY = 20.0


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the passes."""
    ticker.every(PLANNED_EVERY, "closing_plans", partial(plan_closings, turns))
    ticker.every(SECONDS, "closing", partial(push_closings, turns))
    ticker.every(NAMED_EVERY, "absences", partial(push_absences, turns))


async def plan_closings(turns: Turns) -> int:
    """Give every camp its close of day; how many had none, or another."""
    cohorts = await turns.read(lambda session: service.unplanned(session, turns.now()))
    for cohort_id in cohorts:
        await turns.take(partial(_plan, cohort_id=cohort_id))
    return len(cohorts)


async def push_closings(turns: Turns) -> int:
    """Owe the coordinators every day that is due; how many days were told."""
    if not await turns.read(lambda session: service.is_due(session, turns.now())):
        return 0
    return await turns.take(close_days)


async def push_absences(turns: Turns) -> int:
    """Name the missing of every activity whose record is complete; how many activities those were."""
    found = await turns.read(lambda session: service.find_absences(session, turns.now()))
    for absence in found:
        await turns.take(partial(_name, absence=absence))
    return len(found)


def close_days(turn: Turn) -> int:
    """Settle the days that are due and tell of them."""
    reviews = service.take_due(turn.session, turn.now)
    for review in reviews:
        messages.announce_day(turn, review)
    reach("schedule:before-commit")
    return len(reviews)


def _plan(turn: Turn, cohort_id: int) -> None:
    service.plan(turn.session, cohort_id, turn.now)


def _name(turn: Turn, absence: Absence) -> None:
    now_missing = service.take_absence(turn.session, absence, turn.now)
    if now_missing is not None:
        messages.announce_absence(turn, now_missing)
