"""Camps on each kind of database."""

from collections.abc import Iterator

import pytest

from bot.database import Database
from tests.support.camps import Camps, build_camps


@pytest.fixture
def camps(database_url: str) -> Iterator[Camps]:
    database = Database(database_url)
    yield build_camps(database)
    database.close()
