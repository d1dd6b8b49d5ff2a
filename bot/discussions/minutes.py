"""The minutes of a group: drafted from what was written, edited by the recorder, confirmed by leader and recorder.

Each confirms the version they have read; a change afterwards asks both again. Names stand in them only by each
person's own consent, which ``paper_of`` says at the moment it is asked. Never commits, never reads a clock.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlmodel import Session
from sqlmodel import select as find

from bot.discussions import candidates, finding, merging, queries
from bot.discussions.journal import note
from bot.discussions.models import Entry, Finding, Group, MinuteLine, Stage, Status
from bot.discussions.outcomes import Circle, Confirmed, Kept, Line, Member, NumberedPoint, Paper, Place
from bot.discussions.queries import LINE
from bot.discussions.refusals import NoRoomForMore, NotNow, OnlyRecorder, Over, ReadAgain, RecorderWrites
from bot.discussions.rules import LONGEST, MOST_LINES, tidy
from bot.errors import Gone
from bot.people import access
from bot.people.service import PERSON, Speaker

JOIN = " / "
"""Between the wordings of a merged point."""


def draft(session: Session, circle: Circle) -> None:
    """Write the minutes from the points, leading ones first, each with its causes and measures."""
    session.connection().execute(delete(LINE).where(LINE.c.group_id == circle.id))
    points = merging.points_of(session, circle)
    found = finding.findings_of(session, [point.id for point in points])
    rows: list[dict[str, Any]] = []
    for question in circle.occasion.questions:
        mine = [point for point in points if point.question_id == question.id]
        for point in sorted(mine, key=lambda one: (not one.is_top, -one.dots if one.is_top else 0, one.number)):
            rows += _rows(circle.id, point, [one for one in found if one.point_id == point.id])
    if rows:
        session.connection().execute(LINE.insert(), [row | {"position": at} for at, row in enumerate(rows, 1)])
    circle.group.is_edited = False
    _touch(session, circle.group)


def paper_of(session: Session, circle: Circle) -> Paper:
    """The minutes as they stand, with who may be named in them; for files, which ask again when they are made."""
    query = find(MinuteLine).where(MinuteLine.group_id == circle.id)
    order = {one.id: one.position for one in circle.occasion.questions}
    rows = sorted(session.exec(query), key=lambda row: (order.get(row.question_id, 0), row.position, row.id or 0))
    lines = tuple(
        Line(row.id or 0, row.question_id, Entry(row.entry), row.text, row.number, row.dots, row.is_top) for row in rows
    )
    named = tuple(member.name for member in circle.members if member.may_name)
    return Paper(circle, lines, named, _unnamed(session, circle))


def show(session: Session, *, speaker: Speaker | None, group_id: int) -> tuple[Paper, Place | None]:
    """The minutes, for the group's members once they are drafted, and for whoever reads everything of the camp.

    Raises:
        NotNow: they are not drafted yet.
    """
    circle = queries.circle_of(session, group_id)
    place = None
    if speaker is None or circle.member(speaker.person_id) is None:
        access.require_reader(session, speaker, circle.occasion.cohort_id)
    else:
        place = queries.require_member(session, speaker, group_id)
    if circle.stage not in (Stage.MINUTES, Stage.DONE):
        raise NotNow
    return paper_of(session, circle), place


def require_line(session: Session, *, speaker: Speaker | None, line_id: int) -> tuple[Paper, Line]:
    """A line that the recorder may change; raises Gone, RecorderWrites, NotNow, Over."""
    row = session.get(MinuteLine, line_id)
    if row is None:
        raise Gone
    paper = paper_of(session, _require_recorder(session, speaker, row.group_id))
    return paper, next(line for line in paper.lines if line.id == line_id)


def change_line(session: Session, *, speaker: Speaker | None, line_id: int, text: str) -> tuple[Paper, Kept]:
    """Word a line anew; whoever has confirmed is asked again."""
    paper, line = require_line(session, speaker=speaker, line_id=line_id)
    words, kept = _judge(text)
    if kept is Kept.KEPT and words != line.text:
        row = session.get_one(MinuteLine, line_id)
        row.text = words
        session.add(row)
        _edited(session, paper.circle.group)
    return paper_of(session, queries.circle_of(session, paper.circle.id)), kept


def drop_line(session: Session, *, speaker: Speaker | None, line_id: int) -> Paper:
    """Take a line out of the minutes; what was written in the discussion stays."""
    paper, _ = require_line(session, speaker=speaker, line_id=line_id)
    session.delete(session.get_one(MinuteLine, line_id))
    _edited(session, paper.circle.group)
    return paper_of(session, queries.circle_of(session, paper.circle.id))


def add_remark(
    session: Session, *, speaker: Speaker | None, group_id: int, question_id: int, text: str
) -> tuple[Paper, Kept]:
    """Add a line of one's own to a question; raises NoRoomForMore at 400 lines."""
    circle = _require_recorder(session, speaker, group_id)
    if circle.occasion.question(question_id) is None:
        raise Gone
    words, kept = _judge(text)
    if kept is Kept.KEPT:
        last, count = _extent(session, group_id)
        if count >= MOST_LINES:
            raise NoRoomForMore
        line = MinuteLine(group_id=group_id, question_id=question_id, position=last + 1, entry=Entry.REMARK, text=words)
        session.add(line)
        _edited(session, circle.group)
    return paper_of(session, queries.circle_of(session, group_id)), kept


