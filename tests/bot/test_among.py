"""One of many numbers: the rows that ``IN`` would find, by one statement however many numbers there are."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, select, update
from sqlmodel import Session

from bot import migrations
from bot.among import among
from bot.conversation import Dialogue
from bot.database import Database

TABLE = Dialogue.__table__  # type: ignore[attr-defined]
SOME = select(TABLE.c.chat_id).where(among(TABLE.c.chat_id, "chats")).order_by(TABLE.c.chat_id)
OTHERS = select(TABLE.c.chat_id).where(~among(TABLE.c.chat_id, "chats")).order_by(TABLE.c.chat_id)
AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
LARGEST, SMALLEST = 2**63 - 1, -(2**63)
CHATS = (SMALLEST, -100_200, 1, 2, 3, LARGEST)


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    opened = Database(empty_database_url)
    migrations.upgrade(opened)
    rows = [
        {"chat_id": chat, "telegram_id": 1, "name": "n", "state": "s", "notes": "{}", "moved_at": AT} for chat in CHATS
    ]
    opened.write_now(lambda session: session.connection().execute(TABLE.insert(), rows))
    yield opened
    opened.close()


def ask(database: Database, chats: Sequence[int], query: object = SOME) -> list[int]:
    return database.read_now(lambda session: list(session.connection().execute(query, {"chats": chats}).scalars()))  # type: ignore[call-overload]


def test_whoever_is_among_them_is_found(database: Database) -> None:
    assert ask(database, [3, 1, 1, 99]) == [1, 3]
    assert ask(database, [LARGEST, -100_200, SMALLEST]) == [SMALLEST, -100_200, LARGEST]


def test_nobody_is_among_none_and_everybody_is_not(database: Database) -> None:
    assert ask(database, []) == []
    assert ask(database, [], OTHERS) == list(CHATS)
    assert ask(database, [1, 2, 3], OTHERS) == [SMALLEST, -100_200, LARGEST]


def test_there_may_be_more_numbers_than_a_statement_takes_parameters(database: Database) -> None:
    assert ask(database, list(range(-100_000, 100_000))) == [1, 2, 3]


def test_rows_can_be_changed_by_it(database: Database) -> None:
    change = update(TABLE).where(among(TABLE.c.chat_id, "chats")).values(state="moved")
    database.write_now(lambda session: session.connection().execute(change, {"chats": [1, LARGEST]}))

    moved = select(TABLE.c.chat_id).where(TABLE.c.state == "moved").order_by(TABLE.c.chat_id)
    assert database.read_now(lambda session: list(session.connection().execute(moved).scalars())) == [1, LARGEST]


def test_two_conditions_on_different_columns_are_not_taken_for_one(database: Database) -> None:
    people = select(TABLE.c.chat_id).where(among(TABLE.c.telegram_id, "chats"))

    assert ask(database, [2]) == [2]
    assert ask(database, [2], people) == []


def test_rows_are_found_by_their_key_and_not_by_reading_the_table(database: Database) -> None:
    def explain(session: Session) -> str:
        connection = session.connection()
        compiled = SOME.compile(dialect=connection.dialect)
        if database.is_sqlite:
            return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", ("[1]",)).all())
        # The table is tiny, so that PostgreSQL reads it whole as long as it may.
        connection.exec_driver_sql("SET enable_seqscan TO off")
        return str(connection.exec_driver_sql(f"EXPLAIN {compiled}", {"chats": [1]}).all())

    plan = database.read_now(explain)
    assert "SEARCH dialogue" in plan or "pk_dialogue" in plan


def test_the_statement_is_the_same_for_any_number_of_them(database: Database) -> None:
    seen: set[str] = set()
    event.listen(database.connect(), "before_cursor_execute", lambda *a: seen.add(a[2]) if "chat_id" in a[2] else None)

    for count in (1, 7, 100):
        given = {"chats": list(range(count))}
        database.write_now(lambda session, given=given: session.connection().execute(SOME, given).all())  # type: ignore[misc]

    assert len(seen) == 1
