"""When an inbox row is given up: after three errors, or after three processes that died with it alone in hand.

The two are counted apart. An error is the row's own doing; a process may also be killed from outside, which says
nothing of the row unless it is the same row each time. Whoever waits for a parked row is told, and the operators are.
"""

import logging

from sqlmodel import Session

from bot.clock import Clock
from bot.inbox import messages, redaction
from bot.inbox.models import Inbox, Status
from bot.turn import Turn

MAX_ATTEMPTS = 3
MAX_CRASHES = 3

log = logging.getLogger(__name__)


class Parking:
    """Counts what goes wrong with a row, and sets it aside when that was too often."""

    def __init__(self, clock: Clock, operators: frozenset[int] = frozenset()) -> None:
        self._clock = clock
        self._operators = operators

    def take_in_hand(self, session: Session, seq: int) -> bool:
        """Note that this process is about to run the row alone; ``False`` where the row is done or has been parked.

        To be committed before the row runs: a process that comes out of it alive calls ``survive`` or ``count_error``,
        so that only those count which did not.
        """
        row = _waiting(session, seq)
        if row is None:
            return False
        if (row.crashes or 0) >= MAX_CRASHES:
            row.error = row.error or "each process that ran it died"
            self._park(session, row)
            return False
        row.crashes = (row.crashes or 0) + 1
        return True

    def survive(self, session: Session, seq: int) -> None:
        """Take the note back: the process lives, and the row has not been run after all."""
        if (row := _waiting(session, seq)) is not None:
            row.crashes = max(0, (row.crashes or 0) - 1)

    def count_error(self, session: Session, seq: int, error: Exception) -> bool:
        """Count one failed attempt; ``False`` where it was the last and the row has been parked."""
        row = _waiting(session, seq)
        if row is None:
            return False
        log.error("inbox row %s failed", seq, exc_info=error)
        row.error = f"{type(error).__name__}: {error}"[:500]
        row.attempts, row.crashes = row.attempts + 1, 0
        if row.attempts >= MAX_ATTEMPTS:
            self._park(session, row)
            return False
        return True

    def _park(self, session: Session, row: Inbox) -> None:
        row.status = Status.PARKED
        turn = Turn(session, self._clock.now(), cause=f"parked{row.seq}")
        if chat_id := messages.chat_of(row.body):
            turn.send(chat_id, messages.render_apology(row.body))
        for operator in sorted(self._operators):
            turn.send(operator, messages.render_alarm(row.seq or 0, row.error or ""), key=f"parked{row.seq}:{operator}")
        row.body = redaction.blank(row.body)
        turn.flush()


def _waiting(session: Session, seq: int) -> Inbox | None:
    row = session.get(Inbox, seq)
    return row if row is not None and row.status == Status.NEW else None
