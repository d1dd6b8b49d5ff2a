"""Everybody writes first, in silence: one's own points on a question, which nobody else sees before they are numbered.

Never commits, never reads a clock.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col
from sqlmodel import select as find

from bot.discussions import merging, queries
from bot.discussions.models import Note, Stage, Status
from bot.discussions.outcomes import Kept, Place, Written
from bot.discussions.refusals import NotNow
from bot.discussions.rules import LONGEST, MOST_NOTES, likeness, points_in, tidy
from bot.errors import Gone
from bot.people.service import Speaker


def show_mine(session: Session, *, speaker: Speaker | None, group_id: int) -> tuple[Place, Sequence[Note]]:
    """Where the person stands, and what they themselves have written, in the order of writing."""
    place = queries.place_of(session, queries.require_member(session, speaker, group_id))
    return place, _notes(session, place)


def write(
    session: Session, *, speaker: Speaker | None, group_id: int, question_id: int, text: str, now: datetime
) -> Written:
    """Keep what somebody wrote on a question: one point, or a list of points one a line.

    Once the points are numbered, leader and recorder may still add what was forgotten.

    Raises:
        NotLinked, Gone, NotYourGroup: not a member's; no such question.
    """
    place = queries.require_member(session, speaker, group_id)
    if place.circle.occasion.question(question_id) is None:
        raise Gone
    if not may_write(place):
        return Written(queries.place_of(session, place), Kept.TOO_LATE)
    before = _notes(session, place)
    points, kept = _judge(text, [one.text for one in before if one.question_id == question_id])
    if kept is Kept.KEPT:
        for point in points:
            session.add(_note(place, question_id, point, now))
        session.flush()
        if place.circle.stage is Stage.MERGING:
            merging.number(session, group_id)
    after = queries.place_of(session, place)
    return Written(after, kept, len(points), is_first=kept is Kept.KEPT and not before)


def change(session: Session, *, speaker: Speaker | None, note_id: int, text: str) -> Written:
    """Word one's own point anew, while everybody writes; raises Gone for somebody else's."""
    note, place = require_own(session, speaker=speaker, note_id=note_id)
    words = tidy(text)
    kept = Kept.EMPTY if not words else Kept.TOO_LONG if len(words) > LONGEST else Kept.KEPT
    if place.circle.stage is not Stage.WRITING or not _is_open(place):
        kept = Kept.TOO_LATE
    if kept is Kept.KEPT:
        note.text = words
        session.add(note)
        session.flush()
    return Written(queries.place_of(session, place), kept, 1)


def drop(session: Session, *, speaker: Speaker | None, note_id: int) -> Place:
    """Take one's own point back, while everybody writes; raises Gone for somebody else's, NotNow later."""
    note, place = require_own(session, speaker=speaker, note_id=note_id)
    if place.circle.stage is not Stage.WRITING or not _is_open(place):
        raise NotNow
    session.delete(note)
    session.flush()
    return queries.place_of(session, place)


def require_own(session: Session, *, speaker: Speaker | None, note_id: int) -> tuple[Note, Place]:
    """One's own point with the place it belongs to; nobody learns whether somebody else's exists."""
    note = session.get(Note, note_id)
    if note is None or speaker is None or note.person_id != speaker.person_id:
        raise Gone
    return note, queries.require_member(session, speaker, note.group_id)


def may_write(place: Place) -> bool:
    """Whether the person may still add a point."""
    stage = place.circle.stage
    return _is_open(place) and (stage is Stage.WRITING or (stage is Stage.MERGING and place.is_officer))


def _is_open(place: Place) -> bool:
    return place.circle.occasion.discussion.status == Status.ANNOUNCED


def _notes(session: Session, place: Place) -> Sequence[Note]:
    mine = (Note.group_id == place.circle.id, Note.person_id == place.me.person_id)
    return session.exec(find(Note).where(*mine).order_by(col(Note.id))).all()


def _judge(text: str, before: Sequence[str]) -> tuple[list[str], Kept]:
    """The points that are new, and what becomes of the whole text; of one that does not fit nothing is kept."""
    points = points_in(text)
    if not points:
        return [], Kept.EMPTY
    if any(len(point) > LONGEST for point in points):
        return [], Kept.TOO_LONG
    known = {likeness(one) for one in before}
    fresh = list({likeness(point): point for point in reversed(points) if likeness(point) not in known}.values())[::-1]
    if len(before) + len(fresh) > MOST_NOTES:
        return [], Kept.FULL
    return fresh, Kept.KEPT if fresh else Kept.SAME


def _note(place: Place, question_id: int, text: str, now: datetime) -> Note:
    return Note(
        group_id=place.circle.id, question_id=question_id, person_id=place.me.person_id, text=text, written_at=now
    )
