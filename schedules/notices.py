"""Notices by the clock: what is due starts, what is under way goes on, albums that are complete show their notice."""

import asyncio
import time
from collections.abc import Awaitable
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlmodel import Session

from bot import i18n
from bot.crashpoints import reach
from bot.notices import dispatch, dispatch_rooms, drafting, pieces, queries, sending, settling
from bot.notices.messages import announcing, composing
from bot.notices.messages.progress import Course
from bot.notices.models import Notice, Status
from bot.notices.sending import NotStarted
from bot.people import service as people
from bot.ticker import Ticker
from bot.turn import Turn, Turns

T = TypeVar("T")
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
        await _push_on(turns, notice_id)


async def _push_on(turns: Turns, notice_id: int) -> None:
    """Take one notice a step further: what became of its copies, then the next of them, then how far it is."""
    after: int | None = 0
    while after is not None:
        after = await _with_a_rest(turns.take(partial(collect, notice_id=notice_id, after=after)))
    while await _with_a_rest(turns.take(partial(feed, notice_id=notice_id))):
        pass
    shown = await turns.read(partial(_look, notice_id=notice_id, now=turns.now()))
    if shown is not None:
        await turns.take(partial(_show, notice_id=notice_id, course=shown))
    await turns.take(partial(finish, notice_id=notice_id))


async def _with_a_rest(page: Awaitable[T]) -> T:
    """Take a page, then leave the writer to others for as long: replies do not queue behind page after page."""
    began = time.monotonic()
    taken = await page
    await asyncio.sleep(time.monotonic() - began)
    return taken


def collect(turn: Turn, notice_id: int, after: int) -> int | None:
    """Note what became of a page of copies; the last person looked at, where there may be more to note."""
    notice = _get(turn.session, notice_id)
    if notice is None:
        return None
    if after == 0:
        dispatch_rooms.collect(turn.session, notice, turn.now)
        settling.collect_amendments(turn.session, notice)
    return settling.collect(turn.session, notice, turn.now, after)


def feed(turn: Turn, notice_id: int) -> bool:
    """Put a page of copies into the outbox; whether there may be more to put there at once."""
    notice = _get(turn.session, notice_id)
    if notice is None:
        return False
    fed = dispatch.feed(turn, notice)
    amended = dispatch.feed_amendments(turn, notice)
    dispatch_rooms.feed(turn, notice)
    dispatch_rooms.feed_amendments(turn, notice)
    turn.session.add(notice)
    reach("notices:before-commit")
    return fed + amended > 0


def finish(turn: Turn, notice_id: int) -> None:
    """Report a notice that is through."""
    notice = _get(turn.session, notice_id)
    if notice is not None and _is_finished(turn.session, notice):
        _finish(turn, notice)


def _is_finished(session: Session, notice: Notice) -> bool:
    if notice.status == Status.PAUSED:
        return False
    return dispatch.is_finished(session, notice) and dispatch_rooms.is_finished(session, notice)


def _finish(turn: Turn, notice: Notice) -> None:
    notice.status = Status.CANCELLED if notice.status == Status.CANCELLED else Status.DONE
    notice.ended_at = notice.reported_at = turn.now
    turn.session.add(notice)
    turn.session.flush()
    announcing.show_progress(turn, announcing.course_of(turn.session, notice, turn.now))
    if notice.progress_id is None or _took_long(notice) or not announcing.is_authors(turn.session, notice):
        announcing.send_report(turn, notice)


def _took_long(notice: Notice) -> bool:
    """Whether the author has surely put the phone away meanwhile."""
    return (
        notice.started_at is not None
        and notice.ended_at is not None
        and ((notice.ended_at - notice.started_at).total_seconds() > LONG)
    )


def _look(session: Session, notice_id: int, now: datetime) -> Course | None:
    """How far a notice is, where it is time to show that again; counting takes a while, so it only reads."""
    notice = _get(session, notice_id)
    if notice is None or notice.status == Status.PAUSED or notice.progress_id is None:
        return None
    if notice.shown_at is not None and (now - notice.shown_at).total_seconds() < SHOWN_EVERY:
        return None
    return announcing.course_of(session, notice, now)


def _show(turn: Turn, notice_id: int, course: Course) -> None:
    notice = _get(turn.session, notice_id)
    if notice is not None and notice.status == course.notice.status:
        notice.shown_at = turn.now
        announcing.show_progress(turn, course)
        turn.session.add(notice)


def _start_due(turn: Turn) -> int:
    """Start scheduled notices whose hour has come; how many were looked at."""
    waiting = sending.due(turn.session, turn.now, STARTED_AT_ONCE)
    for notice in waiting:
        outcome = sending.start_scheduled(turn.session, notice, turn.now)
        if isinstance(outcome, NotStarted):
            announcing.tell_not_started(turn, notice, outcome)
    return len(waiting)


def _close_albums(turn: Turn) -> None:
    for notice in pieces.close_albums(turn.session, turn.now):
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
