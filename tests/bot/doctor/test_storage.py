import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot import migrations
from bot.database import Database
from bot.doctor import storage
from bot.doctor.findings import Finding, Level
from bot.doctor.storage import examine_storage, find_missing
from bot.tables import metadata
from tests.support.house import MONDAY


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    database = Database(empty_database_url)
    migrations.upgrade(database)
    yield database
    database.close()


def insert(database: Database, table: str, *rows: dict[str, Any]) -> None:
    database.write_now(lambda session: session.connection().execute(metadata().tables[table].insert(), rows) and None)


def inbox_row(seq: int, **change: Any) -> dict[str, Any]:
    return {
        "seq": seq,
        "source": "bot:1",
        "external_id": seq,
        "kind": "update",
        "received_at": MONDAY,
        "body": '{"text": "private"}',
        "status": "parked",
        "attempts": 3,
        "error": f"ValueError: {seq}",
    } | change


def levels(findings: list[Finding]) -> set[Level]:
    return {found.level for found in findings}


def about(findings: list[Finding], subject: str) -> list[Finding]:
    return [found for found in findings if found.subject.startswith(subject)]


def test_a_fresh_database_is_healthy(database: Database) -> None:
    findings = list(examine_storage(database, MONDAY))

    assert levels(findings) == {Level.OK}
    assert f"version {migrations.HEAD}" in [found.text for found in findings]


def test_examining_writes_nothing(database: Database) -> None:
    before = database.read_now(lambda session: session.connection().execute(text("SELECT * FROM ownership")).all())

    list(examine_storage(database, MONDAY))

    after = database.read_now(lambda session: session.connection().execute(text("SELECT * FROM ownership")).all())
    assert before == after == []


def test_it_works_while_somebody_writes(database: Database) -> None:
    with database.connect().begin() as connection:
        connection.execute(text("INSERT INTO organisation (id, name) VALUES (1, 'half')"))
        findings = list(examine_storage(database, MONDAY))

    assert levels(findings) == {Level.OK}


def test_the_newest_five_parked_rows_are_listed_without_their_bodies(database: Database) -> None:
    insert(database, "inbox", *(inbox_row(seq) for seq in range(1, 8)))

    findings = list(examine_storage(database, MONDAY))

    assert [found.subject for found in about(findings, "inbox row")] == [f"inbox row {seq}" for seq in (7, 6, 5, 4, 3)]
    assert about(findings, "parked")[0].level is Level.PROBLEM
    assert "private" not in str(findings)


def test_a_parked_row_without_an_error_killed_its_process(database: Database) -> None:
    insert(database, "inbox", inbox_row(1, error=None))

    (found,) = about(list(examine_storage(database, MONDAY)), "inbox row")

    assert "the process ended while it was being processed" in found.text


def test_an_update_that_waits_for_long_is_a_problem(database: Database) -> None:
    insert(database, "inbox", inbox_row(1, status="new", attempts=0, error=None))

    (found,) = about(list(examine_storage(database, MONDAY + timedelta(minutes=2))), "inbox")

    assert (found.level, found.text) == (Level.PROBLEM, "1 waiting, the oldest for 0:02:00; does the bot run?")


def test_an_update_that_has_just_come_is_no_problem(database: Database) -> None:
    insert(database, "inbox", inbox_row(1, status="new", attempts=0, error=None))

    (found,) = about(list(examine_storage(database, MONDAY + timedelta(seconds=3))), "inbox")

    assert (found.level, found.text) == (Level.OK, "1 waiting")


def test_a_broken_invariant_is_a_problem_with_its_number(database: Database) -> None:
    insert(database, "inbox", inbox_row(1, attempts=9))

    (found,) = about(list(examine_storage(database, MONDAY)), "invariant")

    assert (found.level, found.subject) == (Level.PROBLEM, "invariant I4")


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    found = find_missing(f"sqlite:///{tmp_path}/folder/none.sqlite3")

    assert found is not None
    assert (found.level, list(tmp_path.iterdir())) == (Level.UNKNOWN, [])


def test_an_empty_database_could_not_be_checked(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    database.connect().connect().close()

    (found,) = about(list(examine_storage(database, MONDAY)), "schema")
    database.close()

    assert (found.level, found.text) == (
        Level.UNKNOWN,
        "the database is empty; the bot makes its tables when it starts",
    )


@pytest.mark.parametrize(("version", "level"), [("0000", Level.UNKNOWN), ("0002", Level.OK), ("9999", Level.PROBLEM)])
def test_a_schema_newer_than_the_program_is_a_problem_and_an_older_one_is_not(version: str, level: Level) -> None:
    assert storage.judge_version(version, "0002", ["0000", "0001", "0002"]).level is level


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "t.sqlite3").write_bytes(os.urandom(10_000))
    database = Database(f"sqlite:///{tmp_path}/t.sqlite3")

    findings = list(examine_storage(database, MONDAY))
    database.close()

    assert [found.level for found in findings] == [Level.PROBLEM]
    assert "python -m bot restore FILE" in findings[0].text


def test_a_file_with_a_damaged_page_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "t.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrations.upgrade(database)
    insert(database, "inbox", *(inbox_row(seq, body="x" * 3000) for seq in range(1, 60)))
    database.close()
    content = bytearray(path.read_bytes())
    content[-4096 * 20 :] = os.urandom(4096 * 20)
    path.write_bytes(content)
    database = Database(f"sqlite:///{path}")

    findings = list(examine_storage(database, MONDAY))
    database.close()

    assert "is damaged" in " ".join(found.text for found in findings if found.level is Level.PROBLEM)


def test_a_server_that_does_not_answer_is_unknown_and_its_password_not_shown() -> None:
    database = Database("postgresql+psycopg://me:open-sesame@127.0.0.1:9/camp?connect_timeout=2")

    findings = list(examine_storage(database, MONDAY))
    database.close()

    assert [found.level for found in findings] == [Level.UNKNOWN]
    assert "open-sesame" not in findings[0].text


def test_a_log_that_is_never_written_back_is_a_problem(tmp_path: Path) -> None:
    log = tmp_path / "t.sqlite3-wal"
    with log.open("wb") as file:
        file.truncate(storage.LARGEST_LOG + 1)

    assert storage.examine_log(log).level is Level.PROBLEM
