import asyncio
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from bot.database import Database, defer_insert, insert_deferred, insert_missing, read_ahead
from bot.people.models import Organisation
from tests.support.storage import filled

pytestmark = pytest.mark.anyio

TABLE = Organisation.__table__  # type: ignore[attr-defined]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with filled(database_url) as database:
        yield database


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    with filled(f"sqlite:///{tmp_path}/t.sqlite3") as database:
        yield database


def add(session: Session, name: str) -> None:
    session.add(Organisation(name=name))
    session.flush()


def names(session: Session) -> list[str]:
    return list(session.exec(select(Organisation.name).order_by(col(Organisation.id))))


def pragma(session: Session, name: str) -> object:
    return session.connection().execute(text(f"PRAGMA {name}")).scalar()


async def test_what_was_written_can_be_read_once_write_returns(database: Database) -> None:
    await database.write(lambda session: add(session, "one"))

    assert await database.read(names) == ["one"]


async def test_an_error_rolls_everything_back_and_reaches_the_caller(database: Database) -> None:
    def fail(session: Session) -> None:
        add(session, "half")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await database.write(fail)
    await database.write(lambda session: add(session, "next"))

    assert await database.read(names) == ["next"]


@pytest.mark.parametrize("way", ["write_now", "read_now"])
def test_the_error_of_a_refused_statement_does_not_say_what_somebody_wrote(database: Database, way: str) -> None:
    statement, given = text("SELECT :words FROM nowhere"), {"words": "a private word"}

    with pytest.raises(DBAPIError, match="nowhere") as caught:
        getattr(database, way)(lambda session: session.connection().execute(statement, given))

    assert "a private word" not in str(caught.value)


async def test_all_writing_happens_on_one_thread_in_the_order_of_the_calls(database: Database) -> None:
    threads: set[int] = set()

    def work(session: Session, name: str) -> None:
        threads.add(threading.get_ident())
        add(session, name)

    wanted = [f"{number:02}" for number in range(40)]
    await asyncio.gather(*(database.write(lambda session, name=name: work(session, name)) for name in wanted))  # type: ignore[misc]

    assert await database.read(names) == wanted
    assert len(threads) == 1
    assert threads != {threading.get_ident()}


def test_a_reader_refuses_to_write(database: Database) -> None:
    with pytest.raises(DBAPIError):
        database.read_now(lambda session: add(session, "forbidden"))

    assert database.read_now(names) == []


def test_a_reader_sees_one_snapshot_whatever_is_written_meanwhile(database: Database) -> None:
    def look_twice(session: Session) -> tuple[list[str], list[str]]:
        first = names(session)
        database.write_now(lambda other: add(other, "meanwhile"))
        return first, names(session)

    assert database.read_now(look_twice) == ([], [])
    assert database.read_now(names) == ["meanwhile"]


async def test_the_event_loop_goes_on_while_something_is_written(database: Database) -> None:
    inside, release = threading.Event(), threading.Event()

    def work(_: Session) -> bool:
        inside.set()
        return release.wait(5)

    writing = asyncio.create_task(database.write(work))
    await asyncio.to_thread(inside.wait, 5)
    release.set()

    assert await writing


def test_rows_that_break_a_unique_key_are_left_out_and_the_others_are_counted(database: Database) -> None:
    rows = [{"name": name} for name in ("one", "two", "one", "three")]
    database.write_now(lambda session: add(session, "two"))

    inserted = database.write_now(lambda session: insert_missing(session, TABLE, rows))

    assert (inserted, sorted(database.read_now(names))) == (2, ["one", "three", "two"])


def test_no_rows_are_no_statement(database: Database) -> None:
    assert database.write_now(lambda session: insert_missing(session, TABLE, [])) == 0


def test_the_fence_comes_before_the_work_and_stops_it(database: Database) -> None:
    def closed(_: Session) -> None:
        raise PermissionError

    database.fence = closed

    with pytest.raises(PermissionError):
        database.write_now(lambda session: add(session, "too late"))
    assert database.read_now(names) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("query_only", 0),
    ],
)
def test_the_writer_of_a_sqlite_file_is_durable_and_guards_references(
    sqlite: Database, name: str, value: object
) -> None:
    assert sqlite.write_now(lambda session: pragma(session, name)) == value


def test_the_readers_of_a_sqlite_file_only_read(sqlite: Database) -> None:
    assert sqlite.read_now(lambda session: pragma(session, "query_only")) == 1


def test_a_sqlite_database_makes_its_folder(tmp_path: Path) -> None:
    with filled(f"sqlite:///{tmp_path}/a/b/t.sqlite3"):
        made = (tmp_path / "a" / "b" / "t.sqlite3").exists()

    assert made


def test_postgresql_waits_for_the_disk_and_its_readers_only_read(postgres_url: str) -> None:
    with filled(postgres_url) as database:
        commit = database.write_now(lambda session: session.execute(text("SHOW synchronous_commit")).scalar())
        only = database.read_now(lambda session: session.execute(text("SHOW transaction_read_only")).scalar())

    assert (commit, only) == ("on", "on")


def test_what_was_read_ahead_is_forgotten_at_the_first_write(database: Database) -> None:
    def work(session: Session) -> tuple[dict[object, object], dict[object, object]]:
        names(session)
        read_ahead(session)["who"] = "nobody"
        names(session)
        before = dict(read_ahead(session))
        add(session, "somebody")
        return before, dict(read_ahead(session))

    assert database.write_now(work) == ({"who": "nobody"}, {})


def test_what_was_put_off_does_not_make_forget_what_was_read_ahead(database: Database) -> None:
    def work(session: Session) -> dict[object, object]:
        read_ahead(session)["who"] = "nobody"
        defer_insert(session, TABLE.insert(), [{"name": "later"}])
        insert_deferred(session)
        return dict(read_ahead(session))

    assert database.write_now(work) == {"who": "nobody"}
    assert database.read_now(names) == ["later"]


def test_nothing_read_ahead_outlives_its_transaction(database: Database) -> None:
    database.write_now(lambda session: read_ahead(session).update(who="nobody"))

    assert database.write_now(lambda session: dict(read_ahead(session))) == {}
    assert database.read_now(lambda session: dict(read_ahead(session))) == {}


async def test_a_read_that_goes_on_holds_up_the_end_only_so_long(sqlite: Database) -> None:
    begun, ended = threading.Event(), threading.Event()

    def take_long(session: Session) -> list[str]:
        begun.set()
        ended.wait(10)
        return names(session)

    reading = asyncio.create_task(sqlite.read(take_long))
    await asyncio.to_thread(begun.wait, 5)
    is_at_rest = await asyncio.to_thread(sqlite.close, 0.05)
    ended.set()

    assert (is_at_rest, await reading) == (False, [])


async def test_what_was_handed_in_to_be_written_is_written_before_the_end(tmp_path: Path) -> None:
    with filled(f"sqlite:///{tmp_path}/t.sqlite3") as database:
        writing = [asyncio.create_task(database.write(partial(add, name=name))) for name in "abc"]
        await asyncio.sleep(0)
        is_at_rest = await asyncio.to_thread(database.close)
        await asyncio.gather(*writing)

    with filled(f"sqlite:///{tmp_path}/t.sqlite3") as again:
        assert (is_at_rest, again.read_now(names)) == (True, ["a", "b", "c"])
