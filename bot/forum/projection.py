"""What the projector shows of a forum at one instant: speaker, title, topic, time, the questions that were released.

The address is derived from a secret of the installation: nobody can guess it, nothing is stored, nobody is named by it.
Names on it are those of speakers, who are public; a question has none.
"""

import hmac
import re
from datetime import datetime

from msgspec import Struct
from sqlmodel import Session

from bot import codes
from bot.errors import Gone
from bot.forum import plan, questions
from bot.forum.models import CallStatus
from bot.forum.questions import Question
from bot.forum.running_order import Item, Order, load, require_moderator
from bot.people import service as people
from bot.people.models import Secret
from bot.people.service import Speaker

SECRET = "forum_projector"  # noqa: S105 - the name of a key
LENGTH = 32
_TOKEN = re.compile(r"([0-9]{1,18})-([0-9a-f]{32})")


class Shown(Struct, frozen=True):
    """The page at one instant. ``payload`` is that of the link by which the room asks."""

    order: Order
    questions: tuple[Question, ...]
    payload: str

    @property
    def current(self) -> Item | None:
        """What is on."""
        return self.order.current

    @property
    def following(self) -> Item | None:
        """What comes next."""
        return self.order.following if not self.order.is_over else None

    @property
    def seconds(self) -> tuple[int, int]:
        """How long what is on has lasted, and how long it may."""
        item, stage = self.current, self.order.stage
        if item is None or stage is None:
            return 0, 0
        begun = item.timed.starts_at
        whole = plan.due_end(item.piece, stage) - begun
        return int((self.order.now - begun).total_seconds()), int(whole.total_seconds())


def token_for(session: Session, *, speaker: Speaker | None, call_id: int, now: datetime) -> str:
    """The end of the address, for whoever keeps the stage; to be asked for inside a writing transaction.

    Raises:
        Gone, NotAllowed, ForumOff: there is no such page for the speaker.
    """
    require_moderator(session, speaker, call_id, now)
    people.secret(session, SECRET)
    questions.payload_for(session, call_id)
    return f"{call_id}-{_mac(people.secret(session, SECRET), call_id)}"


def look(session: Session, *, token: str, now: datetime) -> Shown | None:
    """What the page shows now; ``None`` for an address that never was one, or whose forum is off."""
    call_id = read_token(session, token)
    if call_id is None:
        return None
    try:
        order = load(session, call_id, now)
    except Gone:
        return None
    if order.call.status == CallStatus.CANCELLED or order.call.is_activity_off:
        return None
    return Shown(order, tuple(questions.released(session, call_id)), questions.payload_for(session, call_id))


def read_token(session: Session, token: str) -> int | None:
    """The call that an address is about, if it is genuine."""
    found, secret = _TOKEN.fullmatch(token), session.get(Secret, SECRET)
    if found is None or secret is None:
        return None
    call_id = int(found[1])
    return call_id if hmac.compare_digest(found[2], _mac(secret.value, call_id)) else None


def _mac(secret: str, call_id: int) -> str:
    return codes.digest(secret, f"forum:{call_id}").hex()[:LENGTH]
