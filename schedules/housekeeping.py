"""The hourly tidying: what must not be kept for ever goes, in small batches, so that nobody waits for it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot import conversation
from bot.forum import drafting as forum_drafts
from bot.inbox import retention as inbox
from bot.outbox import retention as outbox
from bot.people import retention as people
from bot.ticker import Ticker
from bot.turn import Turn, Turns

SECONDS = 3600.0
BATCH = 200
BATCHES = 500
"""A pass stops after so many batches of a kind; the next one goes on."""

Find = Callable[[Session, datetime, int], Sequence[int]]
Remove = Callable[[Session, Sequence[int]], int]

LARGE: Sequence[tuple[Find, Remove]] = (
    (inbox.find_old_bodies, inbox.blank_bodies),
    (inbox.find_old_ids, inbox.delete_ids),
    (outbox.find_old_payloads, outbox.blank_payloads),
    (outbox.find_old_rows, outbox.delete_rows),
)
SMALL: Sequence[Callable[[Session, datetime], int]] = (
    conversation.forget_old,
    people.forget_guesses,
    people.drop_old_imports,
    forum_drafts.forget_old,
)


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the pass."""
    ticker.every(SECONDS, "housekeeping", partial(tidy_up, turns))


async def tidy_up(turns: Turns) -> None:
    """Remove everything whose time is over."""
    for forget in SMALL:
        await turns.take(partial(_forget, forget=forget))
    for find, remove in LARGE:
        await _remove_all(turns, find, remove)


async def _remove_all(turns: Turns, find: Find, remove: Remove) -> None:
    """Search on a reader, a large stretch at once, and remove by the writer in batches."""
    old = await turns.read(lambda session: find(session, turns.now(), BATCH * BATCHES))
    for start in range(0, len(old), BATCH):
        await turns.take(partial(_remove, remove=remove, ids=old[start : start + BATCH]))


def _forget(turn: Turn, forget: Callable[[Session, datetime], int]) -> int:
    return forget(turn.session, turn.now)


def _remove(turn: Turn, remove: Remove, ids: Sequence[int]) -> int:
    return remove(turn.session, ids)
