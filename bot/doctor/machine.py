"""The machine and what is installed on it: versions, disk, the data folder, time zones, fonts."""

import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import available_timezones

import pylopdf_fonts_zh_cn

from bot.database import is_sound_sqlite, sqlite_version
from bot.doctor.findings import Finding, note, ok, problem
from bot.settings import Settings

LEAST_PYTHON = (3, 11)
TESTED_LIBRARY = "22."
LEAST_ZONES = 400
LEAST_FREE = 500 * 1024**2


def examine_machine(settings: Settings) -> Iterator[Finding]:
    """Everything that needs neither the database nor the network."""
    yield examine_python(sys.version_info[:3])
    yield examine_library(importlib.metadata.version("python-telegram-bot"))
    if settings.database.startswith("sqlite"):
        yield examine_sqlite(sqlite_version())
    yield examine_folder(settings.data_dir)
    yield examine_disk(settings.data_dir)
    yield examine_zones(len(available_timezones()))
    yield examine_font(Path(pylopdf_fonts_zh_cn.sans_path()))


def examine_python(version: tuple[int, ...]) -> Finding:
    """Whether the interpreter is new enough."""
    text = f"{_dotted(version)} on {platform.system()} {platform.machine()}"
    return ok("Python", text) if version >= LEAST_PYTHON else problem("Python", f"{text}; 3.11 or later is needed")


def examine_library(version: str) -> Finding:
    """Whether the library is of the line that the bot is tested with."""
    if version.startswith(TESTED_LIBRARY):
        return ok("python-telegram-bot", version)
    return problem("python-telegram-bot", f"{version}, not {TESTED_LIBRARY}x: pip install -r requirements.txt")


def examine_sqlite(version: tuple[int, ...]) -> Finding:
    """Whether this SQLite has the WAL-reset fault mended."""
    if is_sound_sqlite(version):
        return ok("SQLite", _dotted(version))
    return problem(
        "SQLite",
        f"{_dotted(version)} can lose data when a second program writes to the file (its "
        "WAL-reset fault, mended in 3.51.3, 3.50.7 and 3.44.6): pip install pysqlite3",
    )


def examine_folder(folder: Path) -> Finding:
    """Whether the data folder can be written, by whoever runs this command."""
    nearest = _nearest(folder)
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        return problem("data folder", f"{folder.resolve()} cannot be written by user {os.geteuid()}: {error.strerror}")
    if nearest != folder:
        return note("data folder", f"{folder.resolve()} does not exist yet; the bot makes it when it starts")
    return ok("data folder", f"{folder.resolve()} can be written")


def examine_disk(folder: Path, least: int = LEAST_FREE) -> Finding:
    """Whether there is room, in bytes."""
    free = shutil.disk_usage(_nearest(folder)).free
    text = f"{free / 1e9:.1f} GB free"
    return ok("disk", text) if free >= least else problem("disk", f"{text}; make room before the bot must stop")


def examine_zones(count: int) -> Finding:
    """Whether the time zone data are installed."""
    if count >= LEAST_ZONES:
        return ok("time zones", f"{count} zones, tzdata {importlib.metadata.version('tzdata')}")
    return problem("time zones", f"only {count} zones: pip install tzdata")


def examine_font(path: Path) -> Finding:
    """Whether printed cards can show Chinese."""
    if path.is_file():
        return ok("fonts", path.name)
    return problem("fonts", "the Chinese font for printed cards is missing: pip install pylopdf-fonts-zh-cn")


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that exists."""
    return next(path for path in (folder, *folder.resolve().parents) if path.is_dir())


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
