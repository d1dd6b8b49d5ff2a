import os
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot import migrations
from bot.database import Database
from bot.people.models import Cohort, Organisation
from bot.recurrence import service as recurrence
from bot.recurrence.service import Plan
from bot.tables import metadata
from tests.support import postgres
from tests.support.house import MONDAY


@pytest.fixture
def url(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with one organisation, one waiting notice, and a push every morning."""
    binaries = postgres.find_binaries()
    if binaries is not None:
        monkeypatch.setenv("PATH", f"{binaries}{os.pathsep}{os.environ['PATH']}")
    database = Database(empty_database_url)
    migrations.upgrade(database)
    database.write_now(furnish)
    database.close()
    return empty_database_url


def furnish(session: Session) -> None:
    session.add(Organisation(id=1, name="旧校"))
    session.flush()
    session.add(
        Cohort(
            id=1,
            organisation_id=1,
            name="Camp",
            starts_on=date(2026, 12, 7),
            ends_on=date(2026, 12, 11),
            time_zone="UTC",
            created_at=MONDAY,
        )
    )
    session.flush()
    plan = Plan(1, "agenda", time(8), "UTC", date(2026, 12, 7), date(2026, 12, 11))
    recurrence.ensure(session, plan, MONDAY - timedelta(days=1))
    session.connection().execute(
        metadata().tables["outbox"].insert(),
        {
            "key": "notice:1",
            "lane": 3,
            "chat_id": 5,
            "method": "sendMessage",
            "payload": "{}",
            "created_at": MONDAY,
            "status": "sending",
            "attempts": 0,
        },
    )


def rename(url: str, name: str) -> None:
    run(url, f"UPDATE organisation SET name = '{name}'")  # noqa: S608 - the tests' own words


def run(url: str, statement: str) -> None:
    database = Database(url)
    database.write_now(lambda session: session.connection().execute(text(statement)) and None)
    database.close()


def look(url: str, query: str) -> Any:
    database = Database(url)
    rows = database.read_now(lambda session: [tuple(row) for row in session.connection().execute(text(query))])
    database.close()
    return rows


def name_in(url: str) -> str:
    return str(look(url, "SELECT name FROM organisation")[0][0])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")
