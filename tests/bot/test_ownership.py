import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot import ownership
from bot.database import Database
from bot.errors import LostOwnership, OwnedElsewhere
from bot.ownership import Owner, Ownership, begin_epoch, fence, holder_name, note_address, seize
from bot.people.models import Organisation
from tests.support.house import MONDAY
from tests.support.storage import filled

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys
from functools import partial
from datetime import UTC, datetime
from bot import ownership, schema
from bot.database import Database
database = Database(sys.argv[1])
owner = ownership.seize(database)
database.write_now(partial(ownership.begin_epoch, owner=owner, now=datetime.now(UTC)))
print("holding", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with filled(database_url) as database:
        yield database


@pytest.fixture
def other(database: Database) -> Iterator[Database]:
    """The same database as another process sees it."""
    other = Database(database.url.render_as_string(hide_password=False))
    yield other
    other.close()


@pytest.fixture
def holder(database: Database) -> Iterator[subprocess.Popen[str]]:
    """Another process that owns the database."""
    command = [sys.executable, "-c", HOLDER, database.url.render_as_string(hide_password=False)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        yield process
        process.kill()


def take_over(database: Database, owner: Owner) -> int:
    return database.write_now(partial(begin_epoch, owner=owner, now=MONDAY))


def add(session: Session) -> None:
    session.add(Organisation(name="written"))


def organisations(database: Database) -> int:
    return database.read_now(lambda session: len(session.exec(select(Organisation)).all()))


def test_a_second_process_is_refused_within_a_second_and_told_who_owns_the_bot(
    database: Database, holder: subprocess.Popen[str]
) -> None:
    began = time.monotonic()

    with pytest.raises(OwnedElsewhere, match=f"process {holder.pid} on "):
        seize(database)

    assert time.monotonic() - began < 1.0


def test_a_killed_owner_leaves_no_lock_behind(database: Database, holder: subprocess.Popen[str]) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()

    owner = _seize_soon(database)
    owner.release()

    assert owner.holder == holder_name()


def test_a_frozen_owner_still_owns(database: Database, holder: subprocess.Popen[str]) -> None:
    holder.send_signal(signal.SIGSTOP)

    with pytest.raises(OwnedElsewhere):
        seize(database)


def test_a_released_lock_can_be_taken_again(database: Database, other: Database) -> None:
    seize(database).release()

    owner = seize(other)
    owner.release()

    assert owner.holder == f"process {os.getpid()} on {os.uname().nodename}"


def test_each_take_over_raises_the_epoch_and_names_the_owner(database: Database) -> None:
    owner = seize(database)

    epochs = [take_over(database, owner), take_over(database, owner)]
    row = database.read_now(lambda session: session.get(Ownership, 1))
    owner.release()

    assert epochs == [1, 2]
    assert row is not None
    assert (row.epoch, row.holder, row.since) == (2, holder_name(), MONDAY)


def test_the_owner_leaves_word_where_its_pages_are(database: Database) -> None:
    owner = seize(database)
    take_over(database, owner)

    database.write_now(partial(note_address, address="http://127.0.0.1:8080"))
    row = database.read_now(lambda session: session.get(Ownership, 1))
    owner.release()

    assert row is not None
    assert row.address == "http://127.0.0.1:8080"


def test_one_that_wakes_up_after_a_take_over_writes_nothing(database: Database, other: Database) -> None:
    frozen = seize(database)
    fence(database, take_over(database, frozen))
    frozen.release()
    taken_over = seize(other)
    fence(other, take_over(other, taken_over))

    with pytest.raises(LostOwnership):
        database.write_now(add)
    other.write_now(add)
    taken_over.release()

    assert organisations(database) == 1


def test_the_present_owner_writes(database: Database) -> None:
    owner = seize(database)
    fence(database, take_over(database, owner))

    database.write_now(add)
    owner.release()

    assert organisations(database) == 1


def test_on_a_database_without_tables_the_second_is_refused_too(empty_database_url: str) -> None:
    first, second = Database(empty_database_url), Database(empty_database_url)
    owner = seize(first)

    with pytest.raises(OwnedElsewhere):
        seize(second)
    owner.release()
    first.close()
    second.close()


def test_a_lock_file_is_beside_the_database(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/t.sqlite3")

    owner = seize(database)
    written = (tmp_path / "t.sqlite3.lock").read_text()
    owner.release()
    database.close()

    assert written == holder_name()
    assert ownership.THE_ONE_ROW == 1


def _seize_soon(database: Database) -> Owner:
    """A server notices that its client is gone as soon as it looks, which may be after the client's parent knows."""
    give_up = time.monotonic() + 5
    while True:
        try:
            return seize(database)
        except OwnedElsewhere:
            if time.monotonic() > give_up:
                raise
