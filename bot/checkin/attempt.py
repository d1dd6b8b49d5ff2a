"""What every way in starts from: who is to be recorded, by whom, as of when."""

from datetime import datetime

from msgspec import Struct
from sqlmodel import Session

from bot.audit.service import Actor
from bot.checkin import rules


class Attempt(Struct, frozen=True):
    """Somebody wants ``person_id`` recorded as of ``at``: the person alone, or ``marked_by`` for them."""

    session: Session
    person_id: int
    actor: Actor
    at: datetime
    received_at: datetime
    now: datetime
    source: str
    marked_by: int | None = None

    @property
    def accepted(self) -> frozenset[int]:
        """The periods whose codes are good."""
        return rules.accepted_steps(self.at, self.received_at)
