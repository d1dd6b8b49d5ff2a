"""A database with every table, for tests that need no house around it."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot import schema
from bot.database import Database
from bot.tables import metadata

assert schema  # the tables must be known before they are made


@contextmanager
def filled(url: str) -> Iterator[Database]:
    """Open the database at that address, make its tables, and close it afterwards."""
    database = Database(url)
    metadata().create_all(database.connect())
    try:
        yield database
    finally:
        database.close()
