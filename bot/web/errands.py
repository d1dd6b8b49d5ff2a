"""Errands of the command line: a command that writes hands its work to the running bot, which owns the database.

Only this machine may ask, with a key that stands in the database itself: whoever can read that needs no errand.
"""

import hmac
import ipaddress
import json
from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import bulk, i18n
from bot.errors import Refusal
from bot.turn import Turn, Turns

PATH = "/errands/import"
SECRET = "errands"  # noqa: S105 - the name of a key
LARGEST_BODY = 16 * 1024 * 1024


class Errands:
    """The one route."""

    def __init__(self, turns: Turns, key: str) -> None:
        self._turns = turns
        self._key = key.encode()

    def routes(self) -> list[Route]:
        """The route to mount."""
        return [Route(PATH, self.import_, methods=["POST"])]

    async def import_(self, request: Request) -> Response:
        """Import a file that the command line has read and shown."""
        if not self._may(request):
            return Response(status_code=404)
        try:
            errand = bulk.Errand.from_json(json.loads(await request.body()))
        except (KeyError, TypeError, ValueError):
            return Response(status_code=400)
        try:
            done = await self._turns.take(partial(_carry_out, errand))
        except Refusal as refusal:
            return PlainTextResponse(refusal.line, status_code=409)
        return PlainTextResponse(done)

    def _may(self, request: Request) -> bool:
        local = request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
        small = int(request.headers.get("Content-Length") or LARGEST_BODY) < LARGEST_BODY
        return local and small and hmac.compare_digest(given, self._key)


def _carry_out(errand: bulk.Errand, turn: Turn) -> str:
    return str(bulk.carry_out(turn.session, errand, i18n.translator("en"), turn.now))
