"""A group's way through the stages: its leader drives, coordinators may push, the clock reminds. Never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.discussions import candidates, finding, merging, minutes, queries, voting
from bot.discussions.journal import note
from bot.discussions.models import Discussion, Group, Stage, Status
from bot.discussions.outcomes import Board, Circle, Moved, Occasion, Place
from bot.discussions.queries import DISCUSSION, NOTE, SEAT
from bot.discussions.refusals import Cancelled, KeepsFindings, NothingVoted, NothingWritten, NotNow, OnlyLeader, Over
from bot.discussions.rules import CLOCKED, deadline, following, preceding
from bot.errors import Gone, NotLinked
from bot.people import access
from bot.people.service import Speaker


def show_place(session: Session, *, speaker: Speaker | None, group_id: int) -> Place:
    """Where a member stands; raises NotLinked, Gone, NotYourGroup."""
    return queries.place_of(session, queries.require_member(session, speaker, group_id))


def require_driver(session: Session, *, speaker: Speaker | None, group_id: int) -> Circle:
    """The group, for whoever may take it on or back; raises as ``go_on``."""
    return _require_driven(session, speaker, group_id)


def find_places(session: Session, *, speaker: Speaker | None, cohort_id: int) -> list[tuple[Occasion, int]]:
    """The discussions of a camp in which the person has a seat, with the group, the latest first."""
    if speaker is None:
        raise NotLinked
    seats = queries.seats_in(session, speaker.person_id, cohort_id)
    return [(queries.occasion_of(session, discussion), group_id) for discussion, group_id in seats]


def open_to(session: Session, *, person_id: int, cohort_id: int) -> list[Occasion]:
    """The announced discussions that a person could come late to: on the roster of those concerned, without a seat."""
    query = find(Discussion).where(Discussion.cohort_id == cohort_id, Discussion.status == Status.ANNOUNCED)
    found = []
    for discussion in session.exec(query.order_by(col(Discussion.id))):
        if queries.seat_of(session, discussion.id or 0, person_id) is None and _belongs(session, discussion, person_id):
            found.append(queries.occasion_of(session, discussion))
    return found


def is_anything(session: Session, person_id: int, cohort_id: int) -> bool:
    """Whether a trainee has anything to find under discussions: a cheap look for the first screen."""
    query = select(DISCUSSION.c.id).where(DISCUSSION.c.cohort_id == cohort_id, DISCUSSION.c.status == Status.ANNOUNCED)
    if session.connection().execute(query.limit(1)).first() is not None:
        return True
    seated = select(SEAT.c.discussion_id).join(DISCUSSION, DISCUSSION.c.id == SEAT.c.discussion_id)
    mine = seated.where(SEAT.c.person_id == person_id, DISCUSSION.c.cohort_id == cohort_id)
    return session.connection().execute(mine.where(DISCUSSION.c.status == Status.ENDED).limit(1)).first() is not None


def go_on(session: Session, *, speaker: Speaker | None, group_id: int, stage: Stage, now: datetime) -> Moved:
    """Take a group from this stage to the next; nothing happens where it has left the stage already.

    Raises:
        NotLinked, NotYourGroup, OnlyLeader, Gone: the speaker may not.
        Over, Cancelled: the discussion or its activity.
        NothingWritten, NothingVoted: the next stage would have nothing to begin with.
        NotNow: there is no next stage; minutes end by being confirmed.
    """
    circle = _require_driven(session, speaker, group_id)
    if circle.stage is not stage:
        return Moved(circle, is_news=False)
    target = following(stage)
    if target is stage:
        raise NotNow
    _require_substance(session, circle)
    merged = _prepare(session, circle, target)
    _enter(session, circle, target, speaker, now)
    return Moved(queries.circle_of(session, group_id), is_news=True, merged=merged)


def go_back(session: Session, *, speaker: Speaker | None, group_id: int, stage: Stage, now: datetime) -> Moved:
    """Take a group back by one stage; what was typed stays, numbers are taken back where writing opens again.

    Raises:
        As ``go_on``; OnlyLeader where confirmed minutes are to be opened again and no coordinator asks.
        KeepsFindings: the numbers are needed.
    """
    circle = _require_driven(session, speaker, group_id)
    if circle.stage is not stage:
        return Moved(circle, is_news=False)
    target = preceding(stage)
    if target is stage:
        raise NotNow
    if stage is Stage.DONE and not access.may_change(session, speaker, circle.occasion.cohort_id):
        raise OnlyLeader
    if target is Stage.WRITING:
        if finding.findings_of(session, [one.id for one in merging.points_of(session, circle)]):
            raise KeepsFindings
        merging.dissolve(session, group_id)
    _enter(session, circle, target, speaker, now)
    return Moved(queries.circle_of(session, group_id), is_news=True)


def start_all(session: Session, *, speaker: Speaker | None, discussion_id: int, now: datetime) -> list[Moved]:
    """Let every group that is still gathering begin to write."""
    discussion = queries.require_setter(session, speaker, discussion_id)
    waiting = [one for one in queries.groups_of(session, discussion_id) if one.stage == Stage.GATHERING]
    if discussion.status != Status.ANNOUNCED:
        raise Over if discussion.status == Status.ENDED else Gone
    return [go_on(session, speaker=speaker, group_id=one.id or 0, stage=Stage.GATHERING, now=now) for one in waiting]


def reopen(session: Session, *, speaker: Speaker | None, discussion_id: int, now: datetime) -> bool:
    """Open a discussion again that was ended; whether that is news."""
    discussion = queries.require_setter(session, speaker, discussion_id)
    if discussion.status != Status.ENDED:
        return False
    discussion.status, discussion.ended_at = Status.ANNOUNCED, None
    session.add(discussion)
    session.flush()
    note(session, discussion, speaker, now, "reopen")
    return True


def show_board(session: Session, *, speaker: Speaker | None, discussion_id: int) -> Board:
    """All groups at once, for whoever may read everything of the camp."""
    discussion = queries.require_seen(session, speaker, discussion_id)
    circles = queries.circles_of(session, discussion)
    return Board(queries.occasion_of(session, discussion), circles, _progress(session, circles))


def has_due(session: Session, now: datetime) -> list[int]:
    """The groups whose time for a stage is up and whose leader has not been reminded."""
    query = find(Group, Discussion).join(Discussion, col(Discussion.id) == Group.discussion_id)
    open_ones = query.where(
        Discussion.status == Status.ANNOUNCED, col(Group.stage).in_(CLOCKED), col(Group.nudged_at).is_(None)
    )
    return [group.id or 0 for group, discussion in session.exec(open_ones) if _is_up(group, discussion, now)]


def take_due(session: Session, group_id: int, now: datetime) -> Circle | None:
    """Note that a group's leader is being reminded, and say of what; nothing where that has been done meanwhile."""
    circle = queries.circle_of(session, group_id)
    is_open = circle.occasion.discussion.status == Status.ANNOUNCED and not circle.occasion.is_cancelled
    if not is_open or circle.group.nudged_at is not None or circle.until is None or circle.until > now:
        return None
    circle.group.nudged_at = now
    session.add(circle.group)
    session.flush()
    return circle


