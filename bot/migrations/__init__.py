"""The schema's versions. ``upgrade`` brings a database to the newest; alembic is loaded only when there is work to do.

On SQLite the upgrade runs on the one writing connection with foreign keys off, as batch migrations need, and ends with
``foreign_key_check``; a copy of the file is kept beside it before an existing database is changed.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from bot.audit import guard
from bot.crashpoints import reach
from bot.database import Database

HEAD = "0004"
FOLDER = Path(__file__).parent


def current(database: Database) -> str | None:
    """The version the database is at; ``None`` for an empty one."""
    with database.connect().connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def versions() -> list[str]:
    """The numbers of all revisions, the oldest first."""
    return sorted(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def upgrade(database: Database) -> bool:
    """Bring the schema to ``HEAD``; whether anything had to be done."""
    before = current(database)
    if before == HEAD:
        return False
    if before is not None and database.is_sqlite:
        _keep_copy(database, before)
        reach("migration:copied")
    _run(database)
    reach("migration:committed")
    return True


def _keep_copy(database: Database, version: str) -> None:
    copy = Path(f"{database.url.database}.before-{version}-to-{HEAD}")
    copy.unlink(missing_ok=True)
    connection: Any = database.connect().raw_connection()
    try:
        connection.driver_connection.execute("VACUUM INTO ?", (str(copy),))
    finally:
        connection.close()


def _run(database: Database) -> None:
    with database.connect().connect() as connection:
        if not database.is_sqlite:
            _migrate(connection, database)
            return
        sqlite: Any = connection.connection.driver_connection
        sqlite.execute("PRAGMA foreign_keys=OFF")
        try:
            _migrate(connection, database)
        finally:
            sqlite.execute("PRAGMA foreign_keys=ON")


def _migrate(connection: Connection, database: Database) -> None:
    from alembic import command  # noqa: PLC0415 - 0.3 s that an ordinary start need not pay
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        guard.install(connection)
        _check(connection, database)
        reach("migration:before-commit")


def _check(connection: Connection, database: Database) -> None:
    if database.is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"the migration would break {len(broken)} references; nothing was changed")
