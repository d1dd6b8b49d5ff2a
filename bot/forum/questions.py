"""Questions from the room: put without a name, shown or hidden by the moderator, at most five a person.

What is kept of whoever asks is how many questions they have put, and nothing that leads from one to the other. That a
question could be guessed by its words, or since nobody else had asked by then, no table can prevent.
"""

import hmac
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import func, select, update
from sqlmodel import Session

from bot import codes
from bot.database import insert_missing
from bot.errors import Gone, Refusal
from bot.forum import lots
from bot.forum.models import ACTIVE
from bot.forum.queries import SIGNUP, is_of
from bot.forum.running_order import Order, load, require_moderator, require_on
from bot.forum.stage_models import Asked, QuestionStatus, RoomQuestion
from bot.guests import service as guests
from bot.people import access
from bot.people import service as people
from bot.people.service import Speaker

QUESTION = RoomQuestion.__table__  # type: ignore[attr-defined]
ASKED = Asked.__table__  # type: ignore[attr-defined]
SECRET = "forum_room"  # noqa: S105 - the name of a key
LONGEST = 300
EACH = 5
MOST_WAITING = 200
LENGTH = 24
_PAYLOAD = re.compile(r"q-([0-9a-z]{1,12})-([0-9a-f]{24})")


class NotInTheRoom(Refusal):
    """Only those who take part in this forum can do that."""


class NotOpen(Refusal):
    """Questions are taken while the forum is going on."""


class Put(StrEnum):
    """What became of a question."""

    TAKEN = "taken"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    ENOUGH = "enough"
    """The account has put as many as one may."""
    FULL = "full"
    """The moderator has too many to read."""


class Question(Struct, frozen=True):
    """One question as the moderator sees it."""

    id: int
    text: str
    status: QuestionStatus
    position: int


def payload_for(session: Session, call_id: int) -> str:
    """What the link behind the projector's code carries; the secret is made when first asked for, while writing."""
    people.secret(session, SECRET)
    return f"q-{codes.to_base36(call_id)}-{_mac(session, call_id)}"


def read_payload(session: Session, payload: str) -> int | None:
    """The call a link is about, ``None`` for a link that is none of ours."""
    found = _PAYLOAD.fullmatch(payload)
    if found is None:
        return None
    call_id = int(found[1], 36)
    return call_id if hmac.compare_digest(found[2], _mac(session, call_id)) else None


def require_room(session: Session, speaker: Speaker | None, telegram_id: int, call_id: int, now: datetime) -> Order:
    """The forum for somebody who may be in its room: of the camp, or signed up.

    Raises:
        Gone: there is no such forum.
        NotInTheRoom: anybody else; whoever scans the code on the projector passes without this.
        ForumOff: it has been cancelled.
    """
    order = load(session, call_id, now)
    if not _is_inside(session, speaker, telegram_id, order):
        raise NotInTheRoom
    require_on(order)
    return order


def require_open(order: Order) -> None:
    """Refuse questions before and after the forum; raises NotOpen."""
    require_on(order)
    if not order.is_live:
        raise NotOpen


def ask(session: Session, *, telegram_id: int, call_id: int, text: str, now: datetime) -> Put:
    """Take a question. The caller has seen to it that whoever asks is in the room.

    Raises:
        Gone: there is no such forum.
        NotOpen, ForumOff: it is not going on.
    """
    order = load(session, call_id, now)
    require_open(order)
    words = clean(text)
    if not words:
        return Put.EMPTY
    if len(words) > LONGEST:
        return Put.TOO_LONG
    if count_new(session, call_id) >= MOST_WAITING:
        return Put.FULL
    if not _count(session, call_id, telegram_id):
        return Put.ENOUGH
    current = order.current.piece.id if order.current else None
    kept = {"call_id": call_id, "slot_id": current, "text": words, "status": QuestionStatus.NEW, "position": 0}
    lots.add_unseen(session, QUESTION, QUESTION.c.call_id == call_id, **kept)
    return Put.TAKEN


