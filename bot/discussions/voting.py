"""Dots: each person has three for each question, at most one a point. Who placed which is shown to nobody else.

A press says what is wanted (a dot, or none), so that pressing twice is the same as pressing once. Never commits.
"""

from sqlalchemy import delete, func, select
from sqlmodel import Session

from bot.database import insert_missing
from bot.discussions import merging, queries
from bot.discussions.models import Point, Stage, Status
from bot.discussions.outcomes import Ballot, Dotted, Place, Voted
from bot.discussions.queries import DOT, POINT
from bot.discussions.refusals import NotNow, Over
from bot.discussions.rules import DOTS
from bot.errors import Gone
from bot.people.service import Speaker


def show_ballot(session: Session, *, speaker: Speaker | None, group_id: int, question_id: int) -> Ballot:
    """The points of a question with one's own dots; raises NotLinked, NotYourGroup, Gone, NotNow, Over."""
    place = queries.place_of(session, _require_voting(session, speaker, group_id))
    if place.circle.occasion.question(question_id) is None:
        raise Gone
    points = tuple(merging.points_of(session, place.circle, question_id))
    mine = _mine(session, group_id, question_id, place.me.person_id)
    return Ballot(place, question_id, points, frozenset(mine), DOTS - len(mine))


def place_dot(session: Session, *, speaker: Speaker | None, point_id: int, is_on: bool) -> Voted:
    """Place a dot or take it back.

    Raises:
        NotLinked, NotYourGroup, Gone: not a point of the person's group.
        NotNow, Over: nobody votes now.
    """
    point = session.get(Point, point_id)
    if point is None:
        raise Gone
    place = _require_voting(session, speaker, point.group_id)
    mine = _mine(session, point.group_id, point.question_id, place.me.person_id)
    is_first = is_on and not queries.count_mine(session, place.circle, place.me.person_id)
    dotted = _judge(point_id, mine, is_on=is_on)
    if dotted is Dotted.PLACED:
        insert_missing(session, DOT, [{"point_id": point_id, "person_id": place.me.person_id}])
    elif dotted is Dotted.TAKEN:
        own = (DOT.c.point_id == point_id, DOT.c.person_id == place.me.person_id)
        session.connection().execute(delete(DOT).where(*own))
    left = DOTS - len(mine) - (dotted is Dotted.PLACED) + (dotted is Dotted.TAKEN)
    return Voted(queries.place_of(session, place), point.question_id, dotted, left, is_first)


def count(session: Session, group_id: int) -> int:
    """How many dots a group has placed in all."""
    joined = DOT.join(POINT, POINT.c.id == DOT.c.point_id)
    query = select(func.count()).select_from(joined).where(POINT.c.group_id == group_id)
    return session.connection().execute(query).scalar_one()


def _judge(point_id: int, mine: set[int], *, is_on: bool) -> Dotted:
    if is_on == (point_id in mine):
        return Dotted.SAME
    if is_on and len(mine) >= DOTS:
        return Dotted.NONE_LEFT
    return Dotted.PLACED if is_on else Dotted.TAKEN


def _require_voting(session: Session, speaker: Speaker | None, group_id: int) -> Place:
    place = queries.require_member(session, speaker, group_id)
    if place.circle.occasion.discussion.status != Status.ANNOUNCED:
        raise Over
    if place.circle.stage is not Stage.VOTING:
        raise NotNow
    return place


def _mine(session: Session, group_id: int, question_id: int, person_id: int) -> set[int]:
    joined = DOT.join(POINT, POINT.c.id == DOT.c.point_id)
    here = (POINT.c.group_id == group_id, POINT.c.question_id == question_id, DOT.c.person_id == person_id)
    return set(session.connection().execute(select(DOT.c.point_id).select_from(joined).where(*here)).scalars())
