"""The camp that the tests of discussions live in, on either database."""

from collections.abc import Iterator

import pytest

from bot.database import Database
from bot.invariants import check
from tests.support.discussion_camp import DiscussionCamp, build_discussion_camp


@pytest.fixture
def camp(database_url: str) -> Iterator[DiscussionCamp]:
    """Eight trainees of four units, a coordinator, an auditor; whatever a test does, the invariants hold after it."""
    database = Database(database_url)
    built = build_discussion_camp(database)
    yield built
    violations = [one for one in database.read_now(check) if one.invariant == "I10"]
    database.close()
    assert violations == []
