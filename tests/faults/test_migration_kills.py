"""A kill in the middle of a migration leaves the old schema or the new one, and the next start goes on."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect

from bot import crashpoints, migrations, schema
from bot.database import Database
from tests.faults.nursery import Nursery
from tests.faults.rebirth import Crash
from tests.faults.storm import storm

assert schema
NEXT = """
from alembic import op
revision = "9999"
down_revision = "{before}"
def upgrade() -> None:
    op.execute("CREATE TABLE next_version (id INTEGER)")
"""


@pytest.mark.parametrize("place", ["migration:before-commit", "migration:committed"])
def test_a_kill_during_the_first_migration_only_delays(
    nursery: Nursery, tmp_path: Path, database_url: str, place: str
) -> None:
    with storm(nursery, tmp_path, database_url) as weather:
        weather.say(10)
        assert weather.bot.launch(COHORT_CRASHPOINT=f"{place}:1").wait() == -signal.SIGKILL
        weather.bot.start()
        weather.settle()

        assert weather.verdict() == []


@pytest.fixture
def old_database(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database at the last version but one; the next crash point ends the process."""
    database = Database(database_url)
    migrations.upgrade(database)
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, folder)
    (folder / "versions" / "9999_next.py").write_text(NEXT.format(before=migrations.HEAD))
    monkeypatch.setattr(migrations, "FOLDER", folder)
    monkeypatch.setattr(migrations, "HEAD", "9999")
    yield database
    database.close()


@pytest.mark.parametrize(("place", "is_new"), [("migration:before-commit", False), ("migration:committed", True)])
def test_a_crash_during_an_upgrade_leaves_the_old_schema_or_the_new_one(
    old_database: Database, monkeypatch: pytest.MonkeyPatch, place: str, is_new: bool
) -> None:
    before = migrations.current(old_database)

    def crash(reached: str) -> None:
        if reached == place:
            raise Crash

    monkeypatch.setattr(crashpoints, "hook", crash)
    with pytest.raises(Crash):
        migrations.upgrade(old_database)
    monkeypatch.setattr(crashpoints, "hook", None)

    assert migrations.current(old_database) == ("9999" if is_new else before)
    assert inspect(old_database.connect()).has_table("next_version") == is_new
    migrations.upgrade(old_database)
    assert migrations.current(old_database) == "9999"
