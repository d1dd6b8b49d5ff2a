"""The projector page of a forum: who speaks, on what, the time, the questions that were released, how to ask.

It knows speakers, who are public, and questions, which have no name. Nothing is remembered between two looks, so a page
lives through a restart of the bot. Each open page asks the database once a second at most.
"""

import json
from collections.abc import AsyncIterator
from functools import partial
from io import BytesIO
from zoneinfo import ZoneInfo

import anyio
import segno
from babel.dates import format_skeleton
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.context import Installation
from bot.forum import projection
from bot.forum.projection import Shown
from bot.forum.running_order import Item
from bot.forum.views import CallView
from bot.i18n import LOCALES
from bot.turn import Turns
from bot.web.language import choose_language
from bot.web.pages import HEADERS, render_page

LOOK_EVERY = 1.0
SAY_SOMETHING_EVERY = 10
STREAM_HEADERS = HEADERS | {"X-Accel-Buffering": "no"}
QUIET_ZONE = 2
QUESTIONS = 3
"""More would be too small to read from the back row; the others wait until one is ticked off."""
UNKNOWN = 404


class ForumPages:
    """The page, its stream of events, and the same state as plain JSON for browsers that cannot stream."""

    def __init__(self, turns: Turns, installation: Installation) -> None:
        self._turns = turns
        self._installation = installation

    def routes(self) -> list[Route]:
        """The routes to mount."""
        return [
            Route("/forum/{token}", self.show),
            Route("/forum/{token}/events", self.events),
            Route("/forum/{token}/state", self.state),
        ]

    async def show(self, request: Request) -> Response:
        """The page as it is now; without a script it reloads itself."""
        token = request.path_params["token"]
        shown = await self._look(token)
        if shown is None:
            return render_page(request, "notice.html", status=UNKNOWN, kind="unknown")
        call = shown.order.call
        language = choose_language(request.query_params.get("lang"), call.language)
        return render_page(
            request,
            "forum.html",
            language=call.language,
            token=token,
            call=call,
            when=_when(call, language),
            state=state_of(shown),
            svg=Markup(self._qr(shown)),  # noqa: S704 - drawn here from our own link
        )

    async def events(self, request: Request) -> Response:
        """A stream that says each change as it comes, and ends with the forum."""
        token = request.path_params["token"]
        if await self._look(token) is None:
            return Response(status_code=UNKNOWN, headers=HEADERS)
        return StreamingResponse(self.stream(token), media_type="text/event-stream", headers=STREAM_HEADERS)

    async def state(self, request: Request) -> Response:
        """The present state, for browsers that cannot stream."""
        shown = await self._look(request.path_params["token"])
        if shown is None:
            return Response(status_code=UNKNOWN, headers=HEADERS)
        return JSONResponse(state_of(shown), headers=HEADERS)

    async def stream(self, token: str) -> AsyncIterator[str]:
        """Server-sent events: the state whenever it changes, else now and then a comment that keeps the line open."""
        said, silent = "", 0
        while (shown := await self._look(token)) is not None:
            state = state_of(shown)
            news = json.dumps(state | {"elapsed": 0})
            if news != said:
                said, silent = news, 0
                yield f"retry: 2000\ndata: {json.dumps(state)}\n\n"
            elif (silent := silent + 1) % SAY_SOMETHING_EVERY == 0:
                yield ": still here\n\n"
            await anyio.sleep(LOOK_EVERY)

    async def _look(self, token: str) -> Shown | None:
        return await self._turns.read(partial(projection.look, token=token, now=self._turns.now()))

    def _qr(self, shown: Shown) -> str:
        drawn = BytesIO()
        code = segno.make_qr(self._installation.deep_link(shown.payload), error="m", boost_error=False)
        code.save(
            drawn, kind="svg", border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True, xmldecl=False, nl=False
        )
        return drawn.getvalue().decode()


def state_of(shown: Shown) -> dict[str, object]:
    """What the page shows and the script keeps current; every text in it is plain and is put in as text."""
    elapsed, whole = shown.seconds
    return {
        "phase": _phase(shown),
        "now": _item(shown.current, shown.order.call),
        "next": _item(shown.following, shown.order.call),
        "elapsed": elapsed,
        "whole": whole,
        "questions": [question.text for question in shown.questions[:QUESTIONS]],
        "more": max(0, len(shown.questions) - QUESTIONS),
    }


def _phase(shown: Shown) -> str:
    if shown.order.is_over:
        return "over"
    if shown.current is not None:
        return "on"
    return "between" if shown.order.is_live else "before"


def _item(item: Item | None, call: CallView) -> dict[str, str]:
    if item is None:
        return {"name": "", "unit": "", "title": "", "topic": "", "at": ""}
    begins = f"{item.timed.starts_at.astimezone(ZoneInfo(call.time_zone)):%H:%M}"
    talk = item.talk
    if talk is None:
        return {"name": item.piece.label, "unit": "", "title": "", "topic": "", "at": begins}
    title, topic = (talk.title, talk.topic) if talk.title else (talk.topic, "")
    return {"name": talk.party.name, "unit": talk.party.unit, "title": title, "topic": topic, "at": begins}


def _when(call: CallView, language: str) -> str:
    zone = ZoneInfo(call.time_zone)
    start, end = call.starts_at.astimezone(zone), call.ends_at.astimezone(zone)
    return f"{format_skeleton('MMMEd', start, locale=LOCALES[language])}  {start:%H:%M}–{end:%H:%M}"
