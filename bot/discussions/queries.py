"""What the discussions' tables say, and the guards every use case begins with. Writes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.discussions.models import (
    Discussion,
    Dot,
    Finding,
    Group,
    MinuteLine,
    Note,
    Point,
    Question,
    Seat,
    Stage,
    Status,
)
from bot.discussions.outcomes import Circle, Member, Occasion, Place
from bot.discussions.refusals import NotYourGroup, OnlyLeader, OnlyRecorder
from bot.errors import Gone, NotLinked
from bot.people import access
from bot.people import service as people
from bot.people.models import Cohort, Role
from bot.people.service import MEMBERSHIP, PERSON, Speaker
from bot.timetable.models import Activity

COHORT = Cohort.__table__  # type: ignore[attr-defined]
ACTIVITY = Activity.__table__  # type: ignore[attr-defined]
DISCUSSION = Discussion.__table__  # type: ignore[attr-defined]
QUESTION = Question.__table__  # type: ignore[attr-defined]
GROUP = Group.__table__  # type: ignore[attr-defined]
SEAT = Seat.__table__  # type: ignore[attr-defined]
NOTE = Note.__table__  # type: ignore[attr-defined]
POINT = Point.__table__  # type: ignore[attr-defined]
DOT = Dot.__table__  # type: ignore[attr-defined]
FINDING = Finding.__table__  # type: ignore[attr-defined]
LINE = MinuteLine.__table__  # type: ignore[attr-defined]

OPEN = (Status.DRAFT, Status.ANNOUNCED, Status.ENDED)


def require_discussion(session: Session, discussion_id: int) -> Discussion:
    """The discussion of that number; raises Gone where there is none or it was deleted."""
    discussion = session.get(Discussion, discussion_id)
    if discussion is None or discussion.status == Status.DELETED:
        raise Gone
    return discussion


def require_setter(session: Session, speaker: Speaker | None, discussion_id: int) -> Discussion:
    """The discussion, for a coordinator of its camp; raises Gone, NotAllowed."""
    discussion = require_discussion(session, discussion_id)
    access.require_coordinator(session, speaker, discussion.cohort_id)
    return discussion


def require_seen(session: Session, speaker: Speaker | None, discussion_id: int) -> Discussion:
    """The discussion, for whoever may read everything of its camp; raises Gone, NotAllowed."""
    discussion = require_discussion(session, discussion_id)
    access.require_reader(session, speaker, discussion.cohort_id)
    return discussion


def require_group(session: Session, group_id: int) -> Group:
    """The group of that number; raises Gone."""
    group = session.get(Group, group_id)
    if group is None:
        raise Gone
    return group


def require_member(session: Session, speaker: Speaker | None, group_id: int) -> Place:
    """The group, for one of its members once it is announced; raises NotLinked, Gone, NotYourGroup."""
    if speaker is None:
        raise NotLinked
    circle = circle_of(session, group_id)
    me = circle.member(speaker.person_id)
    if me is None:
        raise NotYourGroup
    if circle.occasion.discussion.status == Status.DRAFT:
        raise Gone
    return Place(circle, me)


def require_officer(session: Session, speaker: Speaker | None, group_id: int) -> Circle:
    """The group, for its leader or recorder; raises NotLinked, Gone, NotYourGroup, OnlyRecorder."""
    place = require_member(session, speaker, group_id)
    if not place.is_officer:
        raise OnlyRecorder
    return place.circle


def require_driver(session: Session, speaker: Speaker | None, group_id: int) -> Circle:
    """The group, for its leader or a coordinator of the camp; raises NotLinked, Gone, NotYourGroup, OnlyLeader."""
    circle = circle_of(session, group_id)
    if access.may_change(session, speaker, circle.occasion.cohort_id):
        return circle
    if not require_member(session, speaker, group_id).is_leader:
        raise OnlyLeader
    return circle


def forget_read(session: Session) -> None:
    """Let what was read before a plain statement be read anew; changes that wait are written first, not lost."""
    session.flush()
    session.expire_all()


def occasion_of(session: Session, discussion: Discussion) -> Occasion:
    """The discussion with its activity, camp and questions."""
    activity = session.get_one(Activity, discussion.activity_id)
    cohort = people.get_cohort(session, discussion.cohort_id)
    return Occasion(
        discussion,
        activity.title,
        activity.starts_at,
        activity.place,
        cohort.time_zone,
        cohort.language,
        cohort.name,
        activity.cancelled_at is not None,
        tuple(questions_of(session, discussion.id or 0)),
    )


def questions_of(session: Session, discussion_id: int) -> Sequence[Question]:
    """The set questions in their order."""
    query = find(Question).where(Question.discussion_id == discussion_id)
    return session.exec(query.order_by(col(Question.position))).all()


def groups_of(session: Session, discussion_id: int) -> Sequence[Group]:
    """The groups by number."""
    return session.exec(find(Group).where(Group.discussion_id == discussion_id).order_by(col(Group.number))).all()


def circle_of(session: Session, group_id: int) -> Circle:
    """The group with its people; raises Gone."""
    group = require_group(session, group_id)
    occasion = occasion_of(session, require_discussion(session, group.discussion_id))
    return Circle(occasion, group, tuple(_members(session, SEAT.c.group_id == group_id).get(group_id, ())))


def circles_of(session: Session, discussion: Discussion) -> tuple[Circle, ...]:
    """All groups with their people, by number."""
    occasion = occasion_of(session, discussion)
    members = _members(session, SEAT.c.discussion_id == discussion.id)
    return tuple(
        Circle(occasion, group, tuple(members.get(group.id or 0, ())))
        for group in groups_of(session, discussion.id or 0)
    )


def seat_of(session: Session, discussion_id: int, person_id: int) -> Seat | None:
    """Where somebody sits."""
    return session.get(Seat, (discussion_id, person_id))


def seats_in(session: Session, person_id: int, cohort_id: int) -> Sequence[tuple[Discussion, int]]:
    """The announced discussions of a camp in which the person has a seat, each with the group; the latest first."""
    query = (
        find(Discussion, Seat.group_id)
        .join(Seat, col(Seat.discussion_id) == Discussion.id)
        .join(Activity, col(Activity.id) == Discussion.activity_id)
        .where(Seat.person_id == person_id, Discussion.cohort_id == cohort_id)
        .where(col(Discussion.status).in_((Status.ANNOUNCED, Status.ENDED)))
    )
    return session.exec(query.order_by(col(Activity.starts_at).desc(), col(Discussion.id).desc())).all()


def writers(session: Session, group_ids: Iterable[int]) -> Mapping[int, set[int]]:
    """Who has written anything, by group."""
    query = select(NOTE.c.group_id, NOTE.c.person_id).where(NOTE.c.group_id.in_(list(group_ids))).distinct()
    return _by_group(session, query)


def voters(session: Session, group_ids: Iterable[int]) -> Mapping[int, set[int]]:
    """Who has placed a dot, by group."""
    joined = DOT.join(POINT, POINT.c.id == DOT.c.point_id)
    query = select(POINT.c.group_id, DOT.c.person_id).select_from(joined)
    return _by_group(session, query.where(POINT.c.group_id.in_(list(group_ids))).distinct())


def finders(session: Session, group_ids: Iterable[int]) -> Mapping[int, set[int]]:
    """Who has named a cause or a measure, by group."""
    joined = FINDING.join(POINT, POINT.c.id == FINDING.c.point_id)
    query = select(POINT.c.group_id, FINDING.c.person_id).select_from(joined)
    return _by_group(session, query.where(POINT.c.group_id.in_(list(group_ids))).distinct())


def active(session: Session, stage: Stage, group_ids: Iterable[int]) -> Mapping[int, set[int]]:
    """Who has done what a stage asks of everybody, by group; nobody where it asks nothing."""
    asked = {Stage.WRITING: writers, Stage.VOTING: voters, Stage.CAUSES: finders}
    return asked[stage](session, group_ids) if stage in asked else {}


def count_mine(session: Session, circle: Circle, person_id: int) -> int:
    """How many points a person has written, how many dots placed, or causes and measures named in this stage."""
    if circle.stage is Stage.WRITING:
        query = select(func.count()).where(NOTE.c.group_id == circle.id, NOTE.c.person_id == person_id)
    elif circle.stage is Stage.VOTING:
        joined = DOT.join(POINT, POINT.c.id == DOT.c.point_id)
        mine = (POINT.c.group_id == circle.id, DOT.c.person_id == person_id)
        query = select(func.count()).select_from(joined).where(*mine)
    else:
        return 0
    return session.connection().execute(query).scalar_one()


def place_of(session: Session, place: Place) -> Place:
    """The member's place with what has been done in its stage."""
    circle = place.circle
    done = active(session, circle.stage, [circle.id]).get(circle.id, set())
    there = {member.person_id for member in circle.members}
    return Place(circle, place.me, len(done & there), count_mine(session, circle, place.me.person_id))


