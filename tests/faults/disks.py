"""File systems of a test's own: a small one that fills up, one whose power can be cut. Mounting needs root on Linux."""

import fcntl
import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import Missing

NEEDED = "needs root on Linux, to mount a file system"

_SHUT_DOWN = 0x8004587D
"""EXT4_IOC_SHUTDOWN of Linux's ``fs/ext4/ext4.h``."""
_WITHOUT_FLUSHING = 2
"""EXT4_GOING_FLAGS_NOLOGFLUSH: what was not synced is lost, the journal too."""


class Disk:
    """An ext4 in an image file. What was written and not synced when its power is cut is gone when it is back."""

    def __init__(self, image: Path, folder: Path) -> None:
        self.folder = folder
        self._image = image

    def cut_power(self) -> None:
        """Lose what was not synced; from now on every use of the folder is an error."""
        place = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(place, _SHUT_DOWN, struct.pack("I", _WITHOUT_FLUSHING))
        finally:
            os.close(place)

    def bring_back(self) -> None:
        """Mount it anew; nobody may have a file open there."""
        _run("umount", str(self.folder))
        _run("mount", "-o", "loop", str(self._image), str(self.folder))


@contextmanager
def disk(mib: int) -> Iterator[Disk]:
    """A disk for as long as the block lasts. Raises Missing where none can be had."""
    with _folder() as folder, tempfile.NamedTemporaryFile(suffix=".img") as image:
        image.truncate(mib << 20)
        _run("mkfs.ext4", "-q", image.name)
        _run("mount", "-o", "loop", image.name, str(folder))
        folder.chmod(0o755)
        try:
            yield Disk(Path(image.name), folder)
        finally:
            _run("umount", "--lazy", str(folder))


@contextmanager
def small_file_system(mib: int) -> Iterator[Path]:
    """A folder that has room for so much. Raises Missing where none can be had."""
    with _folder() as folder:
        _run("mount", "-t", "tmpfs", "-o", f"size={mib}m,mode=755", "tmpfs", str(folder))
        try:
            yield folder
        finally:
            _run("umount", "--lazy", str(folder))


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder that a server run by somebody else may enter."""
    folder = Path(tempfile.mkdtemp(prefix="cohort-disk-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        folder.rmdir()


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False) if found else None
    if done is None or done.returncode:
        raise Missing(f"{NEEDED}: {done.stderr.strip() if done else f'there is no {program}'}")
