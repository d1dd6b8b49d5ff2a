import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import BigInteger, bindparam, literal, select, union_all
from sqlmodel import Session

from bot.database import Database
from bot.outbox import calls
from bot.outbox.calls import Message
from bot.outbox.copies import NOBODY, Recipients, insert_copies
from bot.outbox.lanes import Lane
from bot.outbox.models import Outbox
from tests.support.storage import lay_tables

NOW = datetime(2026, 12, 7, tzinfo=UTC)
LARGE = 7_900_000_000
PEOPLE = union_all(
    *(
        select(
            literal(person, BigInteger).label("person_id"),
            literal(account, BigInteger).label("telegram_id"),
            literal(language).label("language"),
        )
        for person, account, language in ((1, LARGE, "en"), (2, 22, "zh"), (3, 33, "en"))
    )
).subquery()
QUERY = select(PEOPLE).where(PEOPLE.c.person_id > bindparam("after"))
WORDS = 'Say "<b>hi</b>" \\ 今日课程 \N{SUN WITH FACE}'


@pytest.fixture
def database(database_url: str) -> Any:
    made = Database(database_url)
    lay_tables(made)
    yield made
    made.close()


def copy(database: Database, language: str, *, prefix: str = "p:", after: int = 0) -> int:
    pattern = calls.send_message(NOBODY, Message(WORDS), Lane.NOTICE)
    return database.write_now(
        lambda s: insert_copies(s, pattern, Recipients(QUERY, {"after": after}, language), prefix, NOW)
    )


def rows(database: Database) -> list[Outbox]:
    def work(session: Session) -> list[Outbox]:
        return list(session.scalars(select(Outbox).order_by(Outbox.__table__.c.id)))  # type: ignore[attr-defined]

    return database.read_now(work)


def test_everybody_of_a_language_is_owed_a_copy_under_a_key_of_their_own(database: Database) -> None:
    count = copy(database, "en")

    assert count == 2
    assert [(row.key, row.chat_id) for row in rows(database)] == [("p:1", LARGE), ("p:3", 33)]


def test_a_copy_is_the_call_that_would_have_been_made_for_that_chat(database: Database) -> None:
    copy(database, "zh")

    (row,) = rows(database)
    made = calls.send_message(22, Message(WORDS), Lane.NOTICE)
    assert {name: getattr(row, name) for name in made} == made
    assert (row.status, row.attempts, row.created_at, row.due_at) == ("new", 0, NOW, None)
    assert json.loads(row.payload)["text"] == WORDS


def test_the_same_key_is_never_owed_twice(database: Database) -> None:
    copy(database, "en", after=1)

    count = copy(database, "en")

    assert count == 1
    assert [row.key for row in rows(database)] == ["p:3", "p:1"]


def test_another_cause_is_owed_again(database: Database) -> None:
    copy(database, "zh")

    assert copy(database, "zh", prefix="q:") == 1
