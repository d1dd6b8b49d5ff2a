"""One process of a race for the last seats: many threads at one gate.

Run as ``python -m tests.support.racing ADDRESS CALL PART FIRST COUNT``: it says ``ready``, waits for a line, signs the
people up with these ids, and prints how many transactions failed.
"""

import sys
import threading
from collections.abc import Sequence
from functools import partial
from itertools import cycle

from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from bot.database import Database
from bot.forum.models import Part
from tests.support.house import MONDAY
from tests.support.seats_scene import sign_up

THREADS = 10
TRIES = 3
"""A transaction that waited too long for the other process's is rolled back and tried again, as the worker does."""


def race(url: str, call_id: int, part: str, people: Sequence[int], wait: threading.Event) -> list[str]:
    """Sign everybody up as fast as the threads can; what went wrong."""
    faults: list[str] = []
    shares = [people[start::THREADS] for start in range(THREADS)]
    databases = _databases(url)
    pairs = zip(cycle(databases), shares, strict=False)
    threads = [threading.Thread(target=_run, args=(one, call_id, part, share, wait, faults)) for one, share in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.close()
    return faults


def _databases(url: str) -> list[Database]:
    """As in the bot, an SQLite file has one writer in each process; PostgreSQL has as many as there are threads."""
    return [Database(url) for _ in range(1 if make_url(url).get_backend_name() == "sqlite" else THREADS)]


def _run(
    database: Database, call_id: int, part: str, people: Sequence[int], wait: threading.Event, faults: list[str]
) -> None:
    wait.wait()
    for person_id in people:
        for turn in range(TRIES):
            try:
                database.write_now(partial(sign_up, call_id=call_id, person_id=person_id, at=MONDAY, part=Part(part)))
                break
            except OperationalError as error:
                if turn == TRIES - 1:
                    faults.append(repr(error))


def main() -> None:
    """Be one of the processes."""
    url, call_id, part, first, count = sys.argv[1:]
    gate = threading.Event()
    people = range(int(first), int(first) + int(count))
    done: list[list[str]] = []
    runner = threading.Thread(target=lambda: done.append(race(url, int(call_id), part, people, gate)))
    runner.start()
    print("ready", flush=True)
    sys.stdin.readline()
    gate.set()
    runner.join()
    print(len(done[0]), *done[0][:1], flush=True)


if __name__ == "__main__":
    main()
