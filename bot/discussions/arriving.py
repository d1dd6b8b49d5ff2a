"""Latecomers: whoever takes part and sits in no group yet comes into the smallest. Never commits, reads no clock."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import select
from sqlmodel import Session

from bot.database import insert_missing
from bot.discussions import candidates, queries
from bot.discussions.grouping import seat_row
from bot.discussions.journal import note
from bot.discussions.models import Discussion, Stage, Status
from bot.discussions.moving import keep_officers, name_of
from bot.discussions.outcomes import Circle, Member
from bot.discussions.queries import DISCUSSION, SEAT
from bot.discussions.refusals import CheckInFirst
from bot.discussions.rules import smallest
from bot.errors import Gone, NotLinked
from bot.people.service import Speaker


class Joined(Struct, frozen=True):
    """Somebody who came into a group; ``is_news`` is false where they sat in one already."""

    circle: Circle
    member: Member
    is_news: bool = True


def join(session: Session, *, speaker: Speaker | None, discussion_id: int, now: datetime) -> Joined:
    """Let a latecomer into the smallest group that is not done.

    Raises:
        Gone: the discussion is not open, or the person does not belong to those it is for.
        CheckInFirst: only those present take part, and this person is not recorded as that.
    """
    if speaker is None:
        raise NotLinked
    discussion = queries.require_discussion(session, discussion_id)
    if discussion.status != Status.ANNOUNCED:
        raise Gone
    seat = queries.seat_of(session, discussion_id, speaker.person_id)
    if seat is not None:
        return _joined(queries.circle_of(session, seat.group_id), speaker.person_id, is_news=False)
    if speaker.person_id not in {one.person_id for one in candidates.eligible(session, discussion)}:
        raise CheckInFirst if speaker.person_id in candidates.roster_of(session, discussion) else Gone
    return seat_late(session, discussion, speaker.person_id, speaker, now)


def latecomers(session: Session) -> list[tuple[int, int]]:
    """Everybody who takes part in an announced discussion and sits in no group yet: discussion and person."""
    query = select(DISCUSSION.c.id).where(DISCUSSION.c.status == Status.ANNOUNCED)
    found = []
    for discussion_id in session.connection().execute(query).scalars().all():
        discussion = queries.require_discussion(session, discussion_id)
        if queries.occasion_of(session, discussion).is_cancelled:
            continue
        seated = select(SEAT.c.person_id).where(SEAT.c.discussion_id == discussion_id)
        there = set(session.connection().execute(seated).scalars())
        people = candidates.eligible(session, discussion)
        found += [(discussion_id, one.person_id) for one in people if one.person_id not in there]
    return found


def take_latecomer(session: Session, discussion_id: int, person_id: int, now: datetime) -> Joined | None:
    """Seat somebody whom ``latecomers`` found, unless that has changed meanwhile or every group is done."""
    discussion = queries.require_discussion(session, discussion_id)
    if discussion.status != Status.ANNOUNCED or queries.seat_of(session, discussion_id, person_id) is not None:
        return None
    if all(circle.stage is Stage.DONE for circle in queries.circles_of(session, discussion)):
        return None
    return seat_late(session, discussion, person_id, None, now)


def seat_late(session: Session, discussion: Discussion, person_id: int, by: Speaker | None, now: datetime) -> Joined:
    """Give a latecomer a seat in the smallest group that is not done; raises Gone where all are."""
    circles = [one for one in queries.circles_of(session, discussion) if one.stage is not Stage.DONE]
    number = smallest({one.group.number: len(one.members) for one in circles})
    if number is None:
        raise Gone
    circle = next(one for one in circles if one.group.number == number)
    row = seat_row(discussion, circle.id, person_id) | {"is_late": True}
    is_news = bool(insert_missing(session, SEAT, [row]))
    if not circle.members:
        keep_officers(session, discussion, circle.id)
    note(session, discussion, by, now, "join", after={"group": name_of(circle)}, person_id=person_id)
    return _joined(queries.circle_of(session, circle.id), person_id, is_news=is_news)


def _joined(circle: Circle, person_id: int, *, is_news: bool) -> Joined:
    member = circle.member(person_id)
    if member is None:
        raise Gone
    return Joined(circle, member, is_news)
