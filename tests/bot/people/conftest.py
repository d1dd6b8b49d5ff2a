"""A database with every table, for the services of people."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from bot import schema
from bot.database import Database
from tests.support.storage import lay_tables

assert schema  # the tables must be known before they are made


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """One writing session; nothing is committed."""
    database = Database(database_url)
    lay_tables(database)
    with Session(database.connect(), expire_on_commit=False) as opened:
        yield opened
    database.close()
