"""Notices by the clock: what is due starts, what is under way goes on, albums that are complete show their notice."""

from functools import partial

from sqlmodel import Session

from bot import i18n
from bot.crashpoints import reach
from bot.notices import dispatch, dispatch_rooms, drafting, queries, sending
from bot.notices.messages import announcing, composing
from bot.notices.models import Notice, Status
from bot.people import service as people
from bot.ticker import Ticker
from bot.turn import Turn, Turns

SECONDS = 0.5
SHOWN_EVERY = 2.0
"""Seconds between two edits of the message that shows how far a notice is."""
STARTED_AT_ONCE = 5
LONG = 60.0
"""Seconds after which the end of a notice is worth a message of its own."""


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the pass."""
    ticker.every(SECONDS, "notices", partial(push_notices, turns))


async def push_notices(turns: Turns) -> None:
    """Do what is due, in transactions small enough that nobody waits for them."""
    if await turns.read(lambda session: queries.is_quiet(session, turns.now())):
        return
    await turns.take(_close_albums)
    while await turns.take(_start_due):
        pass
    for notice_id in await turns.read(dispatch.active):
        while await turns.take(partial(push_on, notice_id=notice_id)):
            pass


def push_on(turn: Turn, notice_id: int) -> bool:
    """Take one notice a step further; whether there is more to put into the outbox at once."""
    notice = _get(turn.session, notice_id)
    if notice is None:
        return False
    dispatch.collect(turn.session, notice, turn.now)
    dispatch_rooms.collect(turn.session, notice, turn.now)
    fed = dispatch.feed(turn, notice) + dispatch.feed_amendments(turn, notice)
    dispatch_rooms.feed(turn, notice)
    dispatch_rooms.feed_amendments(turn, notice)
    turn.session.flush()
    if not fed and _is_finished(turn.session, notice):
        _finish(turn, notice)
    elif _shows_again(turn, notice):
        notice.shown_at = turn.now
        announcing.show_progress(turn, notice)
    turn.session.add(notice)
    reach("notices:before-commit")
    return fed >= dispatch.PAGE


def _is_finished(session: Session, notice: Notice) -> bool:
    if notice.status == Status.PAUSED:
        return False
    return dispatch.is_finished(session, notice) and dispatch_rooms.is_finished(session, notice)


def _finish(turn: Turn, notice: Notice) -> None:
    notice.status = Status.CANCELLED if notice.status == Status.CANCELLED else Status.DONE
    notice.ended_at = notice.reported_at = turn.now
    turn.session.add(notice)
    turn.session.flush()
    announcing.show_progress(turn, notice)
    if notice.progress_id is None or _took_long(notice) or not announcing.is_authors(turn.session, notice):
        announcing.send_report(turn, notice)


def _took_long(notice: Notice) -> bool:
    """Whether the author has surely put the phone away meanwhile."""
    return (
        notice.started_at is not None
        and notice.ended_at is not None
        and ((notice.ended_at - notice.started_at).total_seconds() > LONG)
    )


def _shows_again(turn: Turn, notice: Notice) -> bool:
    if notice.status == Status.PAUSED:
        return False
    return notice.shown_at is None or (turn.now - notice.shown_at).total_seconds() >= SHOWN_EVERY


def _start_due(turn: Turn) -> int:
    """Start scheduled notices whose hour has come; how many were looked at."""
    waiting = sending.due(turn.session, turn.now, STARTED_AT_ONCE)
    for notice in waiting:
        if sending.start_scheduled(turn.session, notice, turn.now) is None:
            announcing.tell_not_started(turn, notice)
    return len(waiting)


def _close_albums(turn: Turn) -> None:
    for notice in drafting.close_albums(turn.session, turn.now):
        turn.session.flush()
        outlook = sending.foresee(turn.session, notice, turn.now)
        cohort = people.get_cohort(turn.session, notice.cohort_id)
        author = people.get_person(turn.session, notice.author_id)
        t = i18n.translator(author.language or cohort.language)
        languages = drafting.languages_of(turn.session, notice.id or 0)
        turn.send(notice.author_chat, composing.render_screen(outlook, cohort, languages, t))


def _get(session: Session, notice_id: int) -> Notice | None:
    notice = session.get(Notice, notice_id)
    return notice if notice is not None and notice.reported_at is None else None
