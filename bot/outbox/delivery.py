"""One call to Telegram and what its outcome means. Knows no queue and no pace; the courier decides what follows."""

import asyncio
import logging
import warnings
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from msgspec import Struct
from sqlmodel import Session
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.warnings import PTBUserWarning

from bot.database import Database
from bot.outbox.calls import DOWNLOAD, INQUIRE, Message, body_of
from bot.outbox.lanes import Lane
from bot.outbox.ledger import Incoming, Parcel, Settlement
from bot.outbox.models import Status
from bot.telegram import NotDelivered, ServerFault, call, call_as_written

# The courier speaks in Telegram's own method names; the library would rather see its methods.
warnings.filterwarnings("ignore", message="Please use 'Bot", category=PTBUserWarning)

LARGEST_DOWNLOAD = 5 * 1024 * 1024
CALL_SECONDS = 30.0
MAX_UNKNOWN = 3

log = logging.getLogger(__name__)


class Rendered(Struct, frozen=True):
    """A file made for a ``Document``: its name as the reader sees it, and its bytes."""

    name: str
    content: bytes


Renderer = Callable[..., Rendered | Message]
"""``(session, **arguments)`` gives the file of a ``Document``, or the words of a secret message. It writes nothing."""

Reading = Callable[[bytes, str], Awaitable[dict[str, Any]]]
"""``(content, name) -> plain JSON``: understands a downloaded file, bounded in time and memory."""


class Wait(Struct, frozen=True):
    """Nothing was done; the call may be made again after ``seconds``. ``flood`` says Telegram asked for the pause."""

    seconds: float
    flood: bool = False


class Unreached(Struct, frozen=True):
    """Telegram could not be reached or is out of order; the call was not made and may be repeated safely."""

    reason: str


class Again(Struct, frozen=True):
    """The outcome is unknown and the kind of call allows another try."""


class Moved(Struct, frozen=True):
    """The chat has a new id; the call may be made there."""

    chat_id: int


class Revoked(Struct, frozen=True):
    """Telegram no longer accepts the token; a person must act."""


Outcome = Settlement | Wait | Unreached | Again | Moved | Revoked


class Delivery:
    """Makes one call, whatever kind it is."""

    def __init__(
        self, bot: Bot, database: Database, renderers: Mapping[str, Renderer], readings: Mapping[str, Reading]
    ) -> None:
        self._bot = bot
        self._database = database
        self._renderers = renderers
        self._readings = readings

    async def deliver(self, parcel: Parcel) -> Outcome:
        """Make the call and say what came of it; raises nothing of Telegram's."""
        try:
            if parcel.method == DOWNLOAD:
                return await self._download(parcel)
            if parcel.method == INQUIRE:
                return await self._inquire(parcel)
            return _sent(parcel, await self._send(parcel))
        except Exception as error:  # noqa: BLE001 - the courier's edge: one parcel must not stop the others
            return judge(parcel, error)

    async def _send(self, parcel: Parcel) -> Any:
        if parcel.is_as_written:
            return await call_as_written(self._bot, parcel.method, parcel.written, CALL_SECONDS)
        arguments = parcel.payload
        if "chat_id" in arguments:
            arguments["chat_id"] = parcel.chat_id
        if render := arguments.pop("render", None):
            kind = "photo" if parcel.method == "sendPhoto" else "document"
            arguments |= await self._render(render, arguments.pop("arguments"), kind)
        return await call(self._bot, parcel.method, arguments, CALL_SECONDS)

    async def _render(self, name: str, arguments: Mapping[str, Any], kind: str) -> dict[str, Any]:
        renderer = self._renderers[name]

        def read(session: Session) -> Rendered | Message:
            return renderer(session, **arguments)

        rendered = await self._database.read(read)
        if isinstance(rendered, Message):
            return body_of(rendered)
        return {kind: InputFile(rendered.content, filename=rendered.name)}

    async def _download(self, parcel: Parcel) -> Settlement:
        payload = parcel.payload
        try:
            result = await self._read(payload)
        except BadRequest as error:
            result = {"unreadable": "too_big" if "too big" in str(error).lower() else "gone"}
        body = {
            "purpose": payload["purpose"],
            "subject": payload["subject"],
            "chat_id": parcel.chat_id,
            "result": result,
        }
        return Settlement(parcel, Status.SENT, incoming=Incoming("fetched", parcel.id, body))

    async def _inquire(self, parcel: Parcel) -> Settlement:
        payload = parcel.payload
        try:
            answer = await call(self._bot, payload["method"], payload["arguments"], CALL_SECONDS)
            result = answer if isinstance(answer, dict) else {"answer": answer}
        except (BadRequest, Forbidden) as error:
            result = {"refused": str(error)}
        body = {name: payload[name] for name in ("purpose", "subject")}
        back = Incoming("fetched", parcel.id, body | {"chat_id": parcel.chat_id, "result": result})
        return Settlement(parcel, Status.SENT, incoming=back)

    async def _read(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        file = await self._bot.get_file(payload["file_id"], read_timeout=CALL_SECONDS)
        if (file.file_size or 0) > LARGEST_DOWNLOAD:
            return {"unreadable": "too_big"}
        async with asyncio.timeout(CALL_SECONDS):
            content = bytes(await file.download_as_bytearray())
        return await self._readings[payload["purpose"]](content, payload["name"])


def judge(parcel: Parcel, error: Exception) -> Outcome:
    """What an error of Telegram's or the network's means for a parcel."""
    match error:
        case RetryAfter():
            return Wait(error._retry_after.total_seconds(), flood=True)  # noqa: SLF001 - the typed property warns
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case InvalidToken():
            return Revoked()
        case Forbidden():
            blocked = Incoming("blocked", parcel.id, {"chat_id": parcel.chat_id})
            return Settlement(parcel, Status.FAILED, error=str(error), incoming=blocked)
        case BadRequest():
            return _refused(parcel, error)
        case NotDelivered() | ServerFault():
            return Unreached(str(error))
        case EndPointNotFound():
            return Settlement(parcel, Status.FAILED, error=str(error))
        case TelegramError() | TimeoutError():
            return _unknown(parcel, error)
    log.error("outbox row %s could not be sent", parcel.id, exc_info=error)
    return Settlement(parcel, Status.FAILED, error=f"{type(error).__name__}: {error}"[:500])


def _sent(parcel: Parcel, result: Any) -> Settlement:
    if isinstance(result, list):
        album = tuple(one["message_id"] for one in result)
        return Settlement(parcel, Status.SENT, message_id=album[0], album=album)
    number = result.get("message_id") if isinstance(result, dict) else None
    return Settlement(parcel, Status.SENT, message_id=number)


def _refused(parcel: Parcel, error: BadRequest) -> Settlement:
    text = str(error)
    if "message is not modified" in text.lower():
        return Settlement(parcel, Status.SENT, message_id=parcel.payload.get("message_id"))
    if "query is too old" in text.lower():
        return Settlement(parcel, Status.CANCELLED, error=text)
    return Settlement(parcel, Status.FAILED, error=text)


def _unknown(parcel: Parcel, error: Exception) -> Outcome:
    """A notice that may have arrived is not sent again; what a person waits for is, at most three times."""
    if parcel.lane == Lane.NOTICE or parcel.attempts + 1 >= MAX_UNKNOWN:
        return Settlement(parcel, Status.UNKNOWN, error=f"no answer: {type(error).__name__}")
    return Again()
