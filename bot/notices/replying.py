"""What recipients do with a notice: read it, answer it, reply to it; and the office's answers to replies."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.errors import Gone, NotLinked, Refusal
from bot.notices import drafting, queries, rules
from bot.notices.habits import manners_of
from bot.notices.models import Letter, Notice, Recipient
from bot.people import access
from bot.people import service as people
from bot.people.models import Cohort, Person
from bot.people.service import Speaker

LONGEST = 3000
"""Characters of a reply that are passed on; nobody types more on a phone."""


class NotForYou(Refusal):
    """This notice was not sent to you."""


class Withdrawn(Refusal):
    """This notice was withdrawn."""


class EmptyLetter(Refusal):
    """I can only pass on text. Please write your reply in words."""


class Posted(Struct, frozen=True):
    """A reply on its way to the office, or an answer back: all that its readers need."""

    letter: Letter
    notice: Notice
    cohort: Cohort
    person: Person
    author: Person
    is_away: bool = False
    away_text: str = ""


def find_copy(session: Session, notice_id: int, speaker: Speaker | None) -> tuple[Notice, Recipient]:
    """The speaker's own copy of a notice.

    Raises:
        NotLinked, Gone, Withdrawn: there is nobody, nothing, or nothing any more.
        NotForYou: it was sent to others.
    """
    if speaker is None:
        raise NotLinked
    notice = session.get(Notice, notice_id)
    if notice is None:
        raise Gone
    own = session.get(Recipient, (notice_id, speaker.person_id))
    if own is None:
        raise NotForYou
    if notice.recalled_at is not None:
        raise Withdrawn
    return notice, own


def mark_seen(session: Session, notice: Notice, own: Recipient, at: datetime) -> bool:
    """Note that the person has read it as it stands now; whether that is news."""
    corrected_at = notice.corrected_at
    if own.seen_at is not None and (corrected_at is None or own.seen_at >= corrected_at):
        return False
    own.seen_at = at
    session.add(own)
    return True


def answer(session: Session, notice: Notice, own: Recipient, option: int, at: datetime) -> str:
    """Note the person's answer, which may be changed as long as the notice stands; the answer's words.

    Raises:
        Gone: there is no such answer.
    """
    options = queries.options_of(session, notice.id or 0)
    if not 0 <= option < len(options):
        raise Gone
    own.answer, own.answered_at, own.seen_at = option, at, own.seen_at or at
    session.add(own)
    return options[option]


def write_to_office(session: Session, notice: Notice, speaker: Speaker, text: str, at: datetime) -> Posted:
    """Keep a recipient's reply; raises EmptyLetter."""
    letter = _keep(session, notice, speaker.person_id, speaker.person_id, text, at)
    posted = _posted(session, letter, notice)
    manners = manners_of(session, notice.cohort_id)
    zone = ZoneInfo(posted.cohort.time_zone)
    is_away = not rules.is_within(at, zone, manners.serves_from, manners.serves_until)
    return Posted(letter, notice, posted.cohort, posted.person, posted.author, is_away, manners.away)


def write_back(
    session: Session, *, notice_id: int, person_id: int, text: str, speaker: Speaker | None, now: datetime
) -> Posted:
    """Keep the office's answer to somebody's reply.

    Raises:
        Gone, NotAllowed: no such thread, or not the speaker's to answer.
        EmptyLetter: there are no words.
    """
    notice = drafting.get_notice(session, notice_id, speaker)
    author = access.require_coordinator(session, speaker, notice.cohort_id)
    if not thread(session, notice_id, person_id):
        raise Gone
    letter = _keep(session, notice, person_id, author.person_id, text, now)
    drafting.log(session, notice, author, "answer", now, after={"person": person_id})
    return _posted(session, letter, notice)


def _keep(session: Session, notice: Notice, person_id: int, author_id: int, text: str, at: datetime) -> Letter:
    if not text.strip():
        raise EmptyLetter
    letter = Letter(
        notice_id=notice.id or 0, person_id=person_id, author_id=author_id, text=text.strip()[:LONGEST], at=at
    )
    session.add(letter)
    session.flush()
    return letter


def _posted(session: Session, letter: Letter, notice: Notice) -> Posted:
    return Posted(
        letter,
        notice,
        people.get_cohort(session, notice.cohort_id),
        people.get_person(session, letter.person_id),
        people.get_person(session, letter.author_id),
    )


def thread(session: Session, notice_id: int, person_id: int) -> Sequence[Letter]:
    """What was written to and fro with one person about a notice, the oldest first."""
    query = find(Letter).where(Letter.notice_id == notice_id, Letter.person_id == person_id)
    return session.exec(query.order_by(col(Letter.id))).all()


def threads(session: Session, notice_id: int) -> Sequence[tuple[Person, Letter]]:
    """Each person who replied, with the latest of the thread, the newest thread first."""
    query = find(Letter).where(Letter.notice_id == notice_id).order_by(col(Letter.id))
    latest = {letter.person_id: letter for letter in session.exec(query)}
    ordered = sorted(latest.values(), key=lambda letter: letter.id or 0, reverse=True)
    return [(people.get_person(session, letter.person_id), letter) for letter in ordered]
