"""Who may take part in a discussion, and what the draw must know of them: unit, post, history. Writes nothing."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session

from bot.checkin import service as checkin
from bot.checkin.rules import Status as Attended
from bot.discussions.drawing import Candidate, History
from bot.discussions.models import Discussion, Status, Who
from bot.discussions.outcomes import Member
from bot.discussions.queries import DISCUSSION, GROUP, SEAT
from bot.people.models import Role
from bot.people.service import MEMBERSHIP, PERSON
from bot.timetable import service as timetable

HELD = (Status.ANNOUNCED, Status.ENDED)
THERE = (Attended.PRESENT, Attended.LATE)
AT_ONCE = 500


def eligible(session: Session, discussion: Discussion) -> list[Candidate]:
    """Everybody who takes part, in the order of the roster: those whom the activity is for and who are not excused.

    Where only those present take part, of these whoever is recorded as there, on time or late.
    """
    return _with_service(session, _concerned(session, discussion, Who(discussion.who)), discussion.id or 0)


def roster_of(session: Session, discussion: Discussion) -> set[int]:
    """Everybody whom the activity is for and who is not excused from it, present or not."""
    return {one.person_id for one in _concerned(session, discussion, Who.ROSTER)}


def everybody(session: Session, discussion: Discussion) -> set[int]:
    """Everybody who is or was a trainee of the camp, or sits in a group."""
    seated = select(SEAT.c.person_id).where(SEAT.c.discussion_id == discussion.id)
    trainees = select(MEMBERSHIP.c.person_id).where(
        MEMBERSHIP.c.cohort_id == discussion.cohort_id, MEMBERSHIP.c.role == Role.TRAINEE
    )
    return set(session.connection().execute(seated.union(trainees)).scalars())


def history_of(session: Session, person_ids: Collection[int], but: int) -> History:
    """How often each two of these people have sat in one group, in all discussions except this one."""
    other = SEAT.alias("other")
    mine = set(person_ids)
    query = (
        select(SEAT.c.person_id, other.c.person_id, func.count())
        .select_from(SEAT.join(other, other.c.group_id == SEAT.c.group_id))
        .join(DISCUSSION, DISCUSSION.c.id == SEAT.c.discussion_id)
        .where(SEAT.c.person_id < other.c.person_id, DISCUSSION.c.id != but, DISCUSSION.c.status.in_(HELD))
        .group_by(SEAT.c.person_id, other.c.person_id)
    )
    found: dict[frozenset[int], int] = {}
    for start in range(0, len(person_ids), AT_ONCE):
        some = sorted(mine)[start : start + AT_ONCE]
        for one, two, count in session.connection().execute(query.where(SEAT.c.person_id.in_(some))):
            if two in mine:
                found[frozenset((one, two))] = count
    return found


def roster_leaders(session: Session, cohort_id: int) -> Mapping[int, str]:
    """Who leads which group of the roster: person -> the group's name."""
    query = select(MEMBERSHIP.c.person_id, MEMBERSHIP.c.group_name).where(
        MEMBERSHIP.c.cohort_id == cohort_id, MEMBERSHIP.c.role == Role.GROUP_LEADER, MEMBERSHIP.c.left_at.is_(None)
    )
    return {row.person_id: row.group_name or "" for row in session.connection().execute(query)}


def of_member(member: Member) -> Candidate:
    """Somebody who sits in a group already, as the draw sees them."""
    return Candidate(member.person_id, member.unit, member.post)


def _concerned(session: Session, discussion: Discussion, who: Who) -> list[Candidate]:
    activity = timetable.get_activity(session, discussion.activity_id)
    people = _trainees(session, discussion.cohort_id)
    if activity.group_name is not None:
        people = [one for one in people if one.group == activity.group_name]
    if who is Who.PRESENT:
        there = _present(session, discussion)
        return [one for one in people if one.person_id in there]
    excused = checkin.excused_from(session, discussion.activity_id)
    return [one for one in people if one.person_id not in excused]


def _trainees(session: Session, cohort_id: int) -> list[Candidate]:
    query = (
        select(PERSON.c.id, PERSON.c.unit, MEMBERSHIP.c.post, MEMBERSHIP.c.group_name)
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .where(MEMBERSHIP.c.cohort_id == cohort_id, MEMBERSHIP.c.role == Role.TRAINEE, MEMBERSHIP.c.left_at.is_(None))
        .order_by(MEMBERSHIP.c.id)
    )
    rows = session.connection().execute(query)
    return [Candidate(row.id, row.unit or "", row.post or "", row.group_name or "") for row in rows]


def _present(session: Session, discussion: Discussion) -> set[int]:
    records = checkin.attendance_of(session, discussion.cohort_id, activity_ids=[discussion.activity_id])
    return {record.person_id for record in records if record.status in THERE}


def _with_service(session: Session, people: list[Candidate], but: int) -> list[Candidate]:
    served = _served(session, but)
    return [
        Candidate(one.person_id, one.unit, one.post, one.group, served[one.person_id])
        if one.person_id in served
        else one
        for one in people
    ]


def _served(session: Session, but: int) -> Counter[int]:
    query = (
        select(GROUP.c.leader_id, GROUP.c.recorder_id)
        .join(DISCUSSION, DISCUSSION.c.id == GROUP.c.discussion_id)
        .where(DISCUSSION.c.id != but, DISCUSSION.c.status.in_(HELD))
        .where(or_(GROUP.c.leader_id.is_not(None), GROUP.c.recorder_id.is_not(None)))
    )
    served: Counter[int] = Counter()
    rows: Any = session.connection().execute(query)
    for leader, recorder in rows:
        served.update({one for one in (leader, recorder) if one is not None})
    return served
