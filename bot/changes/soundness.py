"""What must always hold of announced changes, as queries for the rows for which it does not. Reads only."""

from sqlalchemy import exists, select

from bot.changes.models import Alteration, Announcement

ANNOUNCEMENT = Announcement.__table__  # type: ignore[attr-defined]
ALTERATION = Alteration.__table__  # type: ignore[attr-defined]

WITHOUT_OUTCOME = select(ANNOUNCEMENT.c.id).where(ANNOUNCEMENT.c.settled_at.is_not(None), ANNOUNCEMENT.c.outcome == "")
_SAYS = exists(
    select(ALTERATION.c.id).where(ALTERATION.c.announcement_id == ANNOUNCEMENT.c.id, ALTERATION.c.after.is_not(None))
)
WITHOUT_WORDS = select(ANNOUNCEMENT.c.id).where(ANNOUNCEMENT.c.outcome == "sent", ~_SAYS)
