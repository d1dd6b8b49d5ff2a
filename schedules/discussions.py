"""What the clock does for group discussions: a quiet word when the time is up, a seat for whoever comes late."""

from functools import partial

from bot.discussions import service
from bot.discussions.messages import announcing
from bot.ticker import Ticker
from bot.turn import Turn, Turns

NUDGES_EVERY = 5.0
LATECOMERS_EVERY = 20.0


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the passes."""
    ticker.every(NUDGES_EVERY, "discussions", partial(push_nudges, turns))
    ticker.every(LATECOMERS_EVERY, "discussions_late", partial(seat_latecomers, turns))


async def push_nudges(turns: Turns) -> int:
    """Remind every leader whose time for a stage is up, once a stage; how many groups those were."""
    due = await turns.read(lambda session: service.stages.has_due(session, turns.now()))
    reminded = 0
    for group_id in due:
        reminded += await turns.take(partial(_remind, group_id=group_id))
    return reminded


async def seat_latecomers(turns: Turns) -> int:
    """Give everybody who has come late a seat in the smallest group, and tell them; how many those were."""
    late = await turns.read(service.arriving.latecomers)
    seated = 0
    for discussion_id, person_id in late:
        seated += await turns.take(partial(_seat, discussion_id=discussion_id, person_id=person_id))
    return seated


def _remind(turn: Turn, group_id: int) -> bool:
    circle = service.stages.take_due(turn.session, group_id, turn.now)
    return circle is not None and announcing.announce_nudge(turn, circle)


def _seat(turn: Turn, discussion_id: int, person_id: int) -> bool:
    joined = service.arriving.take_latecomer(turn.session, discussion_id, person_id, turn.now)
    if joined is None:
        return False
    points = service.finding.leading_of(turn.session, joined.circle)
    announcing.announce_seat(turn, joined.circle, joined.member, points)
    return True
