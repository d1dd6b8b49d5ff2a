from collections.abc import Iterator
from itertools import count
from types import SimpleNamespace

import pytest

from bot.database import Database
from schedules import notices as passes
from tests.bot.notices.test_dispatch import Office

pytestmark = pytest.mark.anyio

PAGE_SECONDS = 0.02


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    built = Office(Database(database_url))
    yield built
    built.close()


async def test_after_each_page_of_a_notice_the_writer_is_left_to_others_for_as_long(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests: list[float] = []
    clock = count(0.0, PAGE_SECONDS)

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    monkeypatch.setattr(passes, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr(passes, "asyncio", SimpleNamespace(sleep=rest))
    office.send()

    await passes.push_notices(office.turns)

    looked_back, fed, found_nobody_left = rests
    assert [looked_back, fed, found_nobody_left] == [pytest.approx(PAGE_SECONDS)] * 3
