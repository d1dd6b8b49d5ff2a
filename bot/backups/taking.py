"""Taking a backup: a consistent copy, checked before it gets its name."""

from datetime import datetime
from pathlib import Path

from msgspec import Struct
from sqlalchemy import make_url

from bot.backups import postgres, sqlite
from bot.backups.shelf import Shelf
from bot.errors import BackupFailed


class Backup(Struct, frozen=True):
    """A finished backup, its size in bytes, and the older ones that made room for it."""

    path: Path
    size: int
    removed: tuple[Path, ...] = ()


def take(database_url: str, folder: Path, keep: int, now: datetime) -> Backup:
    """Copy the database into ``folder`` and keep the newest ``keep`` backups there. The bot may run meanwhile.

    Raises:
        BackupFailed: no backup was made; older ones are untouched.
    """
    url = make_url(database_url)
    is_sqlite = url.get_backend_name() == "sqlite"
    shelf = Shelf(folder)
    try:
        with shelf.place(now, "sqlite3" if is_sqlite else "dump") as (unfinished, finished):
            if is_sqlite:
                sqlite.copy(Path(url.database or ""), unfinished)
                sqlite.examine(unfinished)
            else:
                postgres.dump(url, unfinished)
                postgres.examine(unfinished)
        return Backup(finished, finished.stat().st_size, tuple(shelf.prune(keep)))
    except OSError as error:
        raise BackupFailed(f"{error.filename}: {error.strerror}") from None
