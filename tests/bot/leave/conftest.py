"""The camp of 35 hours, on each kind of database."""

from collections.abc import Iterator

import pytest

from bot.database import Database
from tests.support.hours_camp import HoursCamp, build_hours_camp


@pytest.fixture
def camp(database_url: str) -> Iterator[HoursCamp]:
    database = Database(database_url)
    yield build_hours_camp(database)
    database.close()
