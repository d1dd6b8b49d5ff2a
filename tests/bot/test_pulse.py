from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from bot.database import Database
from bot.pulse import Pulse, take_pulse
from bot.tables import metadata
from tests.support.house import MONDAY
from tests.support.storage import filled

INBOX: dict[str, Any] = {"source": "bot:1", "status": "new", "attempts": 0}
CALL: dict[str, Any] = {"chat_id": 5, "method": "sendMessage", "payload": "{}", "attempts": 0}
REPLY, NOTICE = 1, 3


def ago(seconds: int) -> datetime:
    return MONDAY - timedelta(seconds=seconds)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with filled(database_url) as database:
        yield database


def insert(database: Database, table: str, *rows: dict[str, Any]) -> None:
    database.write_now(
        lambda session: [session.connection().execute(metadata().tables[table].insert(), row) for row in rows] and None
    )


def pulse(database: Database) -> Pulse:
    return database.read_now(lambda session: take_pulse(session, MONDAY))


def test_a_house_at_rest_has_nothing_waiting(database: Database) -> None:
    assert pulse(database) == Pulse(0, 0.0, 0, 0, 0.0, 0.0)


def test_updates_that_wait_and_that_were_parked_are_counted_apart(database: Database) -> None:
    insert(
        database,
        "inbox",
        *(
            INBOX | {"external_id": number, "received_at": ago(seconds), "status": status}
            for number, (seconds, status) in enumerate([(30, "new"), (10, "new"), (500, "parked"), (900, "done")])
        ),
    )

    found = pulse(database)

    assert (found.inbox_waiting, found.inbox_lag, found.inbox_parked) == (2, 30.0, 1)


def test_all_calls_owed_are_counted_but_only_due_replies_are_late(database: Database) -> None:
    insert(
        database,
        "outbox",
        CALL | {"key": "a", "lane": REPLY, "created_at": ago(20), "status": "sending"},
        CALL | {"key": "b", "lane": REPLY, "created_at": ago(90), "status": "new", "due_at": ago(-3600)},
        CALL | {"key": "c", "lane": NOTICE, "created_at": ago(600), "status": "new"},
        CALL | {"key": "d", "lane": REPLY, "created_at": ago(900), "status": "sent"},
    )

    found = pulse(database)

    assert (found.outbox_waiting, found.outbox_lag) == (3, 20.0)


@pytest.mark.parametrize(("due_at", "lag"), [(ago(45), 45.0), (MONDAY + timedelta(hours=1), 0.0), (None, 0.0)])
def test_a_push_is_late_from_its_hour_on(database: Database, due_at: datetime | None, lag: float) -> None:
    insert(database, "organisation", {"id": 1, "name": "Office"})
    insert(
        database,
        "cohort",
        {
            "id": 1,
            "organisation_id": 1,
            "name": "Camp",
            "starts_on": date(2026, 12, 7),
            "ends_on": date(2026, 12, 11),
            "time_zone": "UTC",
            "language": "en",
            "push_at": time(8),
            "created_at": MONDAY,
        },
    )
    insert(
        database,
        "recurrence",
        {
            "cohort_id": 1,
            "kind": "agenda",
            "at": time(8),
            "time_zone": "UTC",
            "next_on": date(2026, 12, 7),
            "until": date(2026, 12, 11),
            "due_at": due_at,
        },
    )

    assert pulse(database).schedule_lag == lag


def test_an_update_from_the_future_has_not_waited(database: Database) -> None:
    insert(database, "inbox", INBOX | {"external_id": 1, "received_at": MONDAY + timedelta(seconds=5)})

    assert pulse(database).inbox_lag == 0.0
