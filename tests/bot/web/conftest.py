"""A camp with its pages, and a clock moved by hand."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import httpx
import pytest

from bot.context import Installation
from bot.database import Database
from bot.turn import Turns
from bot.web.app import build_web
from tests.support.checkin_camp import START, Camp, build_camp
from tests.support.house import HandClock


@dataclass
class Site:
    """The pages of a camp."""

    camp: Camp
    clock: HandClock
    turns: Turns
    installation: Installation
    browser: httpx.AsyncClient


@pytest.fixture
def camp(database_url: str) -> Iterator[Camp]:
    database = Database(database_url)
    yield build_camp(database)
    database.close()


@pytest.fixture
async def site(camp: Camp) -> AsyncIterator[Site]:
    clock = HandClock(START)
    turns, installation = Turns(camp.database, clock), Installation("camp_bot", public_url="https://camp.example.org")
    transport = httpx.ASGITransport(app=build_web(turns, installation), client=("192.0.2.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="https://camp.example.org") as browser:
        yield Site(camp, clock, turns, installation, browser)
