"""The change log cannot be rewritten, by whatever statement."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Executable, delete, text, update
from sqlalchemy.exc import DBAPIError

from bot import migrations
from bot.audit import guard
from bot.audit import service as audit
from bot.audit.models import Change
from bot.audit.service import Actor
from bot.database import Database
from bot.invariants import check
from tests.support.camps import build_camps

CHANGE = Change.__table__  # type: ignore[attr-defined]
NOW = datetime(2026, 12, 7, 1, tzinfo=UTC)
REWRITING = (
    update(CHANGE).values(reason="it was never so"),
    delete(CHANGE),
    update(CHANGE).where(CHANGE.c.id == 1).values(actor="somebody else"),
)


def write_a_line(database: Database) -> None:
    line = audit.entry(actor=Actor(name="test"), now=NOW, action="mark", subject="attendance")
    database.write_now(lambda session: audit.record(session, line))


@pytest.mark.parametrize("statement", REWRITING)
def test_the_database_refuses_to_rewrite_the_log(database_url: str, statement: Executable) -> None:
    database = build_camps(Database(database_url)).database
    write_a_line(database)

    with pytest.raises(DBAPIError, match="append only"):
        database.write_now(lambda session: session.execute(statement))

    assert database.read_now(lambda s: s.execute(CHANGE.select()).one().actor) == "test"
    database.close()


def test_a_migrated_database_refuses_it_too(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    migrations.upgrade(database)
    write_a_line(database)

    with pytest.raises(DBAPIError, match="append only"):
        database.write_now(lambda session: session.execute(delete(CHANGE)))

    database.close()


def test_a_log_without_its_guard_is_reported(database_url: str) -> None:
    database = build_camps(Database(database_url)).database
    drop = (
        "DROP TRIGGER change_append_only_delete" if database.is_sqlite else "DROP TRIGGER change_append_only ON change"
    )
    before = database.read_now(check)

    database.write_now(lambda session: session.execute(text(drop)))

    assert before == []
    assert [one.invariant for one in database.read_now(check)] == ["I11"]
    database.close()


def test_installing_twice_is_installing_once(database_url: str) -> None:
    database = build_camps(Database(database_url)).database

    database.write_now(lambda session: guard.install(session.connection()))

    assert database.read_now(lambda session: guard.is_installed(session.connection()))
    database.close()
