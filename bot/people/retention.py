"""How long the base remembers what was only on its way: wrong guesses and unconfirmed imports for a day."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlmodel import Session

from bot.people.models import Guess, Import, ImportStatus

GUESS = Guess.__table__  # type: ignore[attr-defined]
IMPORT = Import.__table__  # type: ignore[attr-defined]
LIFE = timedelta(days=1)
OPEN = (ImportStatus.FETCHING, ImportStatus.CHOOSING, ImportStatus.PREVIEWED)


def forget_guesses(session: Session, now: datetime) -> int:
    """Forget whose last wrong code was a day ago."""
    return session.connection().execute(delete(GUESS).where(GUESS.c.last_at < now - LIFE)).rowcount


def drop_old_imports(session: Session, now: datetime) -> int:
    """Drop what nobody confirmed for a day, and what was read from any file older than that: it is full of names."""
    old = IMPORT.c.created_at < now - LIFE
    dropped = update(IMPORT).where(old, IMPORT.c.status.in_(OPEN)).values(status=ImportStatus.DROPPED)
    emptied = update(IMPORT).where(old, or_(IMPORT.c.content.is_not(None), IMPORT.c.answers != "{}"))
    count = session.connection().execute(dropped).rowcount
    return count + session.connection().execute(emptied.values(content=None, answers="{}")).rowcount
