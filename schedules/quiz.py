"""What the clock does for the quiz: questions of the day, their summaries, repetition, tests that open or run out.

Every second a look into indexes; what is due is taken in pages, so that nobody waits for the writer.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.crashpoints import reach
from bot.quiz import attempts, correcting, daily, openings, recall, summaries
from bot.quiz.messages import announcing
from bot.quiz.messages import daily as words
from bot.recurrence import service as recurrence
from bot.recurrence.models import Recurrence
from bot.ticker import Ticker
from bot.turn import Turn, Turns

SECONDS = 1.0
CORRECTIONS_SECONDS = 30.0
PAGE = 100
"""How many people are asked in one transaction: each has an own order of options, so each message is made for one."""
ENDS = 20
"""How many attempts are handed in in one transaction."""

Work = Callable[[Turn, int], int | None]


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the passes."""
    ticker.every(SECONDS, "quiz", partial(push_questions, turns))
    ticker.every(SECONDS, "quiz_tests", partial(push_tests, turns))
    ticker.every(CORRECTIONS_SECONDS, "quiz_corrections", partial(push_corrections, turns))


async def push_questions(turns: Turns) -> None:
    """Put what is due to everybody who wants it, and say how yesterday's question went."""
    works: dict[str, Work] = {daily.QUESTION: _ask_daily, daily.SUMMARY: _summarise, recall.KIND: _ask_recall}
    for kind, work in works.items():
        if await turns.read(partial(_is_due, turns, kind)):
            await _all_pages(turns, work)


async def push_tests(turns: Turns) -> None:
    """Tell who may begin a test, and hand in what ran out."""
    if await turns.read(lambda session: openings.has_opened(session, turns.now())):
        await _all_pages(turns, _open)
    if await turns.read(lambda session: attempts.has_expired(session, turns.now())):
        await _all_pages(turns, _expire)


async def push_corrections(turns: Turns) -> None:
    """Score answers anew whose question was corrected, one question a transaction."""
    for question_id in await turns.read(lambda session: correcting.outdated(session, PAGE)):
        await turns.take(partial(_rescore, question_id=question_id))


async def _all_pages(turns: Turns, work: Work) -> None:
    """Take pages until nothing is left; ``work`` gives where to go on, or ``None`` at the end."""
    after: int | None = 0
    while after is not None:
        after = await turns.take(partial(_paged, work=work, after=after))


def _paged(turn: Turn, work: Work, after: int) -> int | None:
    following = work(turn, after)
    reach("schedule:before-commit")
    return following


def _is_due(turns: Turns, kind: str, session: Session) -> bool:
    return recurrence.is_due(session, kind, turns.now())


def _first_due(session: Session, kind: str, now: datetime) -> Recurrence | None:
    return next(iter(recurrence.due(session, kind, now, 1)), None)


def _ask_daily(turn: Turn, after: int) -> int | None:
    waiting = _first_due(turn.session, daily.QUESTION, turn.now)
    if waiting is None:
        return None
    push = daily.take(turn.session, waiting, now=turn.now, after=after, room=PAGE)
    words.announce_daily(turn, push)
    return push.asked[-1][0].person_id if push.goes_on else 0


def _summarise(turn: Turn, after: int) -> int | None:
    waiting = _first_due(turn.session, daily.SUMMARY, turn.now)
    if waiting is None:
        return None
    if summary := summaries.take_summary(turn.session, waiting, now=turn.now):
        words.announce_summary(turn, summary)
    return 0


def _ask_recall(turn: Turn, after: int) -> int | None:
    waiting = _first_due(turn.session, recall.KIND, turn.now)
    if waiting is None:
        return None
    push = recall.take(turn.session, waiting, now=turn.now, after=after, room=PAGE)
    words.announce_recall(turn, push)
    return push.last if push.goes_on else 0


def _open(turn: Turn, after: int) -> int | None:
    opening = openings.take(turn.session, now=turn.now, after=after, room=PAGE)
    if opening is None:
        return None
    announcing.announce_opening(turn, opening)
    return opening.audience.last if opening.goes_on else 0


def _expire(turn: Turn, after: int) -> int | None:
    ended = attempts.expire(turn.session, now=turn.now, limit=ENDS)
    for finished in ended:
        announcing.announce_end(turn, finished)
    return 0 if len(ended) == ENDS else None


def _rescore(turn: Turn, question_id: int) -> None:
    correction = correcting.rescore(turn.session, question_id=question_id, actor=correcting.MACHINE, now=turn.now)
    announcing.announce_correction(turn, correction)
