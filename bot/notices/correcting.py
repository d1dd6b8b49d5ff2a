"""Correcting a notice that has begun: other words for those who have it and for those who still wait.

Decides and writes the words; ``dispatch`` carries them to the copies that were sent.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from bot.errors import Gone, Refusal
from bot.notices import drafting, pieces
from bot.notices.audiences import Listener, find_listeners
from bot.notices.models import Notice, Part, Recipient, State
from bot.notices.outlook import Overflow, known_where_needed, overflows, versions_of
from bot.notices.steering import reopen
from bot.people.service import Speaker

PART = Part.__table__  # type: ignore[attr-defined]
RECIPIENT = Recipient.__table__  # type: ignore[attr-defined]
NEVER_GETS_IT = (State.CANCELLED, State.SPARED)
AT_ONCE = 500


class TooLong(Refusal):
    """With these words the notice would be too long for Telegram. Please send me a shorter text."""


class NotToCorrect(Refusal):
    """This notice cannot be corrected: it was not sent, it was taken back, or it has no words."""


def correctable(session: Session, notice_id: int, speaker: Speaker | None) -> Notice:
    """A notice that the speaker may correct; raises Gone, NotAllowed, NotToCorrect."""
    notice = drafting.get_notice(session, notice_id, speaker)
    if notice.started_at is None or notice.recalled_at is not None or not worded(session, notice):
        raise NotToCorrect
    return notice


def worded(session: Session, notice: Notice) -> Sequence[Part]:
    """The parts whose words can be corrected, in order."""
    return pieces.worded(drafting.parts_of(session, notice.id or 0))


def languages_at(session: Session, notice: Notice, position: int) -> Sequence[str]:
    """The languages in which a part has a version of its own."""
    query = select(PART.c.language).where(
        PART.c.notice_id == notice.id, PART.c.position == position, PART.c.language != ""
    )
    return session.connection().execute(query.order_by(PART.c.language)).scalars().all()


def correct(
    session: Session,
    notice: Notice,
    *,
    position: int,
    texts: Mapping[str, str],
    why: str,
    speaker: Speaker,
    now: datetime,
) -> None:
    """Give a part other words for everybody who has it, and for everybody who will get it.

    ``texts`` has the words by language, those for everybody else under an empty one; a version in a language that is
    not among them goes, since it would say what is wrong.

    Raises:
        Gone: there is no such part, or it has no words.
        TooLong: the new text would be too long for somebody; nothing was written.
    """
    part = next((one for one in worded(session, notice) if one.position == position), None)
    if part is None:
        raise Gone
    if foresee_overflows(session, notice, position, texts, why, now):
        raise TooLong
    before = part.text
    _drop_versions(session, notice, position)
    for language, text in texts.items():
        pieces.word_in(session, notice, language=language, text=text, position=position)
    notice.revision, notice.correction, notice.corrected_at = notice.revision + 1, why, now
    reopen(session, notice)
    after = {"text": texts[""]}
    drafting.log(session, notice, speaker, "correct", now, before={"text": before}, after=after, reason=why)


def foresee_overflows(
    session: Session, notice: Notice, position: int, texts: Mapping[str, str], why: str, now: datetime
) -> Sequence[Overflow]:
    """What would be too long for somebody with these words."""
    versions = {
        language: [
            part.model_copy(update={"text": texts.get(language, texts[""])}) if part.position == position else part
            for part in parts
        ]
        for language, parts in versions_of(session, notice).items()
    }
    listeners = _recipients(session, notice)
    known = known_where_needed(session, notice, versions, listeners, now)
    return overflows(notice, versions, listeners, known, why)


def _recipients(session: Session, notice: Notice) -> list[Listener]:
    query = select(RECIPIENT.c.person_id).where(
        RECIPIENT.c.notice_id == notice.id, RECIPIENT.c.state.not_in(NEVER_GETS_IT)
    )
    ids = session.connection().execute(query).scalars().all()
    chunks = (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))
    return [one for chunk in chunks for one in find_listeners(session, notice.cohort_id, chunk)]


def _drop_versions(session: Session, notice: Notice, position: int) -> None:
    session.execute(
        PART.delete().where(PART.c.notice_id == notice.id, PART.c.position == position, PART.c.language != "")
    )
    session.expire_all()