def progress_of(session: Session, circle: Circle) -> int:
    """How many of a group have done what its stage asks of everybody."""
    return _progress(session, [circle])[circle.id]


def remember_screen(session: Session, place: Place, screen: str, *, at_home: bool) -> None:
    """Keep which message a member follows the group in, so that it can be changed when the group goes on."""
    if (place.me.screen, place.me.at_home) == (screen, at_home):
        return
    mine = (SEAT.c.discussion_id == place.circle.occasion.id, SEAT.c.person_id == place.me.person_id)
    session.connection().execute(update(SEAT).where(*mine).values(screen=screen, at_home=at_home))


def set_consent(session: Session, *, speaker: Speaker | None, group_id: int, may_name: bool) -> Place:
    """Let one's own name stand in the minutes, or not; everybody for themselves, at any time."""
    place = queries.require_member(session, speaker, group_id)
    mine = (SEAT.c.discussion_id == place.circle.occasion.id, SEAT.c.person_id == place.me.person_id)
    session.connection().execute(update(SEAT).where(*mine).values(may_name=may_name))
    return show_place(session, speaker=speaker, group_id=group_id)


def _require_driven(session: Session, speaker: Speaker | None, group_id: int) -> Circle:
    circle = queries.require_driver(session, speaker, group_id)
    if circle.occasion.is_cancelled:
        raise Cancelled
    if circle.occasion.discussion.status != Status.ANNOUNCED:
        raise Over if circle.occasion.discussion.status == Status.ENDED else Gone
    return circle


def _require_substance(session: Session, circle: Circle) -> None:
    if circle.stage is Stage.WRITING:
        count = select(func.count()).where(NOTE.c.group_id == circle.id)
        if not session.connection().execute(count).scalar_one():
            raise NothingWritten
    if circle.stage is Stage.VOTING and not voting.count(session, circle.id):
        raise NothingVoted


def _prepare(session: Session, circle: Circle, target: Stage) -> int:
    if target is Stage.MERGING:
        return merging.number(session, circle.id)
    if target is Stage.MINUTES and not circle.group.is_edited:
        minutes.draft(session, circle)
    return 0


def _enter(session: Session, circle: Circle, target: Stage, speaker: Speaker | None, now: datetime) -> None:
    group, before = circle.group, circle.stage
    group.stage, group.stage_at, group.nudged_at = target, now, None
    group.leader_confirmed_at = group.recorder_confirmed_at = None
    session.add(group)
    session.flush()
    names = {"group": group.name or str(group.number)}
    note(
        session,
        circle.occasion.discussion,
        speaker,
        now,
        "stage",
        before=names | {"stage": before.value},
        after=names | {"stage": target.value},
    )


def _progress(session: Session, circles: Sequence[Circle]) -> dict[int, int]:
    found: dict[int, int] = {circle.id: 0 for circle in circles}
    for stage in {circle.stage for circle in circles}:
        here = [circle for circle in circles if circle.stage is stage]
        done = queries.active(session, stage, [circle.id for circle in here])
        for circle in here:
            there = {member.person_id for member in circle.members}
            found[circle.id] = len(done.get(circle.id, set()) & there)
    return found


def _is_up(group: Group, discussion: Discussion, now: datetime) -> bool:
    until = deadline(discussion, Stage(group.stage), group.stage_at)
    return until is not None and until <= now


def _belongs(session: Session, discussion: Discussion, person_id: int) -> bool:
    return person_id in candidates.roster_of(session, discussion)
