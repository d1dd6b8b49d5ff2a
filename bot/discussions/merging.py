"""The points of a group: numbered by themselves, what is alike put together, the rest merged and split by hand.

Only texts that are the same but for width, case, spaces and closing punctuation are put together without being asked
(``rules.likeness``); whether two wordings mean the same is for people to say. Never commits.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.database import insert_missing
from bot.discussions import queries
from bot.discussions.models import Note, Point, Stage, Status
from bot.discussions.outcomes import Circle, NumberedPoint
from bot.discussions.queries import DOT, FINDING, NOTE, POINT
from bot.discussions.refusals import NotNow, Over
from bot.discussions.rules import leading, likeness
from bot.errors import Gone
from bot.people.service import Speaker


def number(session: Session, group_id: int) -> int:
    """Number what has no number yet, question by question; how many texts came to a point that was there."""
    merged = 0
    for question_id, notes in _unnumbered(session, group_id).items():
        known = _known(session, group_id, question_id)
        for note in notes:
            same = likeness(note.text)
            merged += same in known
            known.setdefault(same, 0)
            if not known[same]:
                known[same] = _next_point(session, group_id, question_id)
            note.point_id = known[same]
            session.add(note)
        session.flush()
    return merged


def dissolve(session: Session, group_id: int) -> None:
    """Take all numbers back, and the dots with them; what was written stays."""
    connection = session.connection()
    points = select(POINT.c.id).where(POINT.c.group_id == group_id)
    connection.execute(update(NOTE).where(NOTE.c.group_id == group_id).values(point_id=None))
    connection.execute(delete(DOT).where(DOT.c.point_id.in_(points)))
    connection.execute(delete(POINT).where(POINT.c.group_id == group_id))
    queries.forget_read(session)


def points_of(session: Session, circle: Circle, question_id: int | None = None) -> list[NumberedPoint]:
    """The points by question and number, each with its wordings and the count of its dots."""
    dots = _dots(session, circle.id)
    query = find(Note).where(Note.group_id == circle.id, col(Note.point_id).is_not(None)).order_by(col(Note.id))
    notes: dict[int, list[Note]] = {}
    for note in session.exec(query):
        notes.setdefault(note.point_id or 0, []).append(note)
    order = {one.id: one.position for one in circle.occasion.questions}
    rows = [one for one in _points(session, circle.id) if question_id in (None, one.question_id)]
    rows = sorted(rows, key=lambda one: (order.get(one.question_id, 0), one.number))
    top = _top(rows, dots)
    return [_numbered(row, notes.get(row.id or 0, []), dots.get(row.id or 0, 0), top) for row in rows]


def show_points(session: Session, *, speaker: Speaker | None, group_id: int) -> tuple[Circle, list[NumberedPoint]]:
    """The points of a group, for its members once everybody has written."""
    place = queries.require_member(session, speaker, group_id)
    if place.circle.stage in (Stage.GATHERING, Stage.WRITING):
        raise NotNow
    return place.circle, points_of(session, place.circle)


def show_point(session: Session, *, speaker: Speaker | None, point_id: int) -> tuple[Circle, NumberedPoint]:
    """One point, for leader or recorder while points are put together; raises Gone, OnlyRecorder, NotNow."""
    circle, point = _require_point(session, speaker, point_id)
    return circle, _find(session, circle, point.id or 0)


def merge(
    session: Session, *, speaker: Speaker | None, point_id: int, other_id: int, now: datetime
) -> tuple[Circle, NumberedPoint, bool]:
    """Put another point of the same question to this one, with its dots and findings; whether it was still there.

    Raises:
        NotLinked, NotYourGroup, OnlyRecorder, Gone: as for any change of a group's points.
        NotNow, Over: the points are no longer being put together.
    """
    circle, point = _require_point(session, speaker, point_id)
    other = session.get(Point, other_id)
    is_news = other is not None and other.id != point.id
    if other is not None and is_news:
        if (other.group_id, other.question_id) != (point.group_id, point.question_id):
            raise Gone
        _move(session, other.id or 0, point.id or 0)
        session.delete(other)
        session.flush()
    return circle, _find(session, circle, point_id), is_news


def split(session: Session, *, speaker: Speaker | None, note_id: int) -> tuple[Circle, NumberedPoint]:
    """Give one wording of a merged point a number of its own, the next that is free; the point it came from.

    All texts that read the same go along, unless nothing else would stay: then that one text alone.
    """
    note = session.get(Note, note_id)
    if note is None or note.point_id is None:
        raise Gone
    circle, point = _require_point(session, speaker, note.point_id)
    together = session.exec(find(Note).where(Note.point_id == point.id)).all()
    alike = [one for one in together if likeness(one.text) == likeness(note.text)]
    if len(together) > 1:
        target = _next_point(session, circle.id, point.question_id)
        for one in alike if len(alike) < len(together) else [note]:
            one.point_id = target
            session.add(one)
        session.flush()
    return circle, _find(session, circle, point.id or 0)


def _require_point(session: Session, speaker: Speaker | None, point_id: int) -> tuple[Circle, Point]:
    point = session.get(Point, point_id)
    if point is None:
        raise Gone
    circle = queries.require_officer(session, speaker, point.group_id)
    if circle.occasion.discussion.status != Status.ANNOUNCED:
        raise Over
    if circle.stage is not Stage.MERGING:
        raise NotNow
    return circle, point


def _move(session: Session, source: int, target: int) -> None:
    connection = session.connection()
    connection.execute(update(NOTE).where(NOTE.c.point_id == source).values(point_id=target))
    connection.execute(update(FINDING).where(FINDING.c.point_id == source).values(point_id=target))
    voters = connection.execute(select(DOT.c.person_id).where(DOT.c.point_id == source)).scalars().all()
    insert_missing(session, DOT, [{"point_id": target, "person_id": one} for one in voters])
    connection.execute(delete(DOT).where(DOT.c.point_id == source))
    queries.forget_read(session)


def _unnumbered(session: Session, group_id: int) -> dict[int, list[Note]]:
    query = find(Note).where(Note.group_id == group_id, col(Note.point_id).is_(None)).order_by(col(Note.id))
    found: dict[int, list[Note]] = {}
    for note in session.exec(query):
        found.setdefault(note.question_id, []).append(note)
    return found


def _known(session: Session, group_id: int, question_id: int) -> dict[str, int]:
    """The points that there are, by how their wordings compare."""
    query = find(Note).where(Note.group_id == group_id, Note.question_id == question_id)
    numbered = session.exec(query.where(col(Note.point_id).is_not(None)))
    return {likeness(note.text): note.point_id or 0 for note in numbered}


def _next_point(session: Session, group_id: int, question_id: int) -> int:
    query = select(func.max(POINT.c.number)).where(POINT.c.group_id == group_id, POINT.c.question_id == question_id)
    last = session.connection().execute(query).scalar() or 0
    point = Point(group_id=group_id, question_id=question_id, number=last + 1)
    session.add(point)
    session.flush()
    return point.id or 0


def _points(session: Session, group_id: int) -> Sequence[Point]:
    return session.exec(find(Point).where(Point.group_id == group_id)).all()


def _dots(session: Session, group_id: int) -> dict[int, int]:
    joined = DOT.join(POINT, POINT.c.id == DOT.c.point_id)
    query = select(DOT.c.point_id, func.count()).select_from(joined).where(POINT.c.group_id == group_id)
    rows = session.connection().execute(query.group_by(DOT.c.point_id)).all()
    return {row[0]: row[1] for row in rows}


def _top(rows: Sequence[Point], dots: dict[int, int]) -> set[int]:
    """The points that the group goes on with, of every question."""
    found = set()
    for question_id in {row.question_id for row in rows}:
        here = {row.number: row.id or 0 for row in rows if row.question_id == question_id}
        found |= {here[one] for one in leading({one: dots.get(here[one], 0) for one in here})}
    return found


def _numbered(row: Point, notes: Sequence[Note], dots: int, top: set[int]) -> NumberedPoint:
    texts, ids = tuple(one.text for one in notes), tuple(one.id or 0 for one in notes)
    return NumberedPoint(row.id or 0, row.question_id, row.number, texts, ids, dots, row.id in top)


def _find(session: Session, circle: Circle, point_id: int) -> NumberedPoint:
    found = next((one for one in points_of(session, circle) if one.id == point_id), None)
    if found is None:
        raise Gone
    return found
