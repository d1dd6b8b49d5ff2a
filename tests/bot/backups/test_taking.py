import os
import signal
import sqlite3
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.backups import sqlite, taking
from bot.backups.shelf import Shelf
from bot.errors import BackupFailed
from bot.settings import Settings
from tests.bot.backups.conftest import names, run
from tests.support.house import MONDAY

ROOT = Path(__file__).parents[3]
POINTS = ["backup:copying", "backup:copied", "backup:before-rename"]


def test_a_backup_is_whole_and_private(url: str, tmp_path: Path) -> None:
    made = taking.take(url, tmp_path / "shelf", 3, MONDAY)

    suffix = "sqlite3" if url.startswith("sqlite") else "dump"
    assert names(tmp_path / "shelf") == [f"cohort-20261207-000000.{suffix}"]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert made.size > 1000


def test_only_the_newest_backups_are_kept_and_other_files_stay(url: str, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "cohort-notes.txt").touch()

    made = [taking.take(url, shelf, 2, MONDAY + timedelta(hours=hour)) for hour in range(4)]

    assert names(shelf) == sorted(["cohort-notes.txt", made[2].path.name, made[3].path.name])
    assert made[3].removed == (made[1].path,)


def test_a_second_backup_at_the_same_time_is_refused(url: str, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"

    with Shelf(shelf).place(MONDAY, "dump"), pytest.raises(BackupFailed, match="another backup is being made"):
        taking.take(url, shelf, 2, MONDAY)


def test_a_missing_database_gives_a_reason_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="there is no database at"):
        taking.take(f"sqlite:///{tmp_path}/none.sqlite3", tmp_path / "shelf", 2, MONDAY)

    assert names(tmp_path / "shelf") == []
    assert not (tmp_path / "none.sqlite3").exists()


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_a_damaged_database_gives_a_reason_and_no_file(url: str, tmp_path: Path) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    sqlite.absorb_log(path)
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 6] = os.urandom(4096 * 3)
    path.write_bytes(content)

    with pytest.raises(BackupFailed):
        taking.take(url, tmp_path / "shelf", 2, MONDAY)

    assert names(tmp_path / "shelf") == []


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_a_database_with_broken_references_is_no_backup(url: str, tmp_path: Path) -> None:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.execute("DELETE FROM organisation")
    connection.commit()
    connection.close()

    with pytest.raises(BackupFailed, match="refer to missing ones"):
        taking.take(url, tmp_path / "shelf", 2, MONDAY)

    assert names(tmp_path / "shelf") == []


@pytest.mark.parametrize("empty_database_url", ["sqlite"], indirect=True)
def test_what_is_not_committed_when_the_copy_is_made_is_not_in_it(url: str, tmp_path: Path) -> None:
    writer = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE organisation SET name = 'half'")

    made = taking.take(url, tmp_path / "shelf", 2, MONDAY)
    writer.close()

    copy = sqlite3.connect(made.path)
    found = copy.execute("SELECT name FROM organisation").fetchall()
    copy.close()
    assert found == [("旧校",)]


def test_without_the_programs_of_postgresql_the_reason_says_what_is_missing(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(BackupFailed, match="pg_dump is not installed here"):
        taking.take(postgres_url, tmp_path / "shelf", 2, MONDAY)


def test_a_password_is_not_among_the_arguments_of_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "$@ / $PGPASSWORD" >&2\nexit 1\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    with pytest.raises(BackupFailed) as failure:
        taking.take("postgresql+psycopg://me:open-sesame@db.invalid/camp", tmp_path / "shelf", 2, MONDAY)

    arguments, _, password = str(failure.value).partition(" / ")
    assert ("open-sesame" in arguments, "postgresql://me@db.invalid/camp" in arguments, password) == (
        False,
        True,
        "open-sesame",
    )


@pytest.mark.parametrize("point", POINTS)
def test_a_backup_killed_half_way_leaves_the_older_ones_and_the_next_one_cleans_up(
    url: str, tmp_path: Path, point: str
) -> None:
    shelf = tmp_path / "shelf"
    older = taking.take(url, shelf, 5, MONDAY)
    environment = {**os.environ, "DATABASE_URL": url, "COHORT_CRASHPOINT": f"{point}:1"}
    command = [sys.executable, "-m", "bot", "backup", str(shelf)]

    killed = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=False)
    run(url, "UPDATE organisation SET name = 'after'")
    newer = taking.take(url, shelf, 5, MONDAY + timedelta(days=1))

    assert killed.returncode == -signal.SIGKILL
    assert names(shelf) == [older.path.name, newer.path.name]


def test_the_sandbox_has_a_database_of_its_own(tmp_path: Path) -> None:
    sandbox = Settings(data_dir=tmp_path, bot_token=None, database_url=None)
    real = Settings(data_dir=tmp_path, bot_token="1:token", database_url=None)

    assert (sandbox.database, real.database) == (
        f"sqlite:///{tmp_path}/sandbox.sqlite3",
        f"sqlite:///{tmp_path}/cohort.sqlite3",
    )
