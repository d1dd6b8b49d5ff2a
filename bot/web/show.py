"""``/show``: six digits lead a classroom computer without Telegram to the projector page. Works without a script."""

import ipaddress
from functools import partial
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.checkin import service
from bot.checkin.digits import Entered, NotDigits, Shown, TooManyTries
from bot.turn import Turn, Turns
from bot.web.pages import HEADERS, is_chosen, render_page

MOST_BYTES = 1024
FORBIDDEN, UNPROCESSABLE, TOO_MANY = 403, 422, 429
IPV6_PREFIX = 64


class ShowPages:
    """The form and what becomes of it."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    def routes(self) -> list[Route]:
        """The routes to mount."""
        return [Route("/show", self.ask), Route("/show", self.enter, methods=["POST"])]

    async def ask(self, request: Request) -> Response:
        """The empty form."""
        return render_page(request, "show.html", problem="", wait=0)

    async def enter(self, request: Request) -> Response:
        """Go to the projector, or say what is wrong."""
        if request.headers.get("sec-fetch-site") == "cross-site":
            return render_page(request, "show.html", status=FORBIDDEN, problem="elsewhere", wait=0)
        text = await _read_digits(request)
        entered = await self._turns.take(partial(_enter, address=client_of(request), text=text))
        if isinstance(entered, Shown):
            asked = f"?lang={request.query_params['lang']}" if is_chosen(request) else ""
            return RedirectResponse(f"/projector/{entered.token}{asked}", 303, HEADERS)
        if isinstance(entered, TooManyTries):
            wait = max(1, round((entered.until - self._turns.now()).total_seconds()))
            return render_page(request, "show.html", status=TOO_MANY, problem="wait", wait=wait)
        problem = "shape" if isinstance(entered, NotDigits) else "wrong"
        return render_page(request, "show.html", status=UNPROCESSABLE, problem=problem, wait=0)


def client_of(request: Request) -> str:
    """The network address that tries are counted for; a household's IPv6 addresses count as one."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)


def _enter(turn: Turn, *, address: str, text: str) -> Entered:
    return service.enter_digits(turn.session, address=address, text=text, now=turn.now)


async def _read_digits(request: Request) -> str:
    """The form's one field; a body longer than any form of ours counts as empty."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return ""
    fields = parse_qs(body.decode("utf-8", "replace"))
    return fields.get("digits", [""])[0]
