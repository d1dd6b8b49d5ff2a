import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from bot.database import Database
from bot.outbox import calls
from bot.outbox.calls import Message
from bot.outbox.copies import NOBODY, Chats, insert_copies
from bot.outbox.lanes import Lane
from bot.outbox.models import Outbox
from tests.support.storage import lay_tables

NOW = datetime(2026, 12, 7, tzinfo=UTC)
LARGE = 7_900_000_000
CHATS = {10: LARGE, 9: 33}
"""In an order that is neither that of their numbers nor that of their texts."""
WORDS = 'Say "<b>hi</b>" \\ 今日课程 \N{SUN WITH FACE}'


@pytest.fixture
def database(database_url: str) -> Any:
    made = Database(database_url)
    lay_tables(made)
    yield made
    made.close()


def copy(database: Database, chats: Chats, *, prefix: str = "p:") -> int:
    pattern = calls.send_message(NOBODY, Message(WORDS), Lane.NOTICE)
    return database.write_now(lambda s: insert_copies(s, pattern, chats, prefix, NOW))


def rows(database: Database) -> list[Outbox]:
    def work(session: Session) -> list[Outbox]:
        return list(session.scalars(select(Outbox).order_by(Outbox.__table__.c.id)))  # type: ignore[attr-defined]

    return database.read_now(work)


def test_every_chat_is_owed_a_copy_under_a_key_of_its_own_in_the_order_given(database: Database) -> None:
    count = copy(database, CHATS)

    assert count == 2
    assert [(row.key, row.chat_id) for row in rows(database)] == [("p:10", LARGE), ("p:9", 33)]


def test_a_copy_is_the_call_that_would_have_been_made_for_that_chat(database: Database) -> None:
    copy(database, {2: LARGE})

    (row,) = rows(database)
    made = calls.send_message(LARGE, Message(WORDS), Lane.NOTICE)
    assert {name: getattr(row, name) for name in made} == made
    assert (row.status, row.attempts, row.created_at, row.due_at) == ("new", 0, NOW, None)
    assert json.loads(row.payload)["text"] == WORDS


def test_the_same_key_is_never_owed_twice(database: Database) -> None:
    copy(database, {9: 33})

    count = copy(database, CHATS)

    assert count == 1
    assert [row.key for row in rows(database)] == ["p:9", "p:10"]


def test_another_cause_is_owed_again(database: Database) -> None:
    copy(database, CHATS)

    assert copy(database, CHATS, prefix="q:") == 2


def test_nobody_is_no_fault(database: Database) -> None:
    assert copy(database, {}) == 0
