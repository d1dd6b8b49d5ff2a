"""``backup`` and ``restore``."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import crashpoints
from bot.backups import restoring, taking
from bot.backups.restoring import Restored
from bot.settings import read_settings

FOLDER = "backups"
KEEP = 14


def backup(
    folder: Annotated[Path | None, typer.Argument(help="Where to; DATA_DIR/backups unless told otherwise.")] = None,
    keep: Annotated[int, typer.Option(min=1, help="How many backups to keep there.")] = KEEP,
) -> None:
    """Copy the database, also while the bot runs; the copy is checked before it counts."""
    settings = read_settings()
    crashpoints.arm_from_environment()
    made = taking.take(settings.database, folder or settings.data_dir / FOLDER, keep, datetime.now(UTC))
    typer.echo(f"Backup written and checked: {made.path} ({made.size / 1e6:.1f} MB)")
    for path in made.removed:
        typer.echo(f"Removed an old one: {path.name}")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that backup has written.")],
    moved: Annotated[
        bool,
        typer.Option(
            "--moved",
            help=(
                "The bot has not run since this backup was taken (a move to another machine): "
                "what waits to be sent is still sent."
            ),
        ),
    ] = False,
) -> None:
    """Put a backup in the database's place. Stop the bot first; what happened since the backup is lost."""
    settings = read_settings()
    crashpoints.arm_from_environment()
    done = restoring.restore(settings.database, file, datetime.now(UTC), moved=moved)
    for line in _report(file, done):
        typer.echo(line)


def _report(file: Path, done: Restored) -> list[str]:
    aside = [f"The database from before is kept: {done.aside}"] if done.aside else []
    past = done.past
    return [
        f"Restored from {file}.",
        *aside,
        f"Cancelled {past.cancelled} calls that waited in it; skipped {past.skipped} daily pushes that were overdue.",
        "Start the bot again: python -m bot",
    ]
