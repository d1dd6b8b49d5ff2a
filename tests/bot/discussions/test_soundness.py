"""Each rule of discussions is shown rows that break it, on tables without constraints."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table

from bot import schema
from bot.database import Database
from bot.discussions.soundness import BROKEN
from bot.invariants import check
from bot.tables import metadata
from tests.support.discussion_camp import NOON

assert schema

GROUP = {
    "id": 1, "discussion_id": 1, "number": 1, "stage": "voting", "leader_id": 4, "recorder_id": 5, "version": 1,
    "name": "", "is_edited": False,
}  # fmt: skip
SEAT = {"discussion_id": 1, "group_id": 1, "may_name": False, "is_late": False, "screen": "", "at_home": False}
POINT = {"group_id": 1, "question_id": 1}
NOTE = {"group_id": 1, "question_id": 1, "person_id": 4, "text": "x", "written_at": NOON}
SOUND: dict[str, list[dict[str, Any]]] = {
    "discussion_group": [GROUP],
    "discussion_seat": [SEAT | {"person_id": 4}, SEAT | {"person_id": 5}],
    "discussion_point": [POINT | {"id": n, "number": n} for n in range(1, 5)],
    "discussion_note": [NOTE | {"id": n, "point_id": n} for n in range(1, 5)],
    "discussion_dot": [{"point_id": n, "person_id": 4} for n in range(1, 4)],
}
BREAKING: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "somebody has more dots on a question than there are": ("discussion_dot", [{"point_id": 4, "person_id": 4}]),
    "a point of a discussion holds nothing that anybody wrote": (
        "discussion_point",
        [POINT | {"id": 5, "number": 5}],
    ),
    "what was written has a number too early, or none": ("discussion_note", [NOTE | {"id": 5, "point_id": None}]),
    "minutes count as done and are not confirmed by both": (
        "discussion_group",
        [GROUP | {"id": 2, "stage": "done", "leader_id": None, "recorder_id": None}],
    ),
    "somebody leads or records a group without sitting in it": ("discussion_group", [GROUP | {"id": 2, "number": 2}]),
    "somebody sits in a group of another discussion": (
        "discussion_seat",
        [SEAT | {"discussion_id": 2, "person_id": 6}],
    ),
}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/loose.sqlite3")
    loose = MetaData()
    for table in metadata().tables.values():
        Table(table.name, loose, *(Column(column.name, column.type) for column in table.columns))
    loose.create_all(database.connect())
    yield database
    database.close()


def found(database: Database, extra: dict[str, list[dict[str, Any]]]) -> list[str]:
    def fill(session: Any) -> None:
        for name, rows in SOUND.items():
            session.connection().execute(metadata().tables[name].insert(), rows)
        for name, rows in extra.items():
            session.connection().execute(metadata().tables[name].insert(), rows)

    database.write_now(fill)
    return [one.text for one in database.read_now(check) if one.invariant == "I10"]


def test_sound_rows_are_no_violation(database: Database) -> None:
    assert found(database, {}) == []


@pytest.mark.parametrize("text", BROKEN)
def test_rows_that_break_a_rule_are_found(database: Database, text: str) -> None:
    table, rows = BREAKING[text]

    assert found(database, {table: rows}) == [text]
