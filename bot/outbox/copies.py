"""One message to many chats in one statement: the body is built once, and the database puts the addresses in.

Whom a feature wants to reach is its own affair: it hands in their chats. Row by row, 30,000 copies would cost a second
of the writer's time more.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, BigInteger, Text, bindparam, cast, column, func, select
from sqlmodel import Session

from bot.database import insert_into
from bot.outbox.calls import Call
from bot.outbox.models import Outbox, Status

TABLE = Outbox.__table__  # type: ignore[attr-defined]
NOBODY = 0
"""The chat that a pattern is addressed to before it is copied."""

HEAD = '{"chat_id":'
COLUMNS = (
    TABLE.c.key,
    TABLE.c.lane,
    TABLE.c.chat_id,
    TABLE.c.method,
    TABLE.c.payload,
    TABLE.c.created_at,
    TABLE.c.due_at,
    TABLE.c.status,
    TABLE.c.attempts,
)

Chats = Mapping[int, int]
"""The private chat of each person, by the number that ends the copy's key; they are told in this order."""


def sort_chats(rows: Iterable[Any]) -> dict[str, dict[int, int]]:
    """Rows of number, chat and manner as the chats of each manner: those who are told the same in the same way."""
    found: dict[str, dict[int, int]] = {}
    for number, chat_id, manner in rows:
        found.setdefault(manner, {})[number] = chat_id
    return found


def insert_copies(session: Session, pattern: Call, chats: Chats, prefix: str, now: datetime) -> int:
    """Owe each chat a copy of a call made for ``NOBODY``; how many were not owed it already under the same key."""
    statement = _statement(session.get_bind().dialect.name)
    rest = pattern["payload"].removeprefix(f"{HEAD}{NOBODY}")
    return (
        session.connection()
        .execute(
            statement,
            {
                "copy_chats": chats,
                "copy_prefix": prefix,
                "copy_lane": pattern["lane"],
                "copy_method": pattern["method"],
                "copy_rest": rest,
                "copy_now": now,
                "copy_due": pattern.get("due_at"),
            },
        )
        .rowcount
    )


def address(pattern: Call, chat_id: int) -> Call:
    """A call made for ``NOBODY``, made out to a chat."""
    rest = pattern["payload"].removeprefix(f"{HEAD}{NOBODY}")
    return pattern | {"chat_id": chat_id, "payload": f"{HEAD}{chat_id}{rest}"}


@cache
def _statement(dialect: str) -> Any:
    """The statement, built once: putting it together costs more than running it."""
    read = func.json_each_text if dialect == "postgresql" else func.json_each
    chats = read(bindparam("copy_chats", type_=JSON)).table_valued(column("key", Text), column("value", Text))
    rows = select(
        _text("copy_prefix").concat(chats.c.key),
        bindparam("copy_lane", type_=TABLE.c.lane.type),
        cast(chats.c.value, BigInteger),
        _text("copy_method"),
        _text("copy_head", HEAD).concat(chats.c.value).concat(_text("copy_rest")),
        bindparam("copy_now", type_=TABLE.c.created_at.type),
        bindparam("copy_due", type_=TABLE.c.due_at.type),
        _text("copy_status", Status.NEW),
        bindparam("copy_attempts", 0, type_=TABLE.c.attempts.type),
    )
    # SQLite would take the ON of a conflict for that of a join, did the SELECT end without a condition.
    statement = insert_into(TABLE, dialect).from_select(COLUMNS, rows.where(chats.c.key.is_not(None)))
    return statement.on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def _text(name: str, value: str | None = None) -> Any:
    given = bindparam(name, type_=Text) if value is None else bindparam(name, value, type_=Text)
    return cast(given, Text)
