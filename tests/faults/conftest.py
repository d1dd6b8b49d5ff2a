"""What fault tests share: one nursery for all processes that are to be killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.nursery import Nursery, open_nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Return the parent of the bots and emulators."""
    with open_nursery() as opened:
        yield opened


@pytest.fixture
def tmp_path_url(tmp_path: Path) -> str:
    """Return the address of an SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path}/test.db"


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    """Return the address of a database without tables: a bot that is to be killed makes its own."""
    return empty_database_url
