from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import migrations
from bot.commands.root import app
from bot.database import Database


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the sandbox's database in it, and nothing else in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    for name in ("BOT_TOKEN", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    database = Database(f"sqlite:///{tmp_path}/sandbox.sqlite3")
    migrations.upgrade(database)
    database.close()
    return tmp_path


def test_a_backup_goes_into_the_data_folder_and_can_be_restored(folder: Path) -> None:
    made = CliRunner().invoke(app, ["backup"])
    (path,) = (folder / "backups").glob("cohort-*.sqlite3")

    restored = CliRunner().invoke(app, ["restore", str(path)])

    assert (made.exit_code, str(path) in made.output) == (0, True)
    assert (restored.exit_code, f"Restored from {path}." in restored.output) == (0, True)


def test_a_backup_may_go_elsewhere(folder: Path) -> None:
    CliRunner().invoke(app, ["backup", str(folder / "usb"), "--keep", "1"])

    assert len(list((folder / "usb").glob("cohort-*.sqlite3"))) == 1


def test_keeping_none_is_refused(folder: Path) -> None:
    result = CliRunner().invoke(app, ["backup", str(folder / "usb"), "--keep", "0"])

    assert (result.exit_code, (folder / "usb").exists()) == (2, False)