def require_edited(session: Session, *, speaker: Speaker | None, group_id: int) -> Circle:
    """The group, for its recorder while the minutes may be edited; raises RecorderWrites, NotNow, Over."""
    return _require_recorder(session, speaker, group_id)


def confirmers(circle: Circle) -> list[Member]:
    """Who has confirmed the minutes as they stand."""
    group = circle.group
    both = ((circle.leader, group.leader_confirmed_at), (circle.recorder, group.recorder_confirmed_at))
    return list({one.person_id: one for one, at in both if one is not None and at is not None}.values())


def draft_anew(session: Session, *, speaker: Speaker | None, group_id: int) -> Paper:
    """Throw the recorder's changes away and draft again from what was written."""
    circle = _require_recorder(session, speaker, group_id)
    draft(session, circle)
    return paper_of(session, queries.circle_of(session, group_id))


def confirm(session: Session, *, speaker: Speaker | None, group_id: int, version: int, now: datetime) -> Confirmed:
    """Confirm the minutes as leader or recorder, once each; with the second the group is done.

    Raises:
        NotLinked, NotYourGroup, OnlyRecorder, Gone: the speaker may not.
        ReadAgain: another version was read.
        NotNow, Over: there is nothing to confirm.
    """
    place = queries.require_member(session, speaker, group_id)
    group = place.circle.group
    if place.circle.stage is Stage.DONE and place.is_officer:
        return Confirmed(place.circle, is_news=False, is_final=False)
    _require_open(place.circle)
    if not place.is_officer:
        raise OnlyRecorder
    if version != group.version:
        raise ReadAgain
    before = (group.leader_confirmed_at, group.recorder_confirmed_at)
    group.leader_confirmed_at = before[0] or (now if place.is_leader else None)
    group.recorder_confirmed_at = before[1] or (now if place.is_recorder else None)
    is_news = (group.leader_confirmed_at, group.recorder_confirmed_at) != before
    is_final = group.leader_confirmed_at is not None and group.recorder_confirmed_at is not None
    if is_final:
        group.stage, group.stage_at = Stage.DONE, now
    session.add(group)
    session.flush()
    return _confirmed(session, place, speaker, now, is_news=is_news, is_final=is_final)


def _confirmed(
    session: Session, place: Place, speaker: Speaker | None, now: datetime, *, is_news: bool, is_final: bool
) -> Confirmed:
    circle = queries.circle_of(session, place.circle.id)
    discussion = circle.occasion.discussion
    if is_news:
        after = {"group": circle.group.name or str(circle.group.number), "version": circle.group.version}
        note(session, discussion, speaker, now, "confirm", after=after)
    is_last = is_final and all(
        one.stage is Stage.DONE for one in queries.circles_of(session, discussion) if one.members
    )
    if is_last:
        discussion.status, discussion.ended_at = Status.ENDED, now
        session.add(discussion)
        session.flush()
    return Confirmed(circle, is_news, is_final, is_last)


def _require_recorder(session: Session, speaker: Speaker | None, group_id: int) -> Circle:
    place = queries.require_member(session, speaker, group_id)
    if not place.is_recorder:
        raise RecorderWrites
    _require_open(place.circle)
    return place.circle


def _require_open(circle: Circle) -> None:
    if circle.occasion.discussion.status != Status.ANNOUNCED:
        raise Over
    if circle.stage is not Stage.MINUTES:
        raise NotNow


def _judge(text: str) -> tuple[str, Kept]:
    words = tidy(text)
    return words, Kept.EMPTY if not words else Kept.TOO_LONG if len(words) > LONGEST else Kept.KEPT


def _rows(group_id: int, point: NumberedPoint, found: Sequence[Finding]) -> Iterator[dict[str, Any]]:
    row = {
        "group_id": group_id,
        "question_id": point.question_id,
        "entry": Entry.POINT,
        "text": JOIN.join((point.text, *point.others)),
        "number": point.number,
        "dots": point.dots,
        "is_top": point.is_top,
    }
    yield row
    for one in found:
        yield row | {"entry": Entry(one.kind), "text": one.text, "dots": 0}


def _extent(session: Session, group_id: int) -> tuple[int, int]:
    query = select(func.max(LINE.c.position), func.count()).where(LINE.c.group_id == group_id)
    last, count = session.connection().execute(query).one()
    return last or 0, count


def _edited(session: Session, group: Group) -> None:
    group.is_edited = True
    _touch(session, group)


def _touch(session: Session, group: Group) -> None:
    """Another version: nobody has confirmed it."""
    group.version += 1
    group.leader_confirmed_at = group.recorder_confirmed_at = None
    session.add(group)
    session.flush()


def _unnamed(session: Session, circle: Circle) -> tuple[str, ...]:
    """The names of everybody of the camp and of the discussion who has not agreed to be named in it."""
    discussion = circle.occasion.discussion
    agreed = {
        member.person_id for one in queries.circles_of(session, discussion) for member in one.members if member.may_name
    }
    others = (candidates.everybody(session, discussion) | {one.person_id for one in circle.members}) - agreed
    query = select(PERSON.c.name).where(PERSON.c.id.in_(sorted(others))).order_by(PERSON.c.id)
    return tuple(dict.fromkeys(session.connection().execute(query).scalars()))
