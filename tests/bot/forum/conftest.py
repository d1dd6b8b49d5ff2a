"""A camp with a forum, on both databases."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.database import Database
from tests.support.seats_scene import SeatsCamp, build_seats_camp
from tests.support.stage_scene import StageCamp, build_stage_camp


@pytest.fixture
def build(database_url: str) -> Iterator[Callable[..., SeatsCamp]]:
    """What builds a camp with a forum."""
    database = Database(database_url)

    def built(**options: Any) -> SeatsCamp:
        return build_seats_camp(database, **options)

    yield built
    database.close()


@pytest.fixture
def stage(database_url: str) -> Iterator[StageCamp]:
    """The forum on its day."""
    database = Database(database_url)
    yield build_stage_camp(database)
    database.close()
