"""Kills at random moments while updates stream in, on both databases, by polling and by webhook."""

import random
import time
from pathlib import Path

import pytest

from tests.faults.nursery import Nursery
from tests.faults.storm import Storm, storm

KILLS = 8
UPDATES_BETWEEN = 15
SLOWEST_START = 5.0


def rage(weather: Storm, chance: random.Random, kills: int) -> list[float]:
    """Say, kill and start again, so many times; the seconds each start took."""
    starts = []
    for _ in range(kills):
        began = time.monotonic()
        weather.bot.start()
        starts.append(time.monotonic() - began)
        for _ in range(3):
            weather.say(UPDATES_BETWEEN // 3)
            time.sleep(chance.uniform(0.0, 0.08))
        weather.await_progress()
        weather.kill()
    weather.bot.start()
    return starts


def run(nursery: Nursery, folder: Path, database_url: str, seed: int, kills: int, *, webhook: bool) -> list[str]:
    """One seed; everything that is wrong in the end."""
    with storm(nursery, folder, database_url, webhook=webhook, options=("--latency", "0.02")) as weather:
        weather.order("/notice", "notice", 60)
        weather.order("/plan", "push", 60)
        starts = rage(weather, random.Random(seed), kills)
        weather.settle(60)
        slow = [f"a start took {max(starts):.1f} s"] if max(starts) > SLOWEST_START else []
        return weather.verdict() + slow


@pytest.mark.parametrize(("seed", "webhook"), [(1, False), (2, True)], ids=["polling", "webhook"])
def test_random_kills_lose_nothing_and_double_nothing(
    nursery: Nursery, tmp_path: Path, database_url: str, seed: int, webhook: bool
) -> None:
    assert run(nursery, tmp_path, database_url, seed, KILLS, webhook=webhook) == []


@pytest.mark.long
@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
@pytest.mark.parametrize("seed", range(10, 30))
def test_many_seeds_of_twenty_kills_lose_nothing_and_double_nothing(
    nursery: Nursery, tmp_path: Path, database_url: str, seed: int, webhook: bool
) -> None:
    assert run(nursery, tmp_path, database_url, seed, 20, webhook=webhook) == []
