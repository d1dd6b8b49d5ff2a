"""The power goes while updates stream in: what was acknowledged is there afterwards, what was not comes again.

The file system is told to lose what was not synced. These belong to the long runs, since that needs root on Linux.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.database import Database
from tests.faults.disks import Disk, disk
from tests.faults.evidence import count_in_flight
from tests.faults.nursery import Nursery
from tests.faults.storm import Storm, storm
from tests.support import Missing, do_without
from tests.support.postgres import Server, running_server

pytestmark = pytest.mark.long

MIB = 512
CUTS = 6
BURST = 5
BURSTS = 3


@pytest.fixture
def power() -> Iterator[Disk]:
    """Return a disk whose power can be cut."""
    try:
        with disk(MIB) as made:
            yield made
    except Missing as missing:
        do_without(missing)


@pytest.mark.parametrize("seed", range(3))
def test_a_power_cut_loses_nothing_acknowledged(nursery: Nursery, tmp_path: Path, power: Disk, seed: int) -> None:
    with storm(nursery, tmp_path, file_on(power), options=("--latency", "0.02")) as weather:
        found = live_through(weather, random.Random(seed), partial(cut, power))

    assert found == []


def test_a_bot_that_does_not_wait_for_its_disk_is_found_out(nursery: Nursery, tmp_path: Path, power: Disk) -> None:
    with storm(nursery, tmp_path, file_on(power), kind="heedless") as weather:
        weather.bot.start()
        weather.say(BURST)
        weather.settle()
        cut(power, weather)
        weather.bot.start()
        found = weather.verdict()

    assert any("updates are not in the inbox" in line for line in found)


@pytest.mark.parametrize("seed", range(2))
def test_a_power_cut_under_postgresql_loses_nothing_acknowledged(
    nursery: Nursery, tmp_path: Path, power: Disk, seed: int
) -> None:
    with running_server(power.folder, is_durable=True) as server:
        os.sync()  # what it was made of did not wait for the disk
        url = server.url.render_as_string(hide_password=False)
        with storm(nursery, tmp_path, url, options=("--latency", "0.02")) as weather:
            found = live_through(weather, random.Random(seed), partial(cut_below_a_server, power, server))

    assert found == []


def file_on(power: Disk) -> str:
    """The address of an SQLite database there."""
    return f"sqlite:///{power.folder}/cohort.sqlite3"


def live_through(weather: Storm, chance: random.Random, cut_power: Callable[[Storm], None]) -> list[str]:
    """Say, cut the power and start again, so many times; everything that is wrong in the end."""
    weather.order("/notice", "notice", 60)
    for _ in range(CUTS):
        weather.bot.start()
        for _ in range(BURSTS):
            weather.say(BURST)
            time.sleep(chance.uniform(0.0, 0.08))
        weather.await_progress()
        cut_power(weather)
        weather.database.write_now(count_in_flight)  # whoever comes first takes the log in, which a reader may not
        weather.note_crash()
    weather.bot.start()
    weather.settle()
    return weather.verdict()


def cut(power: Disk, weather: Storm) -> None:
    """The disk of the bot's own file loses its power, and the bot with it."""
    power.cut_power()
    weather.bot.kill()
    weather.database.close()
    power.bring_back()
    weather.database = Database(weather.database.url.render_as_string(hide_password=False))


def cut_below_a_server(power: Disk, server: Server, weather: Storm) -> None:
    """The server's disk loses its power, the server and the bot with it."""
    power.cut_power()
    weather.bot.kill()
    weather.database.close()
    server.stop(signal.SIGQUIT)
    power.bring_back()
    server.start()
    weather.database = Database(weather.database.url.render_as_string(hide_password=False))
