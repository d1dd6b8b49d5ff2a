"""Who the bot is, as Telegram says; where it cannot be reached, what it said last time."""

import asyncio
import json
import logging
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlmodel import Session
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.backoff import Backoff
from bot.database import Database
from bot.errors import ConfigurationError
from bot.people.models import Secret

SECRET = Secret.__table__  # type: ignore[attr-defined]
IDENTITY = "identity"

log = logging.getLogger(__name__)


async def identify(bot: Bot, token: str, database: Database) -> tuple[dict[str, Any], bool]:
    """The result of getMe, and whether Telegram has given it just now; waits for as long as nobody knows.

    Raises:
        ConfigurationError: Telegram does not accept the token.
    """
    stored = await database.read(_stored)
    backoff = Backoff(first=1.0)
    while True:
        try:
            identity: dict[str, Any] = await bot.do_api_request("getMe")
        except InvalidToken:
            raise ConfigurationError("BOT_TOKEN: Telegram does not accept this token") from None
        except TelegramError as error:
            if stored is not None and stored["id"] == int(token.partition(":")[0]):
                return stored, False
            log.warning("Telegram is out of reach, trying again: %s", type(error).__name__)
            await asyncio.sleep(backoff.next())
        else:
            await database.write(partial(_store, identity=identity))
            return identity, True


def _stored(session: Session) -> dict[str, Any] | None:
    value = session.connection().execute(select(SECRET.c.value).where(SECRET.c.name == IDENTITY)).scalar()
    return json.loads(value) if value is not None else None


def _store(session: Session, identity: dict[str, Any]) -> None:
    connection, value = session.connection(), json.dumps(identity)
    if not connection.execute(SECRET.update().where(SECRET.c.name == IDENTITY).values(value=value)).rowcount:
        connection.execute(SECRET.insert(), {"name": IDENTITY, "value": value})