def left_for(session: Session, telegram_id: int, call_id: int) -> int:
    """How many questions somebody may still put."""
    query = select(ASKED.c.count).where(ASKED.c.call_id == call_id, ASKED.c.telegram_id == telegram_id)
    return EACH - int(session.connection().execute(query).scalar() or 0)


def clean(text: str) -> str:
    """The words of a question on one line, without marks that nobody sees."""
    kept = (" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    visible = "".join(sign for sign in kept if unicodedata.category(sign) not in ("Cf", "Cs", "Co"))
    return " ".join(unicodedata.normalize("NFC", visible).split())


def judge(
    session: Session, *, speaker: Speaker | None, question_id: int, status: QuestionStatus, now: datetime
) -> tuple[Order, bool]:
    """Show, hide or tick off a question; whether that was news.

    Raises:
        Gone, NotAllowed, ForumOff: nothing has changed.
    """
    row = session.connection().execute(select(QUESTION).where(QUESTION.c.id == question_id)).first()
    if row is None:
        raise Gone
    order, _ = require_moderator(session, speaker, row.call_id, now)
    if row.status == status:
        return order, False
    position = row.position
    if status == QuestionStatus.RELEASED and not position:
        highest = select(func.coalesce(func.max(QUESTION.c.position), 0)).where(QUESTION.c.call_id == row.call_id)
        position = session.connection().execute(highest).scalar_one() + 1
    changed = update(QUESTION).where(QUESTION.c.id == question_id).values(status=status, position=position)
    session.connection().execute(changed)
    return order, True


def list_all(session: Session, call_id: int) -> list[Question]:
    """What the moderator reads: new ones first, then those on the screen; hidden and answered ones last."""
    rank = {QuestionStatus.NEW: 0, QuestionStatus.RELEASED: 1, QuestionStatus.HIDDEN: 2, QuestionStatus.ANSWERED: 3}
    found = [_question(row) for row in _rows(session, call_id)]
    return sorted(found, key=lambda one: (rank[one.status], one.position, one.id))


def released(session: Session, call_id: int) -> list[Question]:
    """What stands on the projector, in the order of release."""
    found = [_question(row) for row in _rows(session, call_id) if row.status == QuestionStatus.RELEASED]
    return sorted(found, key=lambda one: one.position)


def count_new(session: Session, call_id: int) -> int:
    """How many questions wait for the moderator."""
    query = select(func.count()).where(QUESTION.c.call_id == call_id, QUESTION.c.status == QuestionStatus.NEW)
    return int(session.connection().execute(query).scalar_one())


def _rows(session: Session, call_id: int) -> Sequence[Any]:
    return session.connection().execute(select(QUESTION).where(QUESTION.c.call_id == call_id)).all()


def _question(row: Any) -> Question:
    return Question(row.id, row.text, QuestionStatus(row.status), row.position)


def _count(session: Session, call_id: int, telegram_id: int) -> bool:
    """Count one more of an account, unless it has put its five."""
    insert_missing(session, ASKED, [{"call_id": call_id, "telegram_id": telegram_id, "count": 0}])
    mine = (ASKED.c.call_id == call_id, ASKED.c.telegram_id == telegram_id, ASKED.c.count < EACH)
    return session.connection().execute(update(ASKED).where(*mine).values(count=ASKED.c.count + 1)).rowcount == 1


def _is_inside(session: Session, speaker: Speaker | None, telegram_id: int, order: Order) -> bool:
    if speaker is not None and (
        speaker.is_operator or access.roles_in(session, speaker.person_id, order.call.cohort_id)
    ):
        return True
    party = guests.party_of(session, speaker=speaker, telegram_id=telegram_id)
    if party is None:
        return False
    query = select(SIGNUP.c.id).where(SIGNUP.c.call_id == order.call.id, SIGNUP.c.status.in_(ACTIVE), is_of(party))
    return session.connection().execute(query).first() is not None


def _mac(session: Session, call_id: int) -> str:
    return codes.digest(people.secret(session, SECRET), f"room:{call_id}").hex()[:LENGTH]
