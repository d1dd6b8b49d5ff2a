"""The only writer of the change log. It never updates or deletes, and the database would refuse it."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlmodel import Session

from bot import json_text
from bot.audit.models import Change
from bot.database import defer_insert

TABLE = Change.__table__  # type: ignore[attr-defined]
_INSERT = TABLE.insert()


class Actor(Struct, frozen=True):
    """Who does something: a person of ours, or a named part of the machine such as ``command``."""

    person_id: int | None = None
    name: str = ""


def entry(
    *,
    actor: Actor,
    now: datetime,
    action: str,
    subject: str,
    subject_id: int = 0,
    cohort_id: int | None = None,
    person_id: int | None = None,
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> dict[str, Any]:
    """One line of the log as a row. ``before`` and ``after`` must be plain JSON and hold no code or secret."""
    return {
        "at": now,
        "actor_id": actor.person_id,
        "actor": actor.name,
        "cohort_id": cohort_id,
        "person_id": person_id,
        "action": action,
        "subject": subject,
        "subject_id": subject_id,
        "before": _json(before),
        "after": _json(after),
        "reason": reason,
    }


def record(session: Session, *entries: dict[str, Any]) -> None:
    """Append the entries to the log."""
    if entries:
        session.connection().execute(_INSERT, list(entries))


def record_later(session: Session, *entries: dict[str, Any]) -> None:
    """The same at the end of the transaction, together with what others of the batch have recorded."""
    defer_insert(session, _INSERT, list(entries))


def _json(value: Any) -> str | None:
    return None if value is None else json_text.write(value)
