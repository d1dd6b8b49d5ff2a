"""Changing groups by hand, before and after they are announced: moves, swaps, who leads, who records. Never commits."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session

from bot.discussions import candidates, drawing, queries
from bot.discussions.journal import note
from bot.discussions.models import Discussion, Group, Stage, Status
from bot.discussions.outcomes import Circle
from bot.discussions.queries import NOTE, SEAT
from bot.discussions.refusals import LastOfGroup, Over
from bot.errors import Gone
from bot.people import access
from bot.people.service import Speaker

EARLY = (Stage.GATHERING, Stage.WRITING)
"""While a group is here, what somebody has written goes with them to another group."""


def move(
    session: Session, *, speaker: Speaker | None, person_id: int, group_id: int, now: datetime
) -> tuple[Circle, Circle]:
    """Put one person into another group; where they were, and where they are.

    Raises:
        Gone: the person sits in no group of this discussion.
        LastOfGroup: nobody would be left.
    """
    target = _require_target(session, speaker, group_id)
    discussion = target.occasion.discussion
    source = _circle_of_person(session, discussion, person_id)
    if source.id == target.id:
        return source, target
    if len(source.members) < 2:
        raise LastOfGroup
    _reseat(session, source, target, person_id)
    keep_officers(session, discussion, source.id, target.id)
    names = {"group": name_of(source)}, {"group": name_of(target)}
    note(session, discussion, speaker, now, "move", before=names[0], after=names[1], person_id=person_id)
    return queries.circle_of(session, source.id), queries.circle_of(session, target.id)


def swap(
    session: Session, *, speaker: Speaker | None, person_id: int, other_id: int, discussion_id: int, now: datetime
) -> tuple[Circle, Circle]:
    """Let two people change places; the groups of the first and of the second, as they now are."""
    discussion = queries.require_setter(session, speaker, discussion_id)
    _require_open(discussion)
    one, two = (_circle_of_person(session, discussion, person) for person in (person_id, other_id))
    if one.id != two.id:
        _reseat(session, one, two, person_id)
        _reseat(session, two, one, other_id)
        keep_officers(session, discussion, one.id, two.id)
        for person, before, after in ((person_id, one, two), (other_id, two, one)):
            names = {"group": name_of(before)}, {"group": name_of(after)}
            note(session, discussion, speaker, now, "move", before=names[0], after=names[1], person_id=person)
    return queries.circle_of(session, one.id), queries.circle_of(session, two.id)


def name_officer(
    session: Session, *, speaker: Speaker | None, group_id: int, person_id: int, is_leader: bool, now: datetime
) -> tuple[Circle, bool]:
    """Make somebody of the group its leader or recorder; whether that is news. The two change places where needed.

    A change empties what the former one has confirmed. Raises Gone where the person is not in the group.
    """
    circle = _require_target(session, speaker, group_id)
    if circle.member(person_id) is None:
        raise Gone
    group = circle.group
    before = (group.leader_id, group.recorder_id)
    leader, recorder = _exchanged(before, person_id, len(circle.members), is_leader=is_leader)
    if (leader, recorder) == before:
        return circle, False
    _appoint(session, group, leader, recorder)
    role = "leader" if is_leader else "recorder"
    note(session, circle.occasion.discussion, speaker, now, role, after={"group": name_of(circle)}, person_id=person_id)
    return queries.circle_of(session, group_id), True


def name_of(circle: Circle) -> str:
    """A group's own name, or its number."""
    return circle.group.name or str(circle.group.number)


def _require_target(session: Session, speaker: Speaker | None, group_id: int) -> Circle:
    circle = queries.circle_of(session, group_id)
    access.require_coordinator(session, speaker, circle.occasion.cohort_id)
    _require_open(circle.occasion.discussion)
    return circle


def _require_open(discussion: Discussion) -> None:
    if discussion.status == Status.ENDED:
        raise Over


def _circle_of_person(session: Session, discussion: Discussion, person_id: int) -> Circle:
    seat = queries.seat_of(session, discussion.id or 0, person_id)
    if seat is None:
        raise Gone
    return queries.circle_of(session, seat.group_id)


def _reseat(session: Session, source: Circle, target: Circle, person_id: int) -> None:
    connection = session.connection()
    mine = (SEAT.c.discussion_id == source.occasion.id, SEAT.c.person_id == person_id)
    connection.execute(update(SEAT).where(*mine).values(group_id=target.id))
    if source.stage in EARLY and target.stage in EARLY:
        written = (NOTE.c.group_id == source.id, NOTE.c.person_id == person_id)
        connection.execute(update(NOTE).where(*written).values(group_id=target.id))
    queries.forget_read(session)


def keep_officers(session: Session, discussion: Discussion, *group_ids: int) -> None:
    """Fill a post whose holder sits elsewhere now, by the same order of chance as the draw."""
    for group_id in group_ids:
        circle = queries.circle_of(session, group_id)
        people = [candidates.of_member(one) for one in circle.members]
        order = drawing.officers(people, f"{discussion.seed}:{circle.group.number}")
        leader = circle.leader.person_id if circle.leader else None
        recorder = circle.recorder.person_id if circle.recorder else None
        alone = len(people) < 2
        leader = leader or next((one for one in order if one != recorder or alone), None)
        if recorder is None or (recorder == leader and not alone):
            recorder = next((one for one in order if one != leader or alone), None)
        if (leader, recorder) != (circle.group.leader_id, circle.group.recorder_id):
            _appoint(session, circle.group, leader, recorder)


def _exchanged(
    before: tuple[int | None, int | None], person_id: int, size: int, *, is_leader: bool
) -> tuple[int | None, int | None]:
    """Who leads and records once a person is given one of the two posts; alone, one person has both."""
    leader, recorder = before
    if size < 2:
        return person_id, person_id
    if is_leader:
        return person_id, leader if recorder == person_id else recorder
    return recorder if leader == person_id else leader, person_id


def _appoint(session: Session, group: Group, leader: int | None, recorder: int | None) -> None:
    if leader != group.leader_id:
        group.leader_confirmed_at = None
    if recorder != group.recorder_id:
        group.recorder_confirmed_at = None
    group.leader_id, group.recorder_id = leader, recorder
    session.add(group)
    session.flush()
