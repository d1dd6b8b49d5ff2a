"""The camp in which check-in is tested, on each kind of database."""

from collections.abc import Iterator

import pytest

from bot.database import Database
from tests.support.checkin_camp import Camp, build_camp


@pytest.fixture
def camp(database_url: str) -> Iterator[Camp]:
    database = Database(database_url)
    yield build_camp(database)
    database.close()
