from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Select, Table

from bot import schema
from bot.database import Database
from bot.leave import soundness
from bot.tables import metadata
from tests.support.house import MONDAY

assert schema  # the tables must be known before they are made

REQUEST = {
    "id": 1,
    "cohort_id": 1,
    "person_id": 4,
    "kind": "leave",
    "reason": "a wedding",
    "minutes": 120,
    "status": "approved",
    "made_at": MONDAY,
    "decided_by": 9,
    "decided_at": MONDAY,
}
ITEM = {"request_id": 1, "activity_id": 3}
MADE_UP = {
    "id": 1,
    "cohort_id": 1,
    "person_id": 4,
    "activity_id": 3,
    "minutes": 120,
    "step": "confirmed",
    "offered_by": 9,
    "offered_at": MONDAY,
    "moved_at": MONDAY,
}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Tables without their constraints, so that what must not be can be put there."""
    database = Database(f"sqlite:///{tmp_path}/loose.sqlite3")
    loose = MetaData()
    for table in metadata().tables.values():
        Table(table.name, loose, *(Column(column.name, column.type) for column in table.columns))
    loose.create_all(database.connect())
    yield database
    database.close()


def found(database: Database, query: Select[Any], **rows: dict[str, Any]) -> int:
    def work(session: Any) -> int:
        for name, row in rows.items():
            session.connection().execute(metadata().tables[name].insert(), [row])
        return len(session.connection().execute(query).all())

    return database.write_now(work)


def test_approved_leave_that_the_check_in_knows_is_sound(database: Database) -> None:
    excused = {"activity_id": 3, "person_id": 4, "excused_at": MONDAY}
    known = {name: value for name, value in excused.items() if name in metadata().tables["excused"].columns}

    rows: dict[str, dict[str, Any]] = {"leave_request": REQUEST, "leave_item": ITEM, "excused": known}
    assert found(database, soundness.UNKNOWN_TO_CHECKIN, **rows) == 0


def test_approved_leave_that_the_check_in_does_not_know_is_found(database: Database) -> None:
    assert found(database, soundness.UNKNOWN_TO_CHECKIN, leave_request=REQUEST, leave_item=ITEM) == 1


def test_a_decision_by_nobody_is_found(database: Database) -> None:
    assert found(database, soundness.UNSIGNED, leave_request=REQUEST | {"decided_by": None}) == 1


def test_a_make_up_that_gave_no_hours_back_is_found(database: Database) -> None:
    assert found(database, soundness.WITHOUT_RETURN, make_up=MADE_UP) == 1


def test_a_make_up_whose_hours_came_back_is_sound(database: Database) -> None:
    returned = {"id": 1, "cohort_id": 1, "person_id": 4, "activity_id": 3, "cause": "makeup:1", "minutes": 120}
    known = {name: value for name, value in returned.items() if name in metadata().tables["hours_return"].columns}

    assert found(database, soundness.WITHOUT_RETURN, make_up=MADE_UP, hours_return=known) == 0
