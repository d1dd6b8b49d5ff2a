"""Forums by the clock: calls open, are drawn or chosen and end; offers run out; a place that is free finds the next.

Each step is one transaction, claims what is due anew inside it, and says what it did, so that a kill at any instant
leaves either all of it or nothing.
"""

from collections.abc import Callable, Sequence
from functools import partial

from sqlmodel import Session

from bot.crashpoints import reach
from bot.forum import closing, contacts, drawing, offers, publishing
from bot.forum.messages import announcing, draw, seats
from bot.forum.views import view_of
from bot.ticker import Ticker
from bot.turn import Turn, Turns

SECONDS = 1.0
SLOW = 60.0
AT_ONCE = 50
"""So many offers that ran out are seen to in one round."""


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the passes."""
    ticker.every(SECONDS, "forum", partial(push_forum, turns))
    ticker.every(SLOW, "forum-unreached", partial(push_unreached, turns))


async def push_forum(turns: Turns) -> None:
    """Do what is due, call by call and offer by offer."""
    now = turns.now()
    await _each(turns, lambda session: closing.to_announce(session, now), _announce)
    await _each(turns, lambda session: publishing.moved(session, now), _follow)
    await _each(turns, lambda session: closing.to_draw(session, now), _draw)
    await _each(turns, lambda session: closing.to_choose(session, now), _ask_to_choose)
    await _each(turns, lambda session: closing.to_end(session, now), _end)
    await _each(turns, lambda session: offers.due(session, now, AT_ONCE), _expire)
    for call_id, part in await turns.read(lambda session: offers.idle(session, now, AT_ONCE)):
        await turns.take(partial(_fill, call_id=call_id, part=part))


async def push_unreached(turns: Turns) -> None:
    """Name to the coordinators whoever has blocked the bot since a place was offered to them."""
    if await turns.read(lambda session: contacts.unreached(session, turns.now())):
        await turns.take(_name_unreached)


async def _each(turns: Turns, find: Callable[[Session], Sequence[int]], do: Callable[[Turn, int], None]) -> None:
    for number in await turns.read(find):
        await turns.take(partial(_step, do=do, number=number))


def _step(turn: Turn, do: Callable[[Turn, int], None], number: int) -> None:
    do(turn, number)
    reach("schedule:before-commit")


def _announce(turn: Turn, call_id: int) -> None:
    call = view_of(turn.session, call_id, turn.now)
    if call.is_open:
        announcing.announce_call(turn, call)


def _follow(turn: Turn, call_id: int) -> None:
    announcing.announce_moved(turn, publishing.follow(turn.session, call_id, turn.now))


def _draw(turn: Turn, call_id: int) -> None:
    drew = drawing.hold_draw(turn.session, call_id=call_id, now=turn.now)
    if drew is not None:
        draw.announce_draw(turn, drew)


def _ask_to_choose(turn: Turn, call_id: int) -> None:
    closing.note_asked(turn.session, call_id, turn.now)
    seats.announce_choose(turn, call_id)


def _end(turn: Turn, call_id: int) -> None:
    ended = closing.end(turn.session, call_id, turn.now)
    seats.announce_settled(turn, call_id, ended.answers)


def _expire(turn: Turn, signup_id: int) -> None:
    answered = offers.expire_one(turn.session, signup_id, turn.now)
    if answered is not None:
        seats.announce_answered(turn, answered)


def _fill(turn: Turn, call_id: int, part: str) -> None:
    seats.announce_offers(turn, offers.fill(turn.session, call_id, part, turn.now))
    reach("schedule:before-commit")


def _name_unreached(turn: Turn) -> None:
    for offer in contacts.unreached(turn.session, turn.now):
        seats.announce_unreachable(turn, view_of(turn.session, offer.call_id, turn.now), offer)
