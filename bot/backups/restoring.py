"""Going back to a backup. Until the last step the present database stays as it is; afterwards it is kept beside.

The bot must not run. What has happened since the backup is lost; what the backup still meant to say then must not be
said now: calls that wait are cancelled, and pushes of hours that have passed are recorded as skipped.
"""

import os
import shutil
from datetime import datetime
from functools import partial
from pathlib import Path

from msgspec import Struct
from sqlalchemy import update
from sqlmodel import Session, col
from sqlmodel import select as find

from bot import migrations, ownership, schema
from bot.audit import guard
from bot.audit import service as audit
from bot.audit.service import Actor
from bot.backups import postgres, sqlite
from bot.backups.shelf import PRIVATE_FILE, Shelf, sync
from bot.crashpoints import reach
from bot.database import Database
from bot.errors import BackupFailed
from bot.outbox.models import Outbox, Status
from bot.ownership import Owner
from bot.recurrence import service as recurrence
from bot.recurrence.models import Outcome, Recurrence
from bot.tables import metadata

assert schema  # noqa: S101 - the list of tables must be whole before any is dropped

REASON = "a backup was restored"
OUTBOX = Outbox.__table__  # type: ignore[attr-defined]


class Past(Struct, frozen=True):
    """What the restored database no longer does: calls cancelled and days of pushes skipped."""

    cancelled: int = 0
    skipped: int = 0


class Restored(Struct, frozen=True):
    """A finished restore; ``aside`` is where the database from before is kept, if there was one."""

    aside: Path | None
    past: Past


def restore(database_url: str, backup: Path, now: datetime, *, moved: bool = False) -> Restored:
    """Put a backup in the database's place. ``moved``: the bot has not run since it was taken, so nothing is stale.

    On PostgreSQL a restore that is killed half way must be run again.

    Raises:
        BackupFailed: the backup cannot be used; the present database is as it was.
        OwnedElsewhere: the bot is running.
    """
    if not backup.is_file():
        raise BackupFailed(f"there is no file {backup}")
    database = Database(database_url)
    try:
        owner = ownership.seize(database)
        try:
            put = _put_sqlite if database.is_sqlite else _put_postgres
            return put(database, owner, backup, now, moved)
        except OSError as error:
            raise BackupFailed(f"{error.filename}: {error.strerror}") from None
        finally:
            owner.release()
    finally:
        database.close()


def settle_past(session: Session, owner: Owner, now: datetime, moved: bool) -> Past:
    """Bring a restored database into the present, and take it over from whoever owned it."""
    ownership.begin_epoch(session, owner, now)
    past = Past() if moved else Past(_cancel_calls(session, now), _skip_days(session, now))
    audit.record(
        session,
        audit.entry(
            actor=Actor(name="command"),
            now=now,
            action="restore",
            subject="database",
            after={"cancelled": past.cancelled, "skipped": past.skipped},
        ),
    )
    return past


def _cancel_calls(session: Session, now: datetime) -> int:
    waiting = OUTBOX.c.status.in_((Status.NEW, Status.SENDING))
    return (
        session.connection()
        .execute(update(OUTBOX).where(waiting).values(status=Status.CANCELLED, settled_at=now, error=REASON))
        .rowcount
    )


def _skip_days(session: Session, now: datetime) -> int:
    skipped = 0
    for one in session.exec(find(Recurrence).where(col(Recurrence.due_at) <= now)).all():
        while one.due_at is not None and one.due_at <= now:
            recurrence.settle(session, one, Outcome.SKIPPED, now, reason=REASON)
            skipped += 1
    return skipped


def _put_sqlite(database: Database, owner: Owner, backup: Path, now: datetime, moved: bool) -> Restored:
    _require_known(sqlite.examine(backup), backup)
    target = Path(database.url.database or "")
    coming = target.with_name(f"{target.name}.restoring")
    try:
        _copy_privately(backup, coming)
        past = _modernise(Database(f"sqlite:///{coming}"), owner, now, moved)
        return Restored(_swap(target, coming, now), past)
    finally:
        for left in target.parent.glob(f"{coming.name}*"):
            left.unlink()


def _copy_privately(backup: Path, coming: Path) -> None:
    coming.unlink(missing_ok=True)
    os.close(os.open(coming, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
    shutil.copyfile(backup, coming)
    reach("restore:copied")


def _modernise(database: Database, owner: Owner, now: datetime, moved: bool) -> Past:
    try:
        migrations.upgrade(database)
        return database.write_now(partial(settle_past, owner=owner, now=now, moved=moved))
    finally:
        database.close()


def _swap(target: Path, coming: Path, now: datetime) -> Path | None:
    """Put the new file in the old one's place in one step. A log left of the old one must never meet the new one."""
    sqlite.absorb_log(coming)
    sync(coming)
    aside = _keep_aside(target, now) if target.exists() else None
    reach("restore:before-swap")
    coming.replace(target)
    sync(target.parent)
    reach("restore:swapped")
    return aside


def _keep_aside(target: Path, now: datetime) -> Path:
    aside = target.with_name(f"{target.name}.before-restore-{now:%Y%m%d-%H%M%S}")
    sqlite.absorb_log(target)
    os.link(target, aside)
    for suffix in ("-wal", "-shm"):
        if (log := Path(f"{target}{suffix}")).exists():
            log.replace(f"{aside}{suffix}")
    return aside


def _put_postgres(database: Database, owner: Owner, backup: Path, now: datetime, moved: bool) -> Restored:
    _require_known(postgres.examine(backup), backup)
    aside = None
    if migrations.current(database) is not None:
        with Shelf(backup.parent / "before-restore").place(now, "dump") as (unfinished, aside):
            postgres.dump(database.url, unfinished)
    postgres.load(database.url, backup, list(metadata().tables), [guard.NAME])
    reach("restore:loaded")
    return Restored(aside, _modernise(Database(database.url.render_as_string(hide_password=False)), owner, now, moved))


def _require_known(version: str, backup: Path) -> None:
    if version not in migrations.versions():
        raise BackupFailed(f"{backup} was made by a newer version of this program (schema {version})")
