"""A camp with a bank and people, on both databases."""

from collections.abc import Iterator

import pytest

from bot.database import Database
from tests.support.quiz_camp import QuizCamp, build_quiz_camp


@pytest.fixture
def camp(database_url: str) -> Iterator[QuizCamp]:
    """Return the camp."""
    database = Database(database_url)
    yield build_quiz_camp(database)
    database.close()
