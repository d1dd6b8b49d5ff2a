"""A sandbox with one person who has started the bot, and a real python-telegram-bot Bot on either face."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.sandbox.core import Sandbox
from bot.sandbox.request import SandboxRequest
from bot.sandbox.server import serving
from tests.bot.sandbox.calling import SetClock

LIN = 1001


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def sandbox(clock: SetClock) -> Sandbox:
    made = Sandbox(clock=clock)
    made.add_person("Lin", person_id=LIN, username="lin_mei", language_code="zh-hans", started=True)
    return made


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with in_process_bot(sandbox) as made:
        yield made


@asynccontextmanager
async def in_process_bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    request, polling = SandboxRequest(sandbox), SandboxRequest(sandbox)
    async with Bot(sandbox.token, request=request, get_updates_request=polling) as made:
        yield made


@asynccontextmanager
async def http_bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with serving(sandbox) as address:
        # Reading the certificates of the machine takes longer than a test; nothing here is encrypted.
        request, polling = HTTPXRequest(httpx_kwargs={"verify": False}), HTTPXRequest(httpx_kwargs={"verify": False})
        async with Bot(
            sandbox.token,
            base_url=f"{address}/bot",
            base_file_url=f"{address}/file/bot",
            request=request,
            get_updates_request=polling,
        ) as made:
            yield made
