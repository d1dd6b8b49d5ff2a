"""The clock for people outside the roster: invitations and visitors reminded and thanked, guests forgotten."""

from functools import partial

from bot.forum import guest_keeping, invitation_clock, lecture_news
from bot.forum.messages import invitation_news
from bot.forum.messages import lecture_news as visitor_words
from bot.ticker import Ticker
from bot.turn import Turn, Turns

SECONDS = 15.0
HOURLY = 3600.0
LIMIT = 100
GUESTS = 200


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the passes."""
    ticker.every(SECONDS, "invitations", partial(push_invitations, turns))
    ticker.every(SECONDS, "visitors", partial(push_visitors, turns))
    ticker.every(HOURLY, "guests", partial(forget_guests, turns))


async def push_invitations(turns: Turns) -> int:
    """Let run out what has not been answered, remind, note who gave up elsewhere, thank; how many in all."""
    if not await turns.read(lambda session: invitation_clock.is_due(session, turns.now())):
        return 0
    return await turns.take(_tend)


async def push_visitors(turns: Turns) -> int:
    """Tell visitors what is due, a call a transaction; how many copies."""
    due = await turns.read(lambda session: lecture_news.due(session, turns.now()))
    told = 0
    for one in due:
        told += await turns.take(partial(_tell, due=one))
    return told


async def forget_guests(turns: Turns) -> int:
    """Erase the guests whose last event is long over; how many."""
    old = await turns.read(lambda session: guest_keeping.find_old(session, turns.now(), GUESTS))
    if not old:
        return 0
    return await turns.take(lambda turn: guest_keeping.forget(turn.session, old))


def _tend(turn: Turn) -> int:
    session, now = turn.session, turn.now
    expired = invitation_clock.expire(session, now=now, limit=LIMIT)
    gone = invitation_clock.find_gone(session, now=now, limit=LIMIT)
    reminded = invitation_clock.remind(session, now=now, limit=LIMIT)
    thanked = invitation_clock.thank_due(session, now=now, limit=LIMIT)
    for fallen in expired:
        invitation_news.announce_ran_out(turn, fallen)
    for fallen in gone:
        invitation_news.announce_fallen(turn, fallen)
    for one in reminded:
        invitation_news.announce_reminder(turn, one)
    for view in thanked:
        invitation_news.announce_thanks(turn, view)
    return len(expired) + len(gone) + len(reminded) + len(thanked)


def _tell(turn: Turn, due: lecture_news.Due) -> int:
    news = lecture_news.take(turn.session, due, turn.now)
    return visitor_words.announce(turn, news) if news is not None else 0
