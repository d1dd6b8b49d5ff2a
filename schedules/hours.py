"""Looks through the ledgers whose camps have changed, and tells who has used half, three quarters, or too much.

Reading is a reader's work; only the people with news are looked at again by the writer, a few in a transaction.
"""

from functools import partial

from sqlmodel import Session

from bot.hours import service
from bot.hours.messages import warnings
from bot.hours.service import Review
from bot.ticker import Ticker
from bot.turn import Turn, Turns

SECONDS = 20.0
AT_ONCE = 20


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the pass."""
    ticker.every(SECONDS, "hours", partial(push_warnings, turns))


async def push_warnings(turns: Turns) -> int:
    """Tell everybody who has news, once; how many camps were looked through."""
    due = await turns.read(lambda session: service.cohorts_to_review(session, turns.now()))
    for cohort_id in due:
        found = await turns.read(partial(_review, cohort_id=cohort_id, turns=turns))
        for start in range(0, len(found.person_ids), AT_ONCE):
            await turns.take(partial(_tell, found=found, start=start))
        await turns.take(partial(_finish, found=found))
    return len(due)


def _review(session: Session, cohort_id: int, turns: Turns) -> Review:
    return service.review(session, cohort_id, turns.now())


def _tell(turn: Turn, found: Review, start: int) -> None:
    people = found.person_ids[start : start + AT_ONCE]
    news = service.take_news(turn.session, cohort_id=found.cohort_id, person_ids=people, now=turn.now)
    warnings.announce(turn, *news)


def _finish(turn: Turn, found: Review) -> None:
    service.finish(turn.session, found)
