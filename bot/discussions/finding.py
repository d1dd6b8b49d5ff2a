"""Causes of the leading points and measures for them, written by anybody in the group for all to see. Never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col
from sqlmodel import select as find

from bot.discussions import merging, queries
from bot.discussions.models import Finding, Kind, Point, Stage, Status
from bot.discussions.outcomes import Circle, Kept, NumberedPoint, Place, PointPage, Written
from bot.discussions.refusals import NotNow, NotYourGroup, Over
from bot.discussions.rules import LONGEST, MOST_FINDINGS, likeness, points_in
from bot.errors import Gone
from bot.people.service import Speaker


def show_point(session: Session, *, speaker: Speaker | None, point_id: int) -> tuple[PointPage, Place]:
    """A leading point with its causes and measures; raises NotLinked, NotYourGroup, Gone, NotNow, Over."""
    place, point = _require_leading(session, speaker, point_id)
    if place.circle.stage is not Stage.CAUSES:
        raise NotNow
    return PointPage(place.circle, point, tuple(findings_of(session, [point.id]))), place


def add(
    session: Session, *, speaker: Speaker | None, point_id: int, kind: Kind, text: str, now: datetime
) -> tuple[Written, PointPage | None]:
    """Name causes or measures, one or a list; the point as it then stands, none where the group has gone on."""
    place, point = _require_leading(session, speaker, point_id)
    if place.circle.stage is not Stage.CAUSES:
        return Written(queries.place_of(session, place), Kept.TOO_LATE), None
    before = findings_of(session, [point.id])
    fresh, kept = _judge(text, kind, before)
    session.add_all(
        Finding(point_id=point.id, person_id=place.me.person_id, kind=kind, text=words, written_at=now)
        for words in fresh
    )
    session.flush()
    page = PointPage(place.circle, point, tuple(findings_of(session, [point.id])))
    return Written(queries.place_of(session, place), kept, len(fresh)), page


def drop(session: Session, *, speaker: Speaker | None, finding_id: int) -> PointPage:
    """Take a cause or measure away: one's own, or any as leader or recorder.

    Raises:
        NotYourGroup: somebody else's, without a post in the group.
    """
    finding = session.get(Finding, finding_id)
    if finding is None:
        raise Gone
    page, place = show_point(session, speaker=speaker, point_id=finding.point_id)
    if not may_drop(finding, place):
        raise NotYourGroup
    session.delete(finding)
    session.flush()
    return PointPage(page.circle, page.point, tuple(findings_of(session, [page.point.id])))


def may_drop(finding: Finding, place: Place) -> bool:
    """Whether the person may take this cause or measure away."""
    return finding.person_id == place.me.person_id or place.is_officer


def findings_of(session: Session, point_ids: Sequence[int]) -> Sequence[Finding]:
    """The causes and measures of these points: causes first, each in the order of writing."""
    query = find(Finding).where(col(Finding.point_id).in_(list(point_ids)))
    return session.exec(query.order_by(col(Finding.point_id), col(Finding.kind), col(Finding.id))).all()


def leading_of(session: Session, circle: Circle) -> list[NumberedPoint]:
    """The points that a group goes on with, where its stage is about them; else none."""
    if circle.stage is not Stage.CAUSES:
        return []
    return [one for one in merging.points_of(session, circle) if one.is_top]


def _require_leading(session: Session, speaker: Speaker | None, point_id: int) -> tuple[Place, NumberedPoint]:
    row = session.get(Point, point_id)
    if row is None:
        raise Gone
    place = queries.require_member(session, speaker, row.group_id)
    if place.circle.occasion.discussion.status != Status.ANNOUNCED:
        raise Over
    points = merging.points_of(session, place.circle, row.question_id)
    point = next((one for one in points if one.id == point_id), None)
    if point is None or not (point.is_top or findings_of(session, [point_id])):
        raise NotNow
    return place, point


def _judge(text: str, kind: Kind, before: Sequence[Finding]) -> tuple[list[str], Kept]:
    points = points_in(text)
    if not points:
        return [], Kept.EMPTY
    if any(len(point) > LONGEST for point in points):
        return [], Kept.TOO_LONG
    known = {likeness(one.text) for one in before if one.kind == kind}
    fresh = list({likeness(point): point for point in reversed(points) if likeness(point) not in known}.values())[::-1]
    if len(before) + len(fresh) > MOST_FINDINGS:
        return [], Kept.FULL
    return fresh, Kept.KEPT if fresh else Kept.SAME
