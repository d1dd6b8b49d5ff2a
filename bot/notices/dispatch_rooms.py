"""A notice's copies in groups and channels: to the outbox, and what became of them back.

They are few, so each is handled by itself; names and keys are like those of people's copies.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session
from sqlmodel import select as find

from bot import i18n
from bot.notices import rules
from bot.notices.drafting import parts_of
from bot.notices.messages import copies
from bot.notices.messages.copies import Reader
from bot.notices.models import Amendment, Kind, Notice, Part, Post, Room, State, Status
from bot.notices.rules import Known
from bot.notices.settling import numbers_of
from bot.outbox import calls
from bot.outbox.calls import Call
from bot.outbox.lanes import Lane
from bot.outbox.models import Outbox
from bot.people import service as people
from bot.turn import Turn

OUTBOX = Outbox.__table__  # type: ignore[attr-defined]


def key_of(notice_id: int, room_id: int, position: int | str, revision: int = 0) -> str:
    """The outbox key of one message of a copy in a room, or of its correction."""
    return f"post:{notice_id}:{room_id}:{position}" + (f":r{revision}" if revision else "")


def feed(turn: Turn, notice: Notice) -> None:
    """Put the copies for groups and channels into the outbox, once."""
    if notice.status != Status.SENDING:
        return
    for post, room in _of(turn.session, notice, State.WAITING):
        reader = _reader(turn.session, notice, room)
        made = copies.render_post(notice, _parts(turn.session, notice, reader), reader)
        _record(turn, notice, room, made, 0)
        if notice.is_pinned and made:
            first = key_of(notice.id or 0, room.id or 0, 0)
            turn.record(calls.pin_message(room.chat_id, first, Lane.NOTICE), f"{first}:pin")
        post.state, post.revision = State.QUEUED, notice.revision
        turn.session.add(post)


def feed_amendments(turn: Turn, notice: Notice) -> None:
    """Correct or withdraw what has been posted."""
    for post, room in _of(turn.session, notice, State.SENT):
        if post.revision >= notice.revision or post.amendment == Amendment.QUEUED:
            continue
        numbers = json.loads(post.numbers)
        post.revision, reader = notice.revision, _reader(turn.session, notice, room)
        made: Sequence[Call] = ()
        if numbers and notice.recalled_at is not None:
            fresh = post.settled_at is not None and turn.now - post.settled_at < rules.DELETABLE_FOR
            made = copies.render_post_withdrawal(
                _parts(turn.session, notice, reader), numbers, reader, may_delete=fresh
            )
        elif numbers:
            made = copies.render_post_correction(notice, _parts(turn.session, notice, reader), numbers, reader)
        post.amendment = Amendment.QUEUED if made else Amendment.DONE
        _record(turn, notice, room, made, notice.revision)
        turn.session.add(post)


def collect(session: Session, notice: Notice, now: datetime) -> None:
    """Note what became of them."""
    for post, room in _of(session, notice, None):
        if post.state == State.QUEUED:
            _settle(session, notice, post, room, now)
        if post.amendment == Amendment.QUEUED:
            _settle_amendment(session, notice, post, room)


def is_finished(session: Session, notice: Notice) -> bool:
    """Whether nothing of them is under way or waiting any more."""
    return not any(
        post.state in (State.WAITING, State.QUEUED)
        or post.amendment == Amendment.QUEUED
        or (post.state == State.SENT and post.revision < notice.revision)
        for post, _ in _of(session, notice, None)
    )


def _settle(session: Session, notice: Notice, post: Post, room: Room, now: datetime) -> None:
    rows = _rows(session, notice, room, 0)
    outcome = rules.outcome_of([row.status for row in rows], [row.error for row in rows])
    if outcome is not None:
        post.state, post.error = outcome[0], outcome[1][:200]
        post.numbers = json.dumps([numbers_of(row) for row in rows])
        post.settled_at = now
        session.add(post)


def _settle_amendment(session: Session, notice: Notice, post: Post, room: Room) -> None:
    rows = _rows(session, notice, room, post.revision)
    outcome = rules.outcome_of([row.status for row in rows], [row.error for row in rows])
    if outcome is not None:
        post.amendment = Amendment.DONE if outcome[0] in (State.SENT, State.CANCELLED) else Amendment.FAILED
        _keep_new_polls(session, notice, post, rows)
        session.add(post)


def _keep_new_polls(session: Session, notice: Notice, post: Post, rows: Sequence[Any]) -> None:
    """A corrected poll is a message of its own: its number is kept beside that of the one that was stopped."""
    asked = (part.position for part in parts_of(session, notice.id or 0) if part.kind == Kind.QUESTION)
    numbers, position = json.loads(post.numbers), next(asked, None)
    fresh = [row.message_id for row in rows if row.method == "sendPoll" and row.message_id is not None]
    if fresh and position is not None and position < len(numbers):
        numbers[position] += fresh
        post.numbers = json.dumps(numbers)


def _of(session: Session, notice: Notice, state: State | None) -> Sequence[tuple[Post, Room]]:
    query = find(Post, Room).where(Post.notice_id == notice.id, Post.room_id == Room.id)
    found = session.exec(query if state is None else query.where(Post.state == state)).all()
    return [(post, room) for post, room in found]


def _parts(session: Session, notice: Notice, reader: Reader) -> Sequence[Part]:
    return parts_of(session, notice.id or 0, reader.t.language)


def _reader(session: Session, notice: Notice, room: Room) -> Reader:
    cohort = people.get_cohort(session, notice.cohort_id)
    return Reader(room.chat_id, i18n.translator(cohort.language), Known(""))


def _record(turn: Turn, notice: Notice, room: Room, made: Iterable[Call], revision: int) -> None:
    for position, call in enumerate(made):
        turn.record(call, key_of(notice.id or 0, room.id or 0, position, revision))


def _rows(session: Session, notice: Notice, room: Room, revision: int) -> Sequence[Any]:
    messages = len(parts_of(session, notice.id or 0)) + 1
    keys = [key_of(notice.id or 0, room.id or 0, position, revision) for position in range(messages)]
    query = select(OUTBOX).where(OUTBOX.c.key.in_(keys)).order_by(OUTBOX.c.key)
    return session.connection().execute(query).all()
