"""Puts what the courier brought back into the inbox, so that it is processed like everything else that comes in."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot import json_text
from bot.database import insert_missing
from bot.inbox.models import Inbox, Status
from bot.outbox.ledger import Incoming

TABLE = Inbox.__table__  # type: ignore[attr-defined]
SOURCE = "courier"


def deposit(session: Session, incoming: Sequence[Incoming], now: datetime) -> None:
    """Insert one row an answer; the outbox row that asked makes it come in once."""
    insert_missing(
        session,
        TABLE,
        [
            {
                "source": SOURCE,
                "external_id": answer.cause,
                "kind": answer.kind,
                "received_at": now,
                "body": json_text.write(answer.body),
                "status": Status.NEW,
                "attempts": 0,
            }
            for answer in incoming
        ],
    )
