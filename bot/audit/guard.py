"""The database's own refusal to rewrite the change log: triggers, since code that forgets is the likelier fault.

They are installed when the table is made and after every migration, because a migration that rebuilds the table on
SQLite loses them. Whoever owns the database file can remove them; the invariants then say so.
"""

from typing import Any

from sqlalchemy import Connection, event, text

from bot.audit.models import Change

LINE = "the change log is append only"
NAME = "change_append_only"
_SQLITE = tuple(
    f"CREATE TRIGGER IF NOT EXISTS {NAME}_{verb.lower()} BEFORE {verb} ON change "
    f"BEGIN SELECT RAISE(ABORT, '{LINE}'); END"
    for verb in ("UPDATE", "DELETE")
)
_POSTGRES = (
    f"CREATE OR REPLACE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{LINE}'; END $$",
    f"DROP TRIGGER IF EXISTS {NAME} ON change",
    f"CREATE TRIGGER {NAME} BEFORE UPDATE OR DELETE OR TRUNCATE ON change FOR EACH STATEMENT EXECUTE FUNCTION {NAME}()",
)
_FOUND = {
    "sqlite": f"SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '{NAME}_%'",  # noqa: S608
    "postgresql": f"SELECT count(*) FROM pg_trigger WHERE tgname = '{NAME}' AND tgenabled <> 'D'",  # noqa: S608
}
_EXPECTED = {"sqlite": 2, "postgresql": 1}


def install(connection: Connection) -> None:
    """Put the triggers in place; where they are, nothing happens."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES:
        connection.exec_driver_sql(statement)


def is_installed(connection: Connection) -> bool:
    """Whether the database would refuse to rewrite the log."""
    dialect = connection.dialect.name
    return bool(connection.execute(text(_FOUND[dialect])).scalar_one() == _EXPECTED[dialect])


@event.listens_for(Change.__table__, "after_create")  # type: ignore[attr-defined]
def _on_create(table: object, connection: Connection, **_: Any) -> None:
    install(connection)
