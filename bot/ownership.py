"""One process owns the bot: a lock that dies with its process, and an epoch that a frozen one cannot outlive.

The lock (a file lock beside a SQLite file, an advisory lock in PostgreSQL) makes a second process refuse at once and
name the holder. The epoch is checked in every writing transaction: whoever took over has raised it.
"""

import fcntl
import os
import socket
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, inspect, select, text, update
from sqlmodel import Field, Session

from bot.database import Database
from bot.errors import LostOwnership, OwnedElsewhere
from bot.tables import Row

ADVISORY_KEY = 0x636F686F7274  # "cohort"
THE_ONE_ROW = 1


class Ownership(Row, table=True):
    """The one row that says who owns the bot: each take-over raises ``epoch``."""

    __tablename__ = "ownership"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    epoch: int
    holder: str
    since: datetime
    address: str = ""


TABLE = Ownership.__table__  # type: ignore[attr-defined]
_EPOCH = select(TABLE.c.epoch).where(TABLE.c.id == THE_ONE_ROW)


@dataclass(slots=True)
class Owner:
    """A held lock. ``release`` gives it back; a process that dies gives it back too."""

    holder: str
    _lock: "IO[str] | Connection"

    def release(self) -> None:
        """Give the lock back."""
        self._lock.close()


def holder_name() -> str:
    """This process as another one would want to know it."""
    return f"process {os.getpid()} on {socket.gethostname()}"


def seize(database: Database) -> Owner:
    """Take the lock.

    Raises:
        OwnedElsewhere: another process holds it; the text names that process.
    """
    if database.is_sqlite:
        return _seize_file(Path(f"{database.url.database}.lock"))
    return _seize_advisory(database)


def begin_epoch(session: Session, owner: Owner, now: datetime, address: str = "") -> int:
    """Raise the epoch: from now on every transaction of an earlier owner is refused."""
    connection, given = session.connection(), {"holder": owner.holder, "since": now, "address": address}
    raised = update(TABLE).where(TABLE.c.id == THE_ONE_ROW).values(epoch=TABLE.c.epoch + 1, **given)
    if not connection.execute(raised).rowcount:
        connection.execute(TABLE.insert(), {"id": THE_ONE_ROW, "epoch": 1, **given})
    epoch: int = connection.execute(_EPOCH).scalar_one()
    return epoch


def note_address(session: Session, address: str) -> None:
    """Leave word where the owner's pages are, so that ``doctor`` can ask them."""
    session.execute(update(TABLE).where(TABLE.c.id == THE_ONE_ROW).values(address=address))


def fence(database: Database, epoch: int) -> None:
    """Make every writing transaction check that the epoch is still ours."""
    locked = _EPOCH if database.is_sqlite else _EPOCH.with_for_update(read=True)

    def check(session: Session) -> None:
        if session.connection().execute(locked).scalar() != epoch:
            raise LostOwnership

    database.fence = check


def _seize_file(path: Path) -> Owner:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        holder = lock.read().strip() or "another process"
        lock.close()
        raise OwnedElsewhere(holder) from None
    lock.truncate(0)
    lock.write(holder_name())
    lock.flush()
    return Owner(holder_name(), lock)


def _seize_advisory(database: Database) -> Owner:
    connection = database.connect().execution_options(isolation_level="AUTOCOMMIT").connect()
    if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY}).scalar():
        connection.detach()
        return Owner(holder_name(), connection)
    with connection:
        has_table = inspect(connection).has_table(TABLE.name)
        holder = connection.execute(select(TABLE.c.holder)).scalar() if has_table else None
    raise OwnedElsewhere(holder or "another process")
