"""Copying and examining SQLite files without the bot's own connections, so that it may run meanwhile."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.crashpoints import reach
from bot.database import sqlite_module
from bot.errors import BackupFailed

BUSY_SECONDS = 30.0

_module: Any = sqlite_module() or sqlite3


def copy(source: Path, target: Path) -> None:
    """Write one consistent snapshot of a database that may be in use; ``target`` must be an empty file.

    Raises:
        BackupFailed: the source is missing or damaged, or the disk is full.
    """
    if not source.is_file():
        raise BackupFailed(f"there is no database at {source}")
    with reading(source) as connection:
        reach("backup:copying")
        connection.execute("VACUUM INTO ?", (str(target),))
        reach("backup:copied")


def examine(path: Path) -> str:
    """Check every page and reference of a file and return its schema's version.

    Raises:
        BackupFailed: it is no database, is damaged, or is not ours.
    """
    with reading(path) as connection:
        fault = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if fault != "ok":
            raise BackupFailed(f"{path} is damaged: {fault}")
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise BackupFailed(f"{path} has rows that refer to missing ones")
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            raise BackupFailed(f"{path} is not a database of this bot")
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def absorb_log(path: Path) -> None:
    """Move what stands in the write-ahead log into the file itself, as far as the file is sound."""
    connection = _module.connect(path, timeout=BUSY_SECONDS)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except _module.Error:
        return  # a damaged file is put aside together with its log
    finally:
        connection.close()


@contextmanager
def reading(path: Path) -> Iterator[Any]:
    """A connection that only reads; SQLite's errors come as ``BackupFailed``."""
    try:
        connection = _module.connect(
            f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )
    except _module.Error as error:
        raise BackupFailed(f"{path}: {error}") from None
    try:
        yield connection
    except _module.Error as error:
        raise BackupFailed(f"{path}: {error}") from None
    finally:
        connection.close()
