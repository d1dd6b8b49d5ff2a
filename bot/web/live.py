"""The live screen: groups, counts, and who is still missing, for the coordinator while a room arrives.

The address is its own key and names its reader; ``records.live`` says whether it still opens. Nothing is remembered
between two looks. Groups stand in the order of the roster: the page compares nobody with anybody.
"""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import anyio
from babel.dates import format_skeleton
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.context import Installation
from bot.i18n import LOCALES
from bot.outbox.delivery import Rendered
from bot.records import files, live
from bot.records.live import Live
from bot.turn import Turns
from bot.web.language import choose_language
from bot.web.pages import HEADERS, render_page

LOOK_EVERY = 1.0
SAY_SOMETHING_EVERY = 10
STREAM_HEADERS = HEADERS | {"X-Accel-Buffering": "no"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNKNOWN = 404


class LivePages:
    """The page, its stream of events, the same state as plain JSON, and the list as a workbook."""

    def __init__(self, turns: Turns, installation: Installation) -> None:
        self._turns = turns
        self._installation = installation

    def routes(self) -> list[Route]:
        """The routes to mount."""
        return [
            Route("/live/{token}", self.show),
            Route("/live/{token}/events", self.events),
            Route("/live/{token}/state", self.state),
            Route("/live/{token}/list.xlsx", self.download),
        ]

    async def show(self, request: Request) -> Response:
        """The page as it is now; without a script it reloads itself."""
        token = request.path_params["token"]
        shown = await self._look(token)
        if shown is None:
            return render_page(request, "notice.html", status=UNKNOWN, kind="unknown")
        language = choose_language(request.query_params.get("lang"), shown.language)
        return render_page(
            request, "live.html", language=shown.language, token=token, when=_when(shown, language), shown=shown
        )

    async def events(self, request: Request) -> Response:
        """A stream that says each change as it comes."""
        token = request.path_params["token"]
        if await self._look(token) is None:
            return Response(status_code=UNKNOWN, headers=HEADERS)
        return StreamingResponse(self.stream(token), media_type="text/event-stream", headers=STREAM_HEADERS)

    async def state(self, request: Request) -> Response:
        """The present state, for browsers that cannot stream."""
        shown = await self._look(request.path_params["token"])
        if shown is None:
            return Response(status_code=UNKNOWN, headers=HEADERS)
        return JSONResponse(_state(shown), headers=HEADERS)

    async def download(self, request: Request) -> Response:
        """The list as it is now, as a workbook."""
        token = request.path_params["token"]
        shown = await self._look(token)
        if shown is None:
            return Response(status_code=UNKNOWN, headers=HEADERS)
        language = choose_language(request.query_params.get("lang"), shown.language)
        made = await self._turns.read(partial(_make, shown=shown, language=language, now=self._turns.now()))
        headers = HEADERS | {"Content-Disposition": f'attachment; filename="activity-{shown.activity.id}.xlsx"'}
        return Response(made.content, media_type=XLSX, headers=headers)

    async def stream(self, token: str) -> AsyncIterator[str]:
        """Server-sent events: the state whenever it changes, else now and then a comment that keeps the line open."""
        said, silent = "", 0
        while (shown := await self._look(token)) is not None:
            news = json.dumps(_state(shown), ensure_ascii=False)
            if news != said:
                said, silent = news, 0
                yield f"retry: 2000\ndata: {news}\n\n"
            elif (silent := silent + 1) % SAY_SOMETHING_EVERY == 0:
                yield ": still here\n\n"
            await anyio.sleep(LOOK_EVERY)

    async def _look(self, token: str) -> Live | None:
        operators = self._installation.operators
        return await self._turns.read(partial(live.look, token=token, operators=operators, now=self._turns.now()))


def _make(session: Session, shown: Live, language: str, now: datetime) -> Rendered:
    activity = shown.activity
    return files.render_list(
        session, activity_id=activity.id, cohort_id=activity.cohort_id, language=language, now=now.isoformat()
    )


def _state(shown: Live) -> dict[str, object]:
    return {
        "open": shown.is_open,
        "arrived": shown.arrived,
        "expected": shown.expected,
        "late": shown.late,
        "groups": [
            {
                "name": group.name,
                "arrived": group.arrived,
                "expected": group.expected,
                "missing": list(group.missing),
                "excused": list(group.excused),
            }
            for group in shown.groups
        ],
    }


def _when(shown: Live, language: str) -> str:
    zone = ZoneInfo(shown.activity.time_zone)
    start, end = shown.activity.starts_at.astimezone(zone), shown.activity.ends_at.astimezone(zone)
    return f"{format_skeleton('MMMEd', start, locale=LOCALES[language])}  {start:%H:%M}–{end:%H:%M}"
