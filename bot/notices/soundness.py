"""What must hold of notices in the database, as queries that find what does not. ``bot.invariants`` names the rules."""

from sqlalchemy import Text, and_, cast, exists, literal, select

from bot.notices.models import Notice, Recipient, State
from bot.outbox.models import Outbox

NOTICE, RECIPIENT = Notice.__table__, Recipient.__table__  # type: ignore[attr-defined]
OUTBOX = Outbox.__table__  # type: ignore[attr-defined]

STATELESS = select(RECIPIENT.c.notice_id, RECIPIENT.c.person_id).where(RECIPIENT.c.state.not_in(list(State)))
"""Copies in a state that does not exist."""

_FIRST_KEY = (
    literal("notice:")
    .concat(cast(RECIPIENT.c.notice_id, Text))
    .concat(literal(":"))
    .concat(cast(RECIPIENT.c.person_id, Text))
    .concat(literal(":0"))
)
UNOWED = select(RECIPIENT.c.notice_id, RECIPIENT.c.person_id).where(
    RECIPIENT.c.state == State.QUEUED, ~exists(select(OUTBOX.c.id).where(OUTBOX.c.key == _FIRST_KEY))
)
"""Copies that count as on their way and are in no outbox."""

ENDED_EARLY = (
    select(NOTICE.c.id)
    .join(RECIPIENT, RECIPIENT.c.notice_id == NOTICE.c.id)
    .where(and_(NOTICE.c.reported_at.is_not(None), RECIPIENT.c.state.in_((State.WAITING, State.QUEUED))))
    .distinct()
)
"""Notices that were reported though copies of them are still open."""
