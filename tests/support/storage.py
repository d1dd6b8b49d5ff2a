"""A database with every table, for tests that need no house around it.

The tables are made once a run and copied for each test: making them anew takes longer than most tests.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from sqlalchemy import StaticPool, create_engine, inspect

from bot import schema
from bot.database import Database
from bot.tables import metadata

assert schema  # the tables must be known before they are made


@contextmanager
def filled(url: str) -> Iterator[Database]:
    """Open the database at that address, make its tables, and close it afterwards."""
    database = Database(url)
    lay_tables(database)
    try:
        yield database
    finally:
        database.close()


def lay_tables(database: Database) -> None:
    """Make every table, where they are not there yet."""
    engine = database.connect()
    if inspect(engine).has_table("person"):
        return
    if not database.is_sqlite:
        metadata().create_all(engine)
        return
    fresh = engine.raw_connection()
    try:
        _pattern(cast("Any", engine.dialect.dbapi)).backup(fresh.driver_connection)
    finally:
        fresh.close()


@cache
def _pattern(driver: Any) -> Any:
    """A connection to an SQLite in memory with every table and nothing in them, made with the bot's own driver."""
    engine = create_engine("sqlite://", module=driver, poolclass=StaticPool)
    metadata().create_all(engine)
    return engine.raw_connection().driver_connection
