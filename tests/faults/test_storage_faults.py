"""The database refuses work for a while: nothing is confirmed meanwhile, nothing stops, and all goes on by itself."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from signal import SIGQUIT
from typing import Any

import pytest
from sqlmodel import Session

from bot import app, database
from bot.app import House
from bot.inbox.intake import Poller
from tests.faults.evidence import collect, judge
from tests.faults.inside import OPERATOR, CountingSandbox, living_house, until
from tests.support import Missing, do_without
from tests.support.postgres import Server, running_server

pytestmark = pytest.mark.anyio
PERSON = 1
FAULTY_SECONDS = 2.0
LONG_TEXT = "x" * 4000
HOLD = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1], isolation_level=None)
other.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


def make_sandbox() -> CountingSandbox:
    sandbox = CountingSandbox()
    for person_id in (PERSON, OPERATOR):
        sandbox.add_person("P", person_id=person_id, started=True)
    return sandbox


async def look(sandbox: CountingSandbox, seconds: float = FAULTY_SECONDS) -> tuple[int, int]:
    """While the fault lasts: how many updates stay unconfirmed, and how often they were asked for."""
    began = time.monotonic()
    sandbox.say(PERSON, "n1")
    await until(lambda: False, seconds)
    return len(sandbox.world.queue.rows), sandbox.count_since(began, "getUpdates")


async def verdict(sandbox: CountingSandbox, house: House) -> list[str]:
    """Say something more, let everything come to rest, and return what is wrong."""
    sandbox.say(PERSON, "n2")
    await until(lambda: {"got n1", "got n2"} <= set(sandbox.said(PERSON)))
    calls = [{"params": call.params} for call in sandbox.calls if call.method == "sendMessage"]
    calls = [call for call in calls if str(call["params"]["text"]).startswith("got ")]
    evidence = await house.database.read(partial(collect, calls=calls))
    return [line for line in judge(evidence, {1: PERSON, 2: PERSON}) if "still wait" not in line]


def mend(house: House, statement: str) -> None:
    """Run a statement on the writing connection outside any transaction: none can begin there."""
    connection = house.database.connect().raw_connection()
    connection.cursor().execute(statement)
    connection.close()


def pragma(name: str, value: int) -> Any:
    """Work that sets a pragma of the writing connection."""

    def work(session: Session) -> None:
        session.connection().exec_driver_sql(f"PRAGMA {name}={value}")

    return work


async def test_a_full_disk_confirms_nothing_and_is_survived(tmp_path_url: str) -> None:
    sandbox = make_sandbox()
    async with living_house(sandbox, tmp_path_url) as house:
        await house.database.write(pragma("max_page_count", 1))
        sandbox.say(OPERATOR, LONG_TEXT)

        waiting, asked = await look(sandbox)
        await asyncio.to_thread(mend, house, "PRAGMA max_page_count=1000000")
        wrong = await verdict(sandbox, house)

    assert (waiting, asked <= 5) == (2, True)
    assert wrong == []


async def test_operators_are_told_of_a_database_that_stays_full_though_it_can_record_nothing(
    tmp_path_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "Poller", partial(Poller, alarm_seconds=0.5))
    sandbox = make_sandbox()
    async with living_house(sandbox, tmp_path_url) as house:
        await house.database.write(pragma("max_page_count", 1))
        sandbox.say(PERSON, LONG_TEXT)
        await until(lambda: sandbox.said(OPERATOR))

    assert ["cannot write to its database" in text for text in sandbox.said(OPERATOR)] == [True]


async def test_a_read_only_database_confirms_nothing_and_is_survived(tmp_path_url: str) -> None:
    sandbox = make_sandbox()
    async with living_house(sandbox, tmp_path_url) as house:
        await house.database.write(pragma("query_only", 1))

        waiting, asked = await look(sandbox)
        await asyncio.to_thread(mend, house, "PRAGMA query_only=0")
        wrong = await verdict(sandbox, house)

    assert (waiting, asked <= 5) == (1, True)
    assert wrong == []


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program's transaction that lets nobody else write. SQLite's locks do not hold within one process."""
    other = subprocess.Popen([sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"held\n"
    try:
        yield
    finally:
        other.communicate(timeout=10)


async def test_a_database_locked_longer_than_we_wait_confirms_nothing_and_is_survived(
    tmp_path: Path, tmp_path_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 200)
    sandbox = make_sandbox()
    async with living_house(sandbox, tmp_path_url) as house:
        with locked(tmp_path / "test.db"):
            waiting, asked = await look(sandbox)
        wrong = await verdict(sandbox, house)

    assert (waiting, asked <= 5) == (1, True)
    assert wrong == []


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """Return a PostgreSQL server that this module may stop."""
    try:
        with running_server() as server:
            yield server
    except Missing as missing:
        do_without(missing)


async def test_postgresql_that_dies_and_comes_back_is_survived(own_server: Server) -> None:
    sandbox = make_sandbox()
    async with living_house(sandbox, own_server.url.render_as_string(hide_password=False)):
        sandbox.say(PERSON, "n0")
        await until(lambda: "got n0" in sandbox.said(PERSON))
        own_server.stop(SIGQUIT)
        waiting, asked = await look(sandbox)
        own_server.start()
        began = time.monotonic()
        sandbox.say(PERSON, "n2")
        came_back = await until(lambda: {"got n1", "got n2"} <= set(sandbox.said(PERSON)))
        seconds = time.monotonic() - began

    assert (waiting, asked <= 5) == (1, True)
    assert (came_back, seconds < 6) == (True, True)
    assert sorted(sandbox.said(PERSON)) == ["got n0", "got n1", "got n2"]
