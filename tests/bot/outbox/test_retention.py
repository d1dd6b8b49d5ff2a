from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.outbox import retention
from bot.outbox.models import Outbox, Status
from tests.support.storage import lay_tables

NOW = datetime(2026, 12, 7, tzinfo=UTC)
TABLE = Outbox.__table__  # type: ignore[attr-defined]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    lay_tables(made)
    yield made
    made.close()


def owe(database: Database, *rows: tuple[Status, float]) -> None:
    """Put rows into the outbox, settled so many days ago (the waiting ones made then), and a fresh one behind them."""
    for number, (status, days) in enumerate([*rows, (Status.NEW, 0)]):
        at = NOW - timedelta(days=days)
        settled_at = None if status in {Status.NEW, Status.SENDING} else at
        row = Outbox(
            key=str(number),
            lane=1,
            chat_id=1,
            method="sendMessage",
            payload='{"text":"x"}',
            created_at=at,
            status=status,
            settled_at=settled_at,
        )
        database.write_now(lambda s, row=row: s.add(row))  # type: ignore[misc]


def ids(database: Database) -> list[int]:
    return list(database.read_now(lambda s: s.scalars(select(TABLE.c.id).order_by(TABLE.c.id)).all()))


@pytest.mark.parametrize("status", retention.SETTLED)
def test_payloads_are_found_a_week_after_they_were_settled(database: Database, status: Status) -> None:
    owe(database, (status, 7.1), (status, 6.9))

    assert list(database.read_now(lambda s: retention.find_old_payloads(s, NOW, 10))) == [1]


@pytest.mark.parametrize("status", [Status.NEW, Status.SENDING])
def test_what_waits_is_neither_found_nor_touched(database: Database, status: Status) -> None:
    owe(database, (status, 60))

    touched = database.write_now(lambda s: retention.blank_payloads(s, [1]) + retention.delete_rows(s, [1]))

    assert touched == 0
    assert list(database.read_now(lambda s: retention.find_old_payloads(s, NOW, 10))) == []


def test_a_message_that_waited_long_is_kept_for_a_week_after_it_was_sent(database: Database) -> None:
    owe(database, (Status.SENT, 1))
    database.write_now(lambda s: s.get_one(Outbox, 1).__setattr__("created_at", NOW - timedelta(days=60)))

    assert list(database.read_now(lambda s: retention.find_old_payloads(s, NOW, 10))) == []
    assert list(database.read_now(lambda s: retention.find_old_rows(s, NOW, 10))) == []


def test_a_blanked_payload_is_not_found_again(database: Database) -> None:
    owe(database, (Status.SENT, 8))

    database.write_now(lambda s: retention.blank_payloads(s, [1]))

    assert database.read_now(lambda s: s.get_one(Outbox, 1).payload) == "{}"
    assert list(database.read_now(lambda s: retention.find_old_payloads(s, NOW, 10))) == []


def test_rows_are_deleted_a_month_after_they_were_settled(database: Database) -> None:
    owe(database, (Status.SENT, 30.1), (Status.FAILED, 29.9))

    found = database.read_now(lambda s: retention.find_old_rows(s, NOW, 10))
    database.write_now(lambda s: retention.delete_rows(s, found))

    assert ids(database) == [2, 3]


def test_the_last_row_stays_so_that_its_number_is_not_given_away_again(database: Database) -> None:
    owe(database)
    database.write_now(lambda s: s.get_one(Outbox, 1).__setattr__("status", Status.SENT))

    assert database.write_now(lambda s: retention.delete_rows(s, [1])) == 0
