"""Which group everybody sits in: the draw from a seed, and the groups as they stand. Never commits, reads no clock."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session

from bot.discussions import candidates, drawing, queries
from bot.discussions.journal import note
from bot.discussions.models import Discussion, Group, Grouping, Status
from bot.discussions.outcomes import Circle, Division
from bot.discussions.queries import GROUP, SEAT
from bot.discussions.refusals import NobodyThere, NoOwnGroups, Underway
from bot.people import access
from bot.people import groups as people_groups
from bot.people.service import Speaker


def draw(session: Session, *, speaker: Speaker | None, discussion_id: int, now: datetime) -> Division:
    """Draw the groups, anew with each call; the seed is written down, so that anybody may draw the same again.

    Raises:
        Underway: the groups have been announced.
        NobodyThere: nobody takes part.
        NoOwnGroups: the roster has none.
    """
    discussion = queries.require_setter(session, speaker, discussion_id)
    if discussion.status != Status.DRAFT:
        raise Underway
    people = candidates.eligible(session, discussion)
    if not people:
        raise NobodyThere
    seed = next_seed(discussion)
    drawn = divide(session, discussion, people, seed)
    clear(session, discussion)
    discussion.seed = seed
    session.add(discussion)
    session.flush()
    _seat(session, discussion, drawn, people)
    note(session, discussion, speaker, now, "draw", after={"seed": seed, "groups": [ids for _, ids in drawn]})
    return show_division(session, speaker=speaker, discussion_id=discussion_id)


def next_seed(discussion: Discussion) -> str:
    """The seed of the next draw: the discussion's number, and the how-manieth draw it is."""
    last = int(discussion.seed.rpartition("-")[2]) if discussion.seed else 0
    return f"{discussion.id}-{last + 1}"


def divide(
    session: Session, discussion: Discussion, people: Sequence[drawing.Candidate], seed: str
) -> list[tuple[str, list[int]]]:
    """The groups that this seed gives, each with its name (empty: only a number)."""
    if discussion.grouping == Grouping.OWN:
        names = people_groups.names_of(session, discussion.cohort_id)
        if not names:
            raise NoOwnGroups
        return list(drawing.own_groups(people, names, seed).items())
    count = discussion.amount if discussion.grouping == Grouping.COUNT else -(-len(people) // discussion.amount)
    history = candidates.history_of(session, [one.person_id for one in people], discussion.id or 0)
    return [("", ids) for ids in drawing.draw(people, count, seed, history)]


def show_division(session: Session, *, speaker: Speaker | None, discussion_id: int) -> Division:
    """The groups as they stand, for whoever may read everything of the camp."""
    discussion = queries.require_seen(session, speaker, discussion_id)
    circles = queries.circles_of(session, discussion)
    groups = [[candidates.of_member(one) for one in circle.members] for circle in circles]
    ids = [one.person_id for members in groups for one in members]
    history = candidates.history_of(session, ids, discussion_id)
    waiting = len({one.person_id for one in candidates.eligible(session, discussion)} - set(ids)) if circles else 0
    occasion = queries.occasion_of(session, discussion)
    return Division(occasion, circles, drawing.balance(groups, history), waiting)


def show_circle(session: Session, *, speaker: Speaker | None, group_id: int) -> Circle:
    """One group, for whoever may read everything of the camp."""
    circle = queries.circle_of(session, group_id)
    access.require_reader(session, speaker, circle.occasion.cohort_id)
    return circle


def clear(session: Session, discussion: Discussion) -> None:
    """Take back what was drawn, which nobody has been told of."""
    for table in (SEAT, GROUP):
        session.connection().execute(delete(table).where(table.c.discussion_id == discussion.id))
    queries.forget_read(session)


def seat_row(discussion: Discussion, group_id: int, person_id: int) -> dict[str, object]:
    """A seat as a row of its table."""
    return {
        "discussion_id": discussion.id,
        "person_id": person_id,
        "group_id": group_id,
        "may_name": False,
        "is_late": False,
        "screen": "",
        "at_home": False,
    }


def _seat(
    session: Session,
    discussion: Discussion,
    drawn: Sequence[tuple[str, Sequence[int]]],
    people: Sequence[drawing.Candidate],
) -> None:
    known = {one.person_id: one for one in people}
    leads = candidates.roster_leaders(session, discussion.cohort_id)
    for number, (name, ids) in enumerate(drawn, 1):
        leader, recorder = drawing.officers([known[one] for one in ids], f"{discussion.seed}:{number}")
        own = next((one for one in ids if name and leads.get(one) == name), None)
        if own is not None and own != leader:
            leader, recorder = own, leader if own == recorder else recorder
        group = Group(discussion_id=discussion.id or 0, number=number, name=name)
        group.leader_id, group.recorder_id = leader, recorder
        session.add(group)
        session.flush()
        rows = [seat_row(discussion, group.id or 0, one) for one in ids]
        session.connection().execute(SEAT.insert(), rows)
