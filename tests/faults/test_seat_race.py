"""Two hundred people for the last ten seats at once: none is sold twice, none stays empty, whoever runs the race."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.database import Database
from bot.forum.models import Part
from bot.forum.pools import POOL, SIGNUP
from bot.invariants import check
from tests.support.house import MONDAY
from tests.support.racing import race
from tests.support.seats_scene import SeatsCamp, build_seats_camp, sign_up

ROOT = Path(__file__).parents[2]
SEATS, TAKEN, PEOPLE = 50, 40, 200
TURNS, LONG = 1, 20
PART = Part.LISTENER


def build_camp(url: str) -> tuple[Database, SeatsCamp]:
    """Fifty seats of which forty are taken, and two hundred people who want one."""
    database = Database(url)
    camp = build_seats_camp(database, seats=SEATS, people=TAKEN + PEOPLE)

    def take(session: object) -> None:
        for person_id in camp.people[:TAKEN]:
            sign_up(session, camp.call_id, person_id, MONDAY, PART)  # type: ignore[arg-type]

    camp.do(take)
    return database, camp


def run_processes(url: str, camp: SeatsCamp, count: int) -> list[str]:
    """Let so many processes race; what went wrong in them."""
    first, each = camp.people[TAKEN], PEOPLE // count
    started = [
        subprocess.Popen(
            [
                sys.executable,
                *("-m", "tests.support.racing", url, str(camp.call_id), PART, str(first + number * each), str(each)),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(count)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=120)[0] for process in started]
    return [output for output in outputs if not output.startswith("0")]


def forget_race(camp: SeatsCamp) -> None:
    """Clear what a race left, so that the next begins as the first did."""
    late = SIGNUP.c.person_id.in_(camp.people[TAKEN:])
    camp.do(lambda s: s.connection().execute(SIGNUP.delete().where(late)))
    camp.do(lambda s: s.connection().execute(POOL.update().where(POOL.c.part == PART).values(taken=TAKEN)))


def assert_fair(camp: SeatsCamp) -> None:
    """Ten more confirmed, all others on the list with numbers of their own, and nothing unsound."""
    assert camp.pool() == (SEATS, SEATS, SEATS)
    assert camp.count() == {"confirmed": SEATS, "reserve": TAKEN + PEOPLE - SEATS}
    assert camp.see(check) == []


def _race(url: str, processes: int, turns: int) -> None:
    database, camp = build_camp(url)
    for _ in range(turns):
        if processes == 1:
            gate = threading.Event()
            gate.set()
            faults = race(url, camp.call_id, PART, camp.people[TAKEN:], gate)
        else:
            faults = run_processes(url, camp, processes)
        assert faults == []
        assert_fair(camp)
        forget_race(camp)
    database.close()


@pytest.mark.parametrize("processes", [1, 2])
def test_the_last_seats_are_neither_oversold_nor_left(database_url: str, processes: int) -> None:
    _race(database_url, processes, TURNS)


@pytest.mark.long
@pytest.mark.parametrize("processes", [1, 2])
def test_the_last_seats_are_neither_oversold_nor_left_in_twenty_races(database_url: str, processes: int) -> None:
    _race(database_url, processes, LONG)
