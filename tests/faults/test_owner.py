"""One process owns the bot: a second one refuses and names the first, and one that was frozen cannot write any more."""

import signal
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from bot.ownership import ADVISORY_KEY
from tests.faults.nursery import Nursery
from tests.faults.places import ForkedBot
from tests.faults.storm import storm
from tests.support.postgres import plain
from tests.support.processes import wait_until

SLACK = 3.0
"""Seconds. Refusing takes a fifth of one where nothing else runs; a shared machine may take its time."""


def test_a_second_process_refuses_within_a_second_and_names_the_holder(
    nursery: Nursery, tmp_path: Path, database_url: str
) -> None:
    with storm(nursery, tmp_path, database_url) as weather:
        weather.bot.start()
        second = ForkedBot(nursery, weather.emulator, tmp_path, DATABASE_URL=database_url)
        began = time.monotonic()

        status = second.launch().wait()
        seconds = time.monotonic() - began

        assert (status, f"process {weather.bot.child.pid} on" in second.child.output()) == (1, True)
        assert seconds < SLACK
        weather.say(10)
        weather.settle()
        assert weather.verdict() == []


def test_one_that_was_frozen_and_replaced_can_write_no_more(
    nursery: Nursery, tmp_path: Path, postgres_url: str
) -> None:
    with storm(nursery, tmp_path, postgres_url) as weather:
        weather.bot.start()
        weather.say(20)
        weather.settle()
        frozen = weather.bot.child
        frozen.send(signal.SIGSTOP)

        take_the_lock_away(postgres_url)
        weather.bot.start()
        weather.say(20)
        frozen.send(signal.SIGCONT)
        weather.say(20)
        status = frozen.wait()
        weather.settle()

        assert (status, "LostOwnership" in frozen.output() or "taken over" in frozen.output()) == (1, True)
        assert weather.verdict() == []


def test_a_frozen_one_on_sqlite_still_keeps_others_out(nursery: Nursery, tmp_path: Path, tmp_path_url: str) -> None:
    with storm(nursery, tmp_path, tmp_path_url) as weather:
        weather.bot.start()
        weather.bot.child.send(signal.SIGSTOP)
        second = ForkedBot(nursery, weather.emulator, tmp_path, DATABASE_URL=tmp_path_url)

        assert second.launch().wait() == 1


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_a_stop_during_a_storm_takes_less_than_ten_seconds_and_keeps_everything(
    nursery: Nursery, tmp_path: Path, tmp_path_url: str, webhook: bool
) -> None:
    options = ("--latency", "0.2")
    with storm(nursery, tmp_path, tmp_path_url, webhook=webhook, options=options, BULK_RATE="100") as weather:
        weather.bot.start()
        weather.order("/notice", "notice", 60)
        weather.say(150)
        wait_until(lambda: weather.emulator.ask("summary")["calls"] > 20)

        seconds = weather.bot.stop()

        assert (weather.bot.child.status, seconds < 10) == (0, True)
        weather.bot.start()
        weather.settle()
        assert weather.verdict() == []


def take_the_lock_away(url: str) -> None:
    """End the connection that holds the lock, as an operator does for a frozen process on another machine."""
    high, low = ADVISORY_KEY >> 32, ADVISORY_KEY & 0xFFFFFFFF
    with psycopg.connect(plain(make_url(url)), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            (high, low),
        )
