from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.inbox import retention
from bot.inbox.models import Inbox, Status
from tests.support.storage import lay_tables

NOW = datetime(2026, 12, 7, tzinfo=UTC)
TABLE = Inbox.__table__  # type: ignore[attr-defined]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    lay_tables(made)
    yield made
    made.close()


def receive(database: Database, *rows: tuple[Status, float]) -> None:
    """Put rows of a status and an age in days into the inbox, and a fresh one behind them."""
    for number, (status, days) in enumerate([*rows, (Status.NEW, 0)]):
        database.write_now(
            lambda s, one=(number, status, days): s.add(
                Inbox(  # type: ignore[misc]
                    source="bot:1",
                    external_id=one[0],
                    received_at=NOW - timedelta(days=one[2]),
                    body="x",
                    status=one[1],
                )
            )
        )


def seqs(database: Database) -> list[int]:
    return list(database.read_now(lambda s: s.scalars(select(TABLE.c.seq).order_by(TABLE.c.seq)).all()))


def test_bodies_of_done_and_parked_rows_are_found_after_a_week(database: Database) -> None:
    receive(database, (Status.DONE, 7.1), (Status.PARKED, 9), (Status.DONE, 6.9), (Status.NEW, 30))

    found = database.read_now(lambda s: retention.find_old_bodies(s, NOW, 10))

    assert sorted(found) == [1, 2]


def test_the_oldest_are_found_first_and_no_more_than_asked_for(database: Database) -> None:
    receive(database, (Status.DONE, 8), (Status.DONE, 10), (Status.DONE, 9))

    assert list(database.read_now(lambda s: retention.find_old_bodies(s, NOW, 2))) == [2, 3]


def test_a_blanked_body_is_gone_and_not_found_again(database: Database) -> None:
    receive(database, (Status.DONE, 8))

    database.write_now(lambda s: retention.blank_bodies(s, [1]))

    assert database.read_now(lambda s: s.get_one(Inbox, 1).body) is None
    assert list(database.read_now(lambda s: retention.find_old_bodies(s, NOW, 10))) == []


def test_a_row_that_waits_keeps_its_body_whatever_is_asked(database: Database) -> None:
    receive(database, (Status.NEW, 8))

    assert database.write_now(lambda s: retention.blank_bodies(s, [1])) == 0


def test_ids_of_done_rows_are_found_after_a_month(database: Database) -> None:
    receive(database, (Status.DONE, 30.1), (Status.PARKED, 40), (Status.DONE, 29.9))

    assert list(database.read_now(lambda s: retention.find_old_ids(s, NOW, 10))) == [1]


def test_deleting_leaves_parked_and_waiting_rows(database: Database) -> None:
    receive(database, (Status.DONE, 31), (Status.PARKED, 31), (Status.NEW, 31))

    database.write_now(lambda s: retention.delete_ids(s, [1, 2, 3]))

    assert seqs(database) == [2, 3, 4]


def test_the_last_row_stays_so_that_its_number_is_not_given_away_again(database: Database) -> None:
    database.write_now(
        lambda s: s.add(Inbox(source="bot:1", external_id=1, received_at=NOW - timedelta(days=40), status=Status.DONE))
    )

    deleted = database.write_now(lambda s: retention.delete_ids(s, [1]))

    assert (deleted, seqs(database)) == (0, [1])
    assert list(database.read_now(lambda s: retention.find_old_ids(s, NOW, 10))) == []