def _members(session: Session, which: Any) -> dict[int, list[Member]]:
    query = (
        select(
            *(SEAT.c.group_id, SEAT.c.may_name, SEAT.c.screen, SEAT.c.at_home, SEAT.c.is_late),
            *(PERSON.c.id, PERSON.c.name, PERSON.c.unit, PERSON.c.telegram_id, PERSON.c.unreachable_at),
            func.coalesce(func.nullif(PERSON.c.language, ""), COHORT.c.language).label("language"),
            MEMBERSHIP.c.post,
        )
        .join(PERSON, PERSON.c.id == SEAT.c.person_id)
        .join(DISCUSSION, DISCUSSION.c.id == SEAT.c.discussion_id)
        .join(COHORT, COHORT.c.id == DISCUSSION.c.cohort_id)
        .join(MEMBERSHIP, (MEMBERSHIP.c.person_id == PERSON.c.id) & (MEMBERSHIP.c.cohort_id == COHORT.c.id))
        .where(which, MEMBERSHIP.c.role == Role.TRAINEE, MEMBERSHIP.c.left_at.is_(None))
        .order_by(MEMBERSHIP.c.id)
    )
    found: dict[int, list[Member]] = {}
    for row in session.connection().execute(query):
        found.setdefault(row.group_id, []).append(_member(row))
    return found


def _member(row: Any) -> Member:
    return Member(
        row.id,
        row.name,
        row.unit or "",
        row.post or "",
        row.language,
        row.telegram_id if row.unreachable_at is None else None,
        row.may_name,
        row.screen,
        row.at_home,
        row.is_late,
    )


def _by_group(session: Session, query: Select[Any]) -> Mapping[int, set[int]]:
    found: dict[int, set[int]] = {}
    for group_id, person_id in session.connection().execute(query):
        found.setdefault(group_id, set()).add(person_id)
    return found
