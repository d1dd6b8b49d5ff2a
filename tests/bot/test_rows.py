"""Many rows through one statement: the same rows as SQLAlchemy itself would write, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, select, update

from bot import migrations
from bot.audit.models import Change
from bot.database import Database, insert_missing
from bot.people.models import Secret
from bot.rows import run_many

TABLE = Change.__table__  # type: ignore[attr-defined]
SECRET = Secret.__table__  # type: ignore[attr-defined]
AT = datetime(2026, 11, 22, 8, 30, 1, 250_000, tzinfo=UTC)


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    opened = Database(empty_database_url)
    migrations.upgrade(opened)
    yield opened
    opened.close()


def rows(count: int) -> list[dict[str, object]]:
    return [
        {"at": AT, "actor": "测试 %s ?", "action": "a", "subject": "s", "subject_id": number, "reason": "", "after": ""}
        for number in range(count)
    ]


def test_rows_come_back_as_they_went_in(database: Database) -> None:
    inserted = database.write_now(lambda session: run_many(session.connection(), TABLE.insert(), rows(3)))

    found = database.read_now(lambda session: session.connection().execute(select(TABLE).order_by(TABLE.c.id)).all())
    assert inserted == 3
    assert [(row.subject_id, row.actor, row.after) for row in found] == [(n, "测试 %s ?", "") for n in range(3)]
    assert {row.at for row in found} == {AT}


def test_a_statement_with_values_of_its_own_gives_them_to_every_row(database: Database) -> None:
    secrets = [{"name": name, "value": name} for name in "abc"]
    database.write_now(lambda session: run_many(session.connection(), SECRET.insert(), secrets))
    where = (SECRET.c.name == bindparam("which"), SECRET.c.value != "b")

    given = [{"which": name, "to": f"new {name}"} for name in "abx"]
    change = update(SECRET).where(*where).values(value=bindparam("to"))
    changed = database.write_now(lambda session: run_many(session.connection(), change, given))

    query = select(SECRET.c.value).order_by(SECRET.c.name)
    assert changed == 1
    assert database.read_now(lambda session: list(session.connection().execute(query).scalars())) == ["new a", "b", "c"]


def test_numbers_are_given_out_in_the_order_of_the_rows(database: Database) -> None:
    many = [row | {"subject_id": 1000 - number} for number, row in enumerate(rows(300))]

    database.write_now(lambda session: run_many(session.connection(), TABLE.insert(), many))

    query = select(TABLE.c.subject_id).order_by(TABLE.c.id)
    found = database.read_now(lambda session: list(session.connection().execute(query).scalars()))
    assert found == [1000 - number for number in range(300)]


def test_nothing_odd_in_a_row_changes_on_its_way(database: Database) -> None:
    odd = ["'; --", '"quoted"', "\\ \t\n", "100 % %(rows)s :rows $1", "👩‍🏫 测试", "null", "[]", " "]
    given = [rows(1)[0] | {"reason": word, "subject_id": 2**63 - 1, "after": None} for word in odd]

    database.write_now(lambda session: run_many(session.connection(), TABLE.insert(), given))

    query = select(TABLE.c.reason, TABLE.c.subject_id, TABLE.c.after).order_by(TABLE.c.id)
    found = database.read_now(lambda session: session.connection().execute(query).all())
    assert [tuple(row) for row in found] == [(word, 2**63 - 1, None) for word in odd]


def test_rows_that_break_a_unique_key_are_left_out_and_not_counted(database: Database) -> None:
    with_twins = [{"name": name, "value": value} for name, value in ("a1", "b1", "a2")]
    first = database.write_now(lambda session: insert_missing(session, SECRET, with_twins))
    again = database.write_now(lambda session: insert_missing(session, SECRET, [{"name": "b", "value": "2"}]))

    query = select(SECRET.c.name, SECRET.c.value).order_by(SECRET.c.name)
    found = database.read_now(lambda session: session.connection().execute(query).all())
    assert (first, again) == (2, 0)
    assert [tuple(row) for row in found] == [("a", "1"), ("b", "1")]


def test_no_rows_are_no_statement(database: Database) -> None:
    assert database.write_now(lambda session: run_many(session.connection(), TABLE.insert(), [])) == 0
