"""Setting a discussion up: the activity, the questions, how groups come about, the clock; announcing, ending, deleting.

Never commits, never reads a clock.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.discussions import grouping, queries
from bot.discussions.journal import note
from bot.discussions.models import Discussion, Grouping, Question, Stage, Status, Who
from bot.discussions.outcomes import Circle, Occasion
from bot.discussions.queries import QUESTION
from bot.discussions.refusals import AlreadyDiscussed, Cancelled, NoGroups, NoQuestions, NoRoomForMore, Underway
from bot.discussions.rules import CLOCKED, LONGEST_QUESTION, MOST_GROUPS, MOST_MINUTES, MOST_QUESTIONS, minutes_of, tidy
from bot.errors import Gone
from bot.people import access
from bot.people.service import Speaker
from bot.timetable import service as timetable
from bot.timetable.models import Activity

LIVE = (Status.DRAFT, Status.ANNOUNCED)


def list_discussions(session: Session, *, speaker: Speaker | None, cohort_id: int) -> list[Occasion]:
    """All discussions of a camp, the latest first; raises NotAllowed for whoever may not read everything of it."""
    access.require_reader(session, speaker, cohort_id)
    query = find(Discussion).join(Activity, col(Activity.id) == Discussion.activity_id)
    mine = query.where(Discussion.cohort_id == cohort_id, col(Discussion.status).in_(queries.OPEN))
    ordered = mine.order_by(col(Activity.starts_at).desc(), col(Discussion.id).desc())
    return [queries.occasion_of(session, one) for one in session.exec(ordered)]


def list_activities(session: Session, *, speaker: Speaker | None, cohort_id: int, now: datetime) -> Sequence[Activity]:
    """The activities that a discussion may still be about: not over, and without one."""
    access.require_coordinator(session, speaker, cohort_id)
    query = find(Discussion.activity_id).where(Discussion.cohort_id == cohort_id, col(Discussion.status).in_(LIVE))
    taken = set(session.exec(query))
    return [one for one in timetable.activities_of(session, cohort_id) if one.ends_at > now and one.id not in taken]


def show(session: Session, *, speaker: Speaker | None, discussion_id: int) -> Occasion:
    """One discussion, for whoever may read everything of the camp."""
    return queries.occasion_of(session, queries.require_seen(session, speaker, discussion_id))


def show_to_setter(session: Session, *, speaker: Speaker | None, discussion_id: int) -> Occasion:
    """One discussion, for a coordinator of the camp; raises Gone, NotAllowed."""
    return queries.occasion_of(session, queries.require_setter(session, speaker, discussion_id))


def require_draft(session: Session, *, speaker: Speaker | None, discussion_id: int) -> Discussion:
    """A discussion that can still be set up, for a coordinator of the camp; raises Gone, NotAllowed, Underway."""
    return _require_draft(session, speaker, discussion_id)


def count_groups(session: Session, discussion_id: int) -> int:
    """How many groups there are."""
    return len(queries.groups_of(session, discussion_id))


def create(session: Session, *, speaker: Speaker | None, activity_id: int, now: datetime) -> Discussion:
    """Begin a discussion about an activity.

    Raises:
        Gone, NotAllowed: no such activity; the speaker does not coordinate its camp.
        Cancelled: the activity was.
        AlreadyDiscussed: there is one.
    """
    activity = timetable.get_activity(session, activity_id)
    coordinator = access.require_coordinator(session, speaker, activity.cohort_id)
    if activity.cancelled_at is not None:
        raise Cancelled
    live = find(Discussion).where(Discussion.activity_id == activity_id, col(Discussion.status).in_(LIVE))
    if session.exec(live).first() is not None:
        raise AlreadyDiscussed
    discussion = Discussion(
        cohort_id=activity.cohort_id, activity_id=activity_id, made_by=coordinator.person_id, created_at=now
    )
    session.add(discussion)
    session.flush()
    note(session, discussion, speaker, now, "create", after={"title": activity.title})
    return discussion


def change_grouping(
    session: Session,
    *,
    speaker: Speaker | None,
    discussion_id: int,
    now: datetime,
    grouping_by: Grouping | None = None,
    amount: int | None = None,
    who: Who | None = None,
) -> Discussion:
    """Say how groups come about and who takes part; what was drawn before no longer holds.

    Raises:
        Underway: the groups have been announced.
    """
    discussion = _require_draft(session, speaker, discussion_id)
    before = _manner(discussion)
    discussion.grouping = str(grouping_by or discussion.grouping)
    discussion.amount = min(max(amount, 1), MOST_GROUPS) if amount is not None else discussion.amount
    discussion.who = str(who or discussion.who)
    after = _manner(discussion)
    if after != before:
        session.add(discussion)
        grouping.clear(session, discussion)
        note(session, discussion, speaker, now, "change", before=before, after=after)
    return discussion


def set_minutes(
    session: Session, *, speaker: Speaker | None, discussion_id: int, stage: Stage, minutes: int, now: datetime
) -> Discussion:
    """Say how long a stage should take, in minutes; 0: no clock. Holds at once for groups that are in it."""
    discussion = queries.require_setter(session, speaker, discussion_id)
    if stage not in CLOCKED:
        raise Gone
    before, after = minutes_of(discussion, stage), min(max(minutes, 0), MOST_MINUTES)
    if before != after:
        setattr(discussion, f"{stage.value}_minutes", after)
        session.add(discussion)
        session.flush()
        note(session, discussion, speaker, now, "clock", before={stage.value: before}, after={stage.value: after})
    return discussion


def add_question(
    session: Session, *, speaker: Speaker | None, discussion_id: int, text: str, now: datetime
) -> Question | None:
    """Put a question; ``None`` where the text is empty or longer than 300 characters.

    Raises:
        Underway: the groups have been announced.
        NoRoomForMore: there are five.
    """
    discussion = _require_draft(session, speaker, discussion_id)
    asked, words = queries.questions_of(session, discussion_id), tidy(text)
    if len(asked) >= MOST_QUESTIONS:
        raise NoRoomForMore
    if not 0 < len(words) <= LONGEST_QUESTION:
        return None
    position = max((one.position for one in asked), default=0) + 1
    question = Question(discussion_id=discussion_id, position=position, text=words)
    session.add(question)
    session.flush()
    note(session, discussion, speaker, now, "ask", after={"question": words})
    return question


def change_question(
    session: Session, *, speaker: Speaker | None, question_id: int, text: str, now: datetime
) -> Question | None:
    """Word a question anew; ``None`` where the text does not fit. Raises Gone, NotAllowed, Underway."""
    question, discussion = _require_question(session, speaker, question_id)
    words = tidy(text)
    if not 0 < len(words) <= LONGEST_QUESTION:
        return None
    if words != question.text:
        before, question.text = question.text, words
        session.add(question)
        note(session, discussion, speaker, now, "ask", before={"question": before}, after={"question": words})
    return question


def require_question(session: Session, *, speaker: Speaker | None, question_id: int) -> Question:
    """A question that may still be changed; raises Gone, NotAllowed, Underway."""
    return _require_question(session, speaker, question_id)[0]


def drop_question(session: Session, *, speaker: Speaker | None, question_id: int, now: datetime) -> Discussion:
    """Take a question away; raises Gone, NotAllowed, Underway."""
    question, discussion = _require_question(session, speaker, question_id)
    session.delete(question)
    session.flush()
    after = QUESTION.c.discussion_id == discussion.id, QUESTION.c.position > question.position
    later = session.connection().execute(QUESTION.select().where(*after).order_by(QUESTION.c.position)).all()
    for row in later:
        moved = update(QUESTION).where(QUESTION.c.id == row.id).values(position=row.position - 1)
        session.connection().execute(moved)
    queries.forget_read(session)
    note(session, discussion, speaker, now, "ask", before={"question": question.text})
    return discussion


def announce(session: Session, *, speaker: Speaker | None, discussion_id: int, now: datetime) -> tuple[Circle, ...]:
    """Let the groups know; they are returned with everybody in them, and nobody where that was done before.

    Raises:
        NoQuestions, NoGroups: something is missing.
        Cancelled: the activity was.
    """
    discussion = queries.require_setter(session, speaker, discussion_id)
    if discussion.status != Status.DRAFT:
        return ()
    circles = queries.circles_of(session, discussion)
    occasion = queries.occasion_of(session, discussion)
    if occasion.is_cancelled:
        raise Cancelled
    if not occasion.questions:
        raise NoQuestions
    if not circles:
        raise NoGroups
    discussion.status, discussion.announced_at = Status.ANNOUNCED, now
    session.add(discussion)
    session.flush()
    after = {"groups": len(circles), "people": sum(len(circle.members) for circle in circles)}
    note(session, discussion, speaker, now, "announce", after=after)
    return circles


def delete_draft(session: Session, *, speaker: Speaker | None, discussion_id: int, now: datetime) -> Discussion:
    """Take back a discussion that nobody has been told of; raises Underway."""
    discussion = _require_draft(session, speaker, discussion_id)
    discussion.status = Status.DELETED
    session.add(discussion)
    session.flush()
    note(session, discussion, speaker, now, "delete")
    return discussion


def end(session: Session, *, speaker: Speaker | None, discussion_id: int, now: datetime) -> bool:
    """End a discussion whatever its groups have come to; whether that is news. What was written stays."""
    discussion = queries.require_setter(session, speaker, discussion_id)
    if discussion.status != Status.ANNOUNCED:
        return False
    close(session, discussion, now)
    note(session, discussion, speaker, now, "end")
    return True


def close(session: Session, discussion: Discussion, now: datetime) -> None:
    """Mark a discussion as over."""
    discussion.status, discussion.ended_at = Status.ENDED, now
    session.add(discussion)
    session.flush()


def _manner(discussion: Discussion) -> dict[str, str | int]:
    return {"grouping": discussion.grouping, "amount": discussion.amount, "who": discussion.who}


def _require_draft(session: Session, speaker: Speaker | None, discussion_id: int) -> Discussion:
    discussion = queries.require_setter(session, speaker, discussion_id)
    if discussion.status != Status.DRAFT:
        raise Underway
    return discussion


def _require_question(session: Session, speaker: Speaker | None, question_id: int) -> tuple[Question, Discussion]:
    question = session.get(Question, question_id)
    if question is None:
        raise Gone
    return question, _require_draft(session, speaker, question.discussion_id)
