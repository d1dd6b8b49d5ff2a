"""Each rule about answers is shown a record that breaks it; a sound record breaks none."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, update

from bot.database import Database
from bot.invariants import check
from bot.quiz import attempts, service
from bot.quiz.changing import Pick
from bot.quiz.models import Attempt, Daily, Item
from bot.tables import metadata
from tests.support.quiz_camp import MINUTE, NOON, QuizCamp

ITEM, ATTEMPT = Item.__table__, Attempt.__table__  # type: ignore[attr-defined]
DAILY = Daily.__table__  # type: ignore[attr-defined]


@pytest.fixture
def finished(camp: QuizCamp) -> QuizCamp:
    page = camp.begin(camp.test())
    item = camp.item(page.attempt_id, camp.questions[0]).id or 0
    camp.do(lambda s: service.answer(s, speaker=camp.trainees[0], item_id=item, wanted=Pick(1), at=NOON))
    camp.do(lambda s: attempts.hand_in(s, speaker=camp.trainees[0], attempt_id=page.attempt_id, at=NOON))
    return camp


def found(camp: QuizCamp) -> list[str]:
    return [violation.text for violation in camp.see(check) if violation.invariant == "I10"]


def spoil(camp: QuizCamp, table: Any, **values: Any) -> None:
    first = camp.questions[0]
    rows = table.c.question_id == first if table is ITEM else table.c.id > 0
    camp.do(lambda s: s.connection().execute(update(table).where(rows).values(**values)))


def test_a_sound_record_breaks_no_rule(finished: QuizCamp) -> None:
    assert found(finished) == []


@pytest.mark.parametrize(
    ("table", "values", "texts"),
    [
        (ITEM, {"answered_at": NOON + 31 * MINUTE}, ["an answer was given after the end of its attempt"]),
        (ATTEMPT, {"score": 5}, ["a result is not the sum of its answers"]),
        (ATTEMPT, {"counted": 99}, ["a result is not the sum of its answers"]),
        (ITEM, {"settled_at": None}, ["an attempt was handed in and its answers were not settled"]),
        (ITEM, {"answer": '{"chosen": [0]}'}, ["an answer is scored otherwise than its question says"]),
    ],
)
def test_a_spoiled_record_is_found(finished: QuizCamp, table: Any, values: dict[str, Any], texts: list[str]) -> None:
    spoil(finished, table, **values)

    assert found(finished) == texts


@pytest.fixture
def loose(tmp_path: Path) -> Iterator[Database]:
    """The same tables without their constraints, which refuse these rows."""
    database = Database(f"sqlite:///{tmp_path}/loose.sqlite3")
    bare = MetaData()
    for table in metadata().tables.values():
        Table(table.name, bare, *(Column(column.name, column.type) for column in table.columns))
    bare.create_all(database.connect())
    yield database
    database.close()


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ({"attempt_id": 1}, "a question was put twice in one attempt"),
        ({"daily_id": 1}, "somebody has two answers to the question of a day"),
    ],
)
def test_two_answers_where_one_belongs_are_found(loose: Database, place: dict[str, Any], text: str) -> None:
    rows = [{"id": number, "person_id": 4, "question_id": 7, "version": 1, **place} for number in (1, 2)]
    loose.write_now(lambda s: s.connection().execute(ITEM.insert(), rows))

    texts = [violation.text for violation in loose.read_now(check) if violation.invariant == "I10"]
    assert texts == [text]
