import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot import migrations, ownership
from bot.backups import taking
from bot.backups.restoring import Past, restore
from bot.database import Database
from bot.errors import BackupFailed, OwnedElsewhere
from tests.bot.backups.conftest import look, name_in, rename, run
from tests.support.house import MONDAY

ROOT = Path(__file__).parents[3]
WEDNESDAY_NOON = MONDAY + timedelta(days=2, hours=12)


@pytest.fixture
def backup(url: str, tmp_path: Path) -> Path:
    """A backup taken on Monday at midnight; since then the organisation has got another name."""
    made = taking.take(url, tmp_path / "shelf", 3, MONDAY)
    rename(url, "新校")
    return made.path


def test_a_restored_database_is_that_of_the_backup(url: str, backup: Path) -> None:
    restore(url, backup, WEDNESDAY_NOON)

    assert name_in(url) == "旧校"


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_the_database_from_before_is_kept_beside(url: str, backup: Path) -> None:
    done = restore(url, backup, WEDNESDAY_NOON)

    assert name_in(f"sqlite:///{done.aside}") == "新校"


@pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)
def test_a_dump_of_the_database_from_before_is_kept_and_can_be_restored(url: str, backup: Path) -> None:
    done = restore(url, backup, WEDNESDAY_NOON)
    assert done.aside is not None

    restore(url, done.aside, WEDNESDAY_NOON + timedelta(minutes=1))

    assert name_in(url) == "新校"


def test_a_restore_into_an_empty_place_has_nothing_to_keep(
    url: str, backup: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    empty = f"sqlite:///{tmp_path}/elsewhere/new.sqlite3"
    if url.startswith("postgresql"):
        run(url, "DROP SCHEMA public CASCADE")
        run(url, "CREATE SCHEMA public")
        empty = url

    done = restore(empty, backup, WEDNESDAY_NOON)

    assert (done.aside, name_in(empty)) == (None, "旧校")


def test_pushes_of_hours_that_have_passed_are_skipped_and_do_not_fire_again(url: str, backup: Path) -> None:
    done = restore(url, backup, WEDNESDAY_NOON)

    settled = look(url, "SELECT outcome, reason FROM occurrence")
    following = look(url, "SELECT CAST(next_on AS VARCHAR) FROM recurrence")
    assert settled == [("skipped", "a backup was restored")] * 3
    assert (done.past.skipped, following) == (3, [("2026-12-10",)])


def test_calls_that_waited_in_the_backup_are_not_made(url: str, backup: Path) -> None:
    done = restore(url, backup, WEDNESDAY_NOON)

    assert (done.past.cancelled, look(url, "SELECT status FROM outbox")) == (1, [("cancelled",)])


def test_after_a_mere_move_everything_that_waited_still_waits(url: str, backup: Path) -> None:
    done = restore(url, backup, WEDNESDAY_NOON, moved=True)

    assert (done.past, look(url, "SELECT status FROM outbox")) == (Past(0, 0), [("sending",)])
    assert look(url, "SELECT outcome FROM occurrence") == []


def test_a_restore_takes_over_and_stands_in_the_change_log(url: str, backup: Path) -> None:
    restore(url, backup, WEDNESDAY_NOON)

    assert look(url, "SELECT epoch FROM ownership") == [(1,)]
    assert look(url, "SELECT actor, action FROM change") == [("command", "restore")]


def test_while_a_bot_owns_the_database_nothing_is_restored(url: str, backup: Path) -> None:
    running = Database(url)
    owner = ownership.seize(running)
    if not running.is_sqlite:
        running.write_now(lambda session: ownership.begin_epoch(session, owner, MONDAY))

    with pytest.raises(OwnedElsewhere, match=f"process {os.getpid()} on"):
        restore(url, backup, WEDNESDAY_NOON)
    owner.release()
    running.close()

    assert name_in(url) == "新校"


def test_a_file_that_is_no_backup_changes_nothing(url: str, tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"not a database" * 1000)

    with pytest.raises(BackupFailed):
        restore(url, tmp_path / "holiday.jpg", WEDNESDAY_NOON)

    assert name_in(url) == "旧校"


def test_a_missing_file_is_named(url: str, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match=r"there is no file .*gone\.sqlite3"):
        restore(url, tmp_path / "gone.sqlite3", WEDNESDAY_NOON)


def test_a_backup_of_a_newer_program_is_refused(url: str, tmp_path: Path) -> None:
    run(url, "UPDATE alembic_version SET version_num = '9999'")
    made = taking.take(url, tmp_path / "shelf", 3, MONDAY)
    run(url, f"UPDATE alembic_version SET version_num = '{migrations.HEAD}'")  # noqa: S608 - our own number
    rename(url, "新校")

    with pytest.raises(BackupFailed, match="newer version of this program"):
        restore(url, made.path, WEDNESDAY_NOON)

    assert name_in(url) == "新校"


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_a_damaged_database_is_replaced_and_kept(url: str, backup: Path) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    path.write_bytes(b"damaged" * 2000)

    done = restore(url, backup, WEDNESDAY_NOON)

    assert (name_in(url), done.aside is not None and done.aside.read_bytes()) == ("旧校", b"damaged" * 2000)


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_what_a_killed_bot_left_in_the_log_goes_aside_with_its_file(url: str, backup: Path, tmp_path: Path) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("UPDATE organisation SET name = 'in the log'")
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{path}{suffix}", f"{tmp_path}/killed.db{suffix}")
    writer.close()

    done = restore(f"sqlite:///{tmp_path}/killed.db", backup, WEDNESDAY_NOON)

    assert (name_in(f"sqlite:///{tmp_path}/killed.db"), name_in(f"sqlite:///{done.aside}")) == ("旧校", "in the log")


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ("restore:copied", "新校"),
        ("restore:before-swap", "新校"),
        ("restore:swapped", "旧校"),
    ],
)
def test_a_restore_killed_at_any_point_leaves_one_whole_database(
    url: str, backup: Path, point: str, expected: str
) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "COHORT_CRASHPOINT": f"{point}:1"}
    command = [sys.executable, "-m", "bot", "restore", str(backup)]

    killed = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=False)
    after_the_kill = name_in(url)
    restore(url, backup, WEDNESDAY_NOON)

    assert (killed.returncode, after_the_kill, name_in(url)) == (-signal.SIGKILL, expected, "旧校")
    assert [path.name for path in Path(url.removeprefix("sqlite:///")).parent.glob("*.restoring*")] == []
