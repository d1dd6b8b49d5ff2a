"""The running bot, asked at the address it left in the database."""

from collections.abc import Mapping
from typing import Any

import aiohttp
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.database import Database
from bot.doctor.findings import Finding, note, ok, problem
from bot.ownership import Ownership

PATIENCE = 5.0
TABLE = Ownership.__table__  # type: ignore[attr-defined]


async def examine_bot(database: Database, default: str) -> list[Finding]:
    """Ask ``/readyz`` of the bot that owns the database; ``default`` is where it is if it left no address."""
    holder, address = _owner(database)
    if holder is None:
        return [note("running bot", "not running; it has never run with this database")]
    answer = await _ask(address or default)
    if answer is None:
        return [note("running bot", f"not running; the last one was {holder}")]
    return judge_answer(answer, holder)


def _owner(database: Database) -> tuple[str | None, str]:
    def read(session: Session) -> tuple[str | None, str]:
        row = session.connection().execute(select(TABLE.c.holder, TABLE.c.address)).first()
        return (row.holder, row.address) if row else (None, "")

    try:
        return database.read_now(read)
    except DBAPIError:
        return None, ""


async def _ask(address: str) -> Mapping[str, Any] | None:
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"{address}/readyz", allow_redirects=False) as response,
        ):
            body = await response.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None
    return body if isinstance(body, dict) and "ready" in body else None


def judge_answer(answer: Mapping[str, Any], holder: str) -> list[Finding]:
    """What the bot says of itself."""
    heard = answer.get("silent_seconds")
    words = "" if heard is None else f"; last heard from Telegram {heard:.0f} s ago"
    if answer["ready"]:
        return [ok("running bot", f"{holder}{words}")]
    return [problem("running bot", f"{holder}: {fault}") for fault in answer.get("faults", ())]
