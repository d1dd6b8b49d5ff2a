"""Telegram's webhook: the update is committed to the inbox before the answer 200; nothing else happens here.

The secret is compared in constant time and a body is at most 1 MiB; whatever is wrong with a request, the answer says
nothing of why, and Telegram sends an update again that was not taken.
"""

import hmac
import logging

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import json_text
from bot.crashpoints import reach
from bot.inbox.intake import Health, Intake, Trouble
from bot.inbox.raw import RawUpdate, is_update

PATH = "/telegram"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
LARGEST_BODY = 1024 * 1024

log = logging.getLogger(__name__)


class Webhook:
    """One route that stores what Telegram posts."""

    def __init__(self, intake: Intake, secret: str, trouble: Trouble | None = None) -> None:
        self._intake = intake
        self._trouble = trouble or Trouble(Health(), lambda kind: None)
        self._secret = secret.encode()

    def route(self) -> Route:
        """The route to mount."""
        return Route(PATH, self.receive, methods=["POST"])

    async def receive(self, request: Request) -> Response:
        """Store one update; 200 only after the commit."""
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), self._secret):
            return Response(status_code=403)
        update = _parse(await _bounded_body(request))
        if update is None:
            return Response(status_code=400)
        try:
            await self._intake.store([update])
        except Exception as error:  # the edge: Telegram must send it again, whatever the fault
            log.error("a webhook update could not be stored", exc_info=error)
            self._trouble.note(error)
            return Response(status_code=503, headers={"Retry-After": "2"})
        self._trouble.over()
        reach("webhook:stored")
        return Response(status_code=200)


async def _bounded_body(request: Request) -> bytes | None:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def _parse(body: bytes | None) -> RawUpdate | None:
    try:
        update = json_text.read(body) if body is not None else None
    except (ValueError, RecursionError):
        return None
    return update if is_update(update) else None
