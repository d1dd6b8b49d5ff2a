"""A kill at every named place of the engine: nothing is lost, nothing has its effect twice."""

import signal
from pathlib import Path
from typing import Any

import pytest

from tests.faults.nursery import Nursery
from tests.faults.storm import storm
from tests.support.processes import wait_until

BY_POLLING = {
    "intake:fetched": 2,
    "intake:before-commit": 2,
    "intake:committed": 2,
    "worker:before-commit": 2,
    "worker:committed": 1,
    "courier:before-claim-commit": 2,
    "courier:exchanged": 2,
    "courier:before-call": 20,
    "courier:after-call": 20,
    "courier:before-mark-commit": 1,
    "turn:before-commit": 2,
    "turn:committed": 2,
}
"""Each place and the time at which it kills."""

BY_WEBHOOK = {"intake:before-commit": 5, "webhook:stored": 5, "worker:before-commit": 3, "courier:after-call": 20}


def survive(
    nursery: Nursery, folder: Path, database_url: str, place: str, nth: int, webhook: bool = False
) -> list[str]:
    """Let a storm run into the crash point, start the bot again, and return everything that is wrong in the end."""
    with storm(nursery, folder, database_url, webhook=webhook) as weather:
        weather.bot.launch(COHORT_CRASHPOINT=f"{place}:{nth}")
        weather.say(60)
        weather.order("/plan", "push", 60)
        weather.say(60)
        assert weather.bot.wait_dead() == -signal.SIGKILL
        weather.note_crash()
        weather.bot.start()
        weather.settle()
        return weather.verdict()


def spread(places: dict[str, int], chosen: set[str]) -> list[Any]:
    """The places as parameters; those not chosen are left to the long run."""
    return [pytest.param(place, marks=() if place in chosen else pytest.mark.long) for place in places]


@pytest.mark.parametrize("place", BY_POLLING)
def test_a_kill_at_any_place_loses_nothing_and_doubles_nothing(nursery: Nursery, tmp_path: Path, place: str) -> None:
    url = f"sqlite:///{tmp_path}/test.db"

    assert survive(nursery, tmp_path, url, place, BY_POLLING[place]) == []


@pytest.mark.parametrize("place", spread(BY_POLLING, {"worker:before-commit", "courier:after-call"}))
def test_the_same_on_postgresql(nursery: Nursery, tmp_path: Path, postgres_url: str, place: str) -> None:
    assert survive(nursery, tmp_path, postgres_url, place, BY_POLLING[place]) == []


@pytest.mark.parametrize("place", BY_WEBHOOK)
def test_the_same_by_webhook(nursery: Nursery, tmp_path: Path, place: str) -> None:
    url = f"sqlite:///{tmp_path}/test.db"

    assert survive(nursery, tmp_path, url, place, BY_WEBHOOK[place], webhook=True) == []


@pytest.mark.parametrize("place", spread(BY_WEBHOOK, {"webhook:stored"}))
def test_the_same_by_webhook_on_postgresql(nursery: Nursery, tmp_path: Path, postgres_url: str, place: str) -> None:
    assert survive(nursery, tmp_path, postgres_url, place, BY_WEBHOOK[place], webhook=True) == []


def test_a_kill_while_calls_are_under_way_repeats_only_those(nursery: Nursery, tmp_path: Path) -> None:
    with storm(nursery, tmp_path, f"sqlite:///{tmp_path}/test.db") as weather:
        weather.emulator.do("fail", method="sendMessage", times=10, delay=5.0)
        weather.bot.start()
        weather.say(30)
        wait_until(lambda: weather.emulator.ask("summary")["calls"] >= 30)
        weather.kill()
        weather.bot.start()
        weather.settle()

        assert (weather.in_flight >= 10, weather.verdict()) == (True, [])
