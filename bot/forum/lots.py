"""Rows that must not tell whose they are: numbers drawn by lot, and no order in which they came.

A database remembers more than its columns: rows lie in the order of writing, and PostgreSQL keeps the transaction that
wrote each. So each time a row is added, it and others like it are written anew, in the order of their numbers.
"""

import secrets
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session

SPREAD = 1 << 52
AT_MOST = 60
"""So many rows are written anew together with a new one: enough company, whatever the size of the room."""


def add_unseen(session: Session, table: Any, kind: Any, **values: Any) -> None:
    """Add a row under a number drawn by lot, and write others of its ``kind`` (a condition) anew with it."""
    connection = session.connection()
    others = connection.execute(select(table).where(kind)).mappings().all()
    others = secrets.SystemRandom().sample(list(others), min(AT_MOST, len(others)))
    rows = [dict(row) for row in others] + [{"id": draw(), **values}]
    if others:
        connection.execute(delete(table).where(table.c.id.in_([row["id"] for row in others])))
    names = [column.name for column in table.columns]
    rows = [{name: row.get(name) for name in names} for row in rows]
    connection.execute(table.insert(), sorted(rows, key=lambda row: row["id"]))


def draw() -> int:
    """A number that says nothing; that two agree is as likely as one in a million million."""
    return secrets.randbelow(SPREAD) + 1
