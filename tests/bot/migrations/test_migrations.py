import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from bot import migrations, schema
from bot.database import Database
from bot.migrations import current, upgrade, versions
from bot.tables import metadata

assert schema

BREAKS = 'raise ValueError("half way")'
NEWEST = versions()[-1]
NEXT = f"{int(NEWEST) + 1:04}"
ORPHANS = "op.execute('DELETE FROM organisation')"


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    database = Database(empty_database_url)
    yield database
    database.close()


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A second revision to be written, in a copy of the folder of migrations."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, folder)
    monkeypatch.setattr(migrations, "FOLDER", folder)
    monkeypatch.setattr(migrations, "HEAD", NEXT)
    return folder / "versions" / f"{NEXT}_next.py"


def write_revision(path: Path, work: str) -> None:
    path.write_text(
        f'from alembic import op\nrevision = "{NEXT}"\ndown_revision = "{NEWEST}"\n'
        f'def upgrade() -> None:\n    op.execute("CREATE TABLE half (id INTEGER)")\n    {work}\n'
    )


def describe(database: Database) -> dict[str, Any]:
    """Everything about each table that has a name or a type."""
    found = inspect(database.connect())
    return {
        name: {
            "columns": {part["name"]: (str(part["type"]), part["nullable"]) for part in found.get_columns(name)},
            "primary key": found.get_pk_constraint(name),
            "references": sorted(found.get_foreign_keys(name), key=str),
            "unique": sorted(found.get_unique_constraints(name), key=str),
            "checks": sorted(found.get_check_constraints(name), key=str),
            "indexes": sorted((plain(index) for index in found.get_indexes(name)), key=str),
        }
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def plain(index: Any) -> dict[str, Any]:
    """An index with its condition as text, which can be compared."""
    return dict(index) | {"dialect_options": {name: str(value) for name, value in index["dialect_options"].items()}}


def test_the_newest_revision_is_the_head() -> None:
    assert versions()[-1] == migrations.HEAD


def test_an_upgrade_from_nothing_gives_exactly_the_tables_of_the_code(database: Database) -> None:
    upgrade(database)

    with database.connect().connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata())
    assert differences == []


def test_an_upgrade_keeps_every_name_constraint_and_index_that_the_code_declares(database: Database) -> None:
    upgrade(database)
    migrated = describe(database)
    metadata().drop_all(database.connect())
    metadata().create_all(database.connect())

    assert migrated == describe(database)


def test_no_constraint_is_without_a_name(database: Database) -> None:
    upgrade(database)

    described = describe(database).values()
    parts = [table["primary key"] for table in described]
    parts += [part for table in described for kind in ("references", "unique", "checks") for part in table[kind]]
    assert None not in [part["name"] for part in parts]


def test_a_second_upgrade_has_nothing_to_do(database: Database) -> None:
    first, second = upgrade(database), upgrade(database)

    assert (first, second, current(database)) == (True, False, migrations.HEAD)


def test_an_empty_database_has_no_version(database: Database) -> None:
    assert current(database) is None


def test_a_migration_that_fails_leaves_the_old_schema(database: Database, next_version: Path) -> None:
    write_revision(next_version, "pass")
    _upgrade_to_newest(database, next_version)
    write_revision(next_version, BREAKS)

    with pytest.raises(ValueError, match="half way"):
        upgrade(database)

    assert current(database) == NEWEST
    assert "half" not in inspect(database.connect()).get_table_names()


def test_a_migration_that_would_break_a_reference_changes_nothing(tmp_path: Path, next_version: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/test.db")
    _upgrade_to_newest(database, next_version)
    _add_cohort(database)
    write_revision(next_version, ORPHANS)

    with pytest.raises(RuntimeError, match="would break 1 references"):
        upgrade(database)
    with database.connect().connect() as connection:
        organisations = connection.execute(text("SELECT count(*) FROM organisation")).scalar()

    assert (current(database), organisations) == (NEWEST, 1)
    database.close()


def test_references_are_guarded_again_after_a_migration_that_failed(tmp_path: Path, next_version: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/test.db")
    _upgrade_to_newest(database, next_version)
    write_revision(next_version, BREAKS)

    with pytest.raises(ValueError, match="half way"):
        upgrade(database)
    with database.connect().connect() as connection:
        enforced = connection.execute(text("PRAGMA foreign_keys")).scalar()

    assert enforced == 1
    database.close()


def test_a_copy_of_a_sqlite_file_is_kept_before_it_is_changed(tmp_path: Path, next_version: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/test.db")
    _upgrade_to_newest(database, next_version)
    write_revision(next_version, "pass")

    upgrade(database)
    database.close()
    copy = Database(f"sqlite:///{tmp_path}/test.db.before-{NEWEST}-to-{NEXT}")

    assert (current(copy), "half" in inspect(copy.connect()).get_table_names()) == (NEWEST, False)
    copy.close()


def _upgrade_to_newest(database: Database, next_version: Path) -> None:
    next_version.unlink(missing_ok=True)
    migrations.HEAD = NEWEST
    upgrade(database)
    migrations.HEAD = NEXT


def _add_cohort(database: Database) -> None:
    with database.connect().begin() as connection:
        connection.execute(text("INSERT INTO organisation (id, name) VALUES (1, 'Office')"))
        connection.execute(
            text(
                "INSERT INTO cohort (organisation_id, name, starts_on, ends_on, time_zone, language, push_at,"
                " created_at)"
                " VALUES (1, 'Camp', '2026-12-07', '2026-12-11', 'UTC', 'en', '07:30:00', '2026-12-01 00:00:00')"
            )
        )
