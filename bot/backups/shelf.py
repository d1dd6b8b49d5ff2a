"""The folder of backups: a finished file appears in it at once and whole, or not at all.

One backup is made at a time; whatever a killed one left behind goes away with the next.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.crashpoints import reach
from bot.errors import BackupFailed

FINISHED = re.compile(r"cohort-\d{8}-\d{6}\.(sqlite3|dump)")
UNFINISHED = ".unfinished-*"
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


class Shelf:
    """A folder of backups."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def place(self, now: datetime, suffix: str) -> Iterator[tuple[Path, Path]]:
        """Give an empty private file to fill and the name it gets when the block ends without an error.

        Raises:
            BackupFailed: another backup is being made, or the folder cannot be written.
        """
        with self._locked():
            finished = self._folder / f"cohort-{now:%Y%m%d-%H%M%S}.{suffix}"
            unfinished = self._folder / f".unfinished-{finished.name}"
            try:
                os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
                yield unfinished, finished
                settle_file(unfinished, finished)
            finally:
                self._sweep()

    def finished(self) -> list[Path]:
        """The backups here, the newest first."""
        return sorted((path for path in self._folder.iterdir() if FINISHED.fullmatch(path.name)), reverse=True)

    def prune(self, keep: int) -> list[Path]:
        """Remove all but the newest ``keep`` and return what was removed."""
        surplus = self.finished()[keep:]
        for path in surplus:
            path.unlink()
        return surplus

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            lock = (self._folder / ".lock").open("a")
        except OSError as error:
            raise BackupFailed(f"{self._folder} cannot be written: {error.strerror}") from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise BackupFailed(f"another backup is being made in {self._folder}") from None
            self._sweep()
            yield

    def _sweep(self) -> None:
        for left in self._folder.glob(UNFINISHED):
            left.unlink()


def settle_file(unfinished: Path, finished: Path) -> None:
    """Give a complete file its name, so that it is there after a power cut too."""
    sync(unfinished)
    reach("backup:before-rename")
    unfinished.replace(finished)
    sync(finished.parent)
    reach("backup:renamed")


def sync(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
