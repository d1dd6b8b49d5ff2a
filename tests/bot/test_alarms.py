from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlmodel import Session

from bot.alarms import WORDS, raise_alarm
from bot.database import Database
from bot.outbox.models import Outbox
from bot.turn import Turns
from tests.support.house import HandClock
from tests.support.storage import filled

TABLE = Outbox.__table__  # type: ignore[attr-defined]
OPERATORS = frozenset({900, 901})


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with filled(database_url) as database:
        yield database


def told(session: Session) -> list[int]:
    return sorted(session.connection().execute(select(TABLE.c.chat_id)).scalars())


def ring(database: Database, clock: HandClock, kind: str, operators: frozenset[int] = OPERATORS) -> None:
    Turns(database, clock).take_now(partial(raise_alarm, kind=kind, operators=operators))


@pytest.mark.parametrize("kind", sorted(WORDS))
def test_every_operator_is_told(database: Database, kind: str) -> None:
    ring(database, HandClock(), kind)

    assert database.read_now(told) == [900, 901]


def test_an_alarm_that_rings_on_is_told_once_an_hour(database: Database) -> None:
    clock = HandClock()
    for _ in range(90):
        ring(database, clock, "Conflict")
        clock.at += timedelta(minutes=1)

    assert database.read_now(told) == [900, 900, 901, 901]


def test_another_kind_of_alarm_is_told_too(database: Database) -> None:
    clock = HandClock()
    ring(database, clock, "Conflict")
    ring(database, clock, "InvalidToken")

    assert database.read_now(told) == [900, 900, 901, 901]


def test_without_operators_the_log_has_it(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    ring(database, HandClock(), "Conflict", frozenset())

    assert (database.read_now(told), caplog.messages) == ([], ["a person must act: Conflict"])
