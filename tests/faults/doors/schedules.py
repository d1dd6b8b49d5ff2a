"""Door two of the fault tests: a push in pages, each in a transaction of its own, the day settled with the last."""

from functools import partial

from sqlmodel import Session

from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people.models import Cohort
from bot.recurrence import service as recurrence
from bot.recurrence.models import Outcome, Recurrence
from bot.ticker import Ticker
from bot.turn import Turn, Turns
from tests.faults.doors.handlers import PUSH

PAGE = 40


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the pass."""
    ticker.every(0.2, "rehearsal", partial(push_all, turns))


async def push_all(turns: Turns) -> None:
    """Push what is due, page by page."""
    done = 0
    while (following := await turns.take(partial(push_page, done=done))) is not None:
        done = following


def push_page(turn: Turn, done: int) -> int | None:
    """One page; how many recipients have it now, or ``None`` when nothing is due any more."""
    waiting = recurrence.due(turn.session, PUSH, turn.now, limit=1)
    if not waiting:
        return None
    chats = _recipients(turn.session, waiting[0])
    for chat_id in chats[done : done + PAGE]:
        turn.send(chat_id, Message(f"push {chat_id}"), lane=Lane.REMINDER, key=f"push:{waiting[0].next_on}:{chat_id}")
    if done + PAGE >= len(chats):
        recurrence.settle(turn.session, waiting[0], Outcome.FIRED, turn.now)
        return 0
    return done + PAGE


def _recipients(session: Session, waiting: Recurrence) -> range:
    cohort = session.get_one(Cohort, waiting.cohort_id)
    how_many, first = (int(word) for word in cohort.name.split())
    return range(first, first + how_many)
