"""The house that the tests of handlers live in: every handler, every renderer, the sandbox for a Telegram."""

from collections.abc import AsyncIterator

import pytest

from bot.context import Installation
from bot.registry import READINGS, renderers
from handlers import register
from tests.support.house import OPERATOR, TestHouse, build_house


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[TestHouse]:
    """A house with every handler."""
    made = renderers(Installation("camp_bot", frozenset({OPERATOR})))
    built = await build_house(database_url, register, renderers=dict(made), readings=dict(READINGS))
    yield built
    built.database.close()
