"""The projector page: QR code, typed code, count, countdown. It knows how many have come and never who.

Nothing is remembered between two looks, so a page lives through a restart of the bot. Each open page asks the database
once a second at most.
"""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from io import BytesIO
from zoneinfo import ZoneInfo

import anyio
import segno
from babel.dates import format_skeleton
from markupsafe import Markup
from msgspec.structs import replace
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.checkin import rules, service
from bot.checkin.boards import Counts, Projection
from bot.checkin.outcomes import ActivityView
from bot.context import Installation
from bot.forum.visitor_lists import visitors_at
from bot.i18n import LOCALES
from bot.turn import Turns
from bot.web.language import choose_language
from bot.web.pages import HEADERS, render_page

LOOK_EVERY = 1.0
SAY_SOMETHING_EVERY = 10
STREAM_HEADERS = HEADERS | {"X-Accel-Buffering": "no"}
QUIET_ZONE = 4
GONE = 410
UNKNOWN = 404


class ProjectorPages:
    """The page, its stream of events, and the same state as plain JSON for browsers that cannot stream."""

    def __init__(self, turns: Turns, installation: Installation) -> None:
        self._turns = turns
        self._installation = installation

    def routes(self) -> list[Route]:
        """The routes to mount."""
        return [
            Route("/projector/{token}", self.show),
            Route("/projector/{token}/events", self.events),
            Route("/projector/{token}/state", self.state),
        ]

    async def show(self, request: Request) -> Response:
        """The page as it is now; without a script it reloads itself."""
        shown = await self._look(request.path_params["token"])
        if shown is None:
            return render_page(request, "notice.html", status=UNKNOWN, kind="unknown")
        if not shown.is_open:
            return render_page(request, "notice.html", language=shown.language, status=GONE, kind="closed")
        language = choose_language(request.query_params.get("lang"), shown.language)
        return render_page(
            request,
            "projector.html",
            language=shown.language,
            token=request.path_params["token"],
            activity=shown.activity,
            when=_when(shown.activity, language),
            state=self._state(shown),
            svg=Markup(self._qr(shown)),  # noqa: S704 - drawn here from our own link
            step=rules.STEP_SECONDS,
            times=_times(shown),
        )

    async def events(self, request: Request) -> Response:
        """A stream that says each new code and count as it comes, and ends when the check-in closes."""
        token = request.path_params["token"]
        if await self._look(token) is None:
            return Response(status_code=UNKNOWN, headers=HEADERS)
        return StreamingResponse(self.stream(token), media_type="text/event-stream", headers=STREAM_HEADERS)

    async def state(self, request: Request) -> Response:
        """The present state, for browsers that cannot stream."""
        shown = await self._look(request.path_params["token"])
        if shown is None:
            return Response(status_code=UNKNOWN, headers=HEADERS)
        return JSONResponse(self._state(shown), headers=HEADERS)

    async def stream(self, token: str) -> AsyncIterator[str]:
        """Server-sent events: the state whenever it changes, else now and then a comment that keeps the line open."""
        said, silent = "", 0
        while (shown := await self._look(token)) is not None:
            state = self._state(shown)
            news = json.dumps(state | {"left": 0})
            if news != said:
                said, silent = news, 0
                yield f"retry: 2000\ndata: {json.dumps(state)}\n\n"
            elif (silent := silent + 1) % SAY_SOMETHING_EVERY == 0:
                yield ": still here\n\n"
            if not shown.is_open:
                return
            await anyio.sleep(min(LOOK_EVERY, shown.left + 0.02))

    async def _look(self, token: str) -> Projection | None:
        return await self._turns.read(partial(_project, token=token, now=self._turns.now()))

    def _state(self, shown: Projection) -> dict[str, object]:
        if not shown.is_open:
            return {"open": False}
        return {
            "open": True,
            "code": [shown.code[:3], shown.code[3:]],
            "svg": self._qr(shown),
            "arrived": shown.counts.arrived,
            "expected": shown.counts.expected,
            "left": round(shown.left, 2),
            "phase": rules.phase_of(shown.activity.starts_at, shown.activity.ends_at, shown.policy, self._turns.now()),
        }

    def _qr(self, shown: Projection) -> str:
        drawn = BytesIO()
        code = segno.make_qr(self._installation.deep_link(shown.payload), error="m", boost_error=False)
        code.save(
            drawn, kind="svg", border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True, xmldecl=False, nl=False
        )
        return drawn.getvalue().decode()


def _project(session: Session, token: str, now: datetime) -> Projection | None:
    """What the projector shows; the count has those who came without being on a list of check-in's."""
    shown = service.project(session, token=token, now=now)
    if shown is None:
        return None
    visitors, counts = visitors_at(session, shown.activity.id), shown.counts
    return replace(shown, counts=Counts(counts.arrived + visitors.arrived, counts.expected + visitors.expected))


def _times(shown: Projection) -> dict[str, str]:
    """The clock times at which the page's remark changes, by phase."""
    activity, policy = shown.activity, shown.policy
    zone = ZoneInfo(activity.time_zone)
    instants = {
        rules.Phase.EARLY: rules.opens_at(activity.starts_at, policy),
        rules.Phase.ON_TIME: activity.starts_at + policy.late_after,
        rules.Phase.LATE: activity.starts_at + policy.late_after,
        rules.Phase.LEAVING: rules.checkout_from(activity.ends_at),
    }
    return {phase.value: f"{at.astimezone(zone):%H:%M}" for phase, at in instants.items()}


def _when(activity: ActivityView, language: str) -> str:
    zone = ZoneInfo(activity.time_zone)
    start, end = activity.starts_at.astimezone(zone), activity.ends_at.astimezone(zone)
    return f"{format_skeleton('MMMEd', start, locale=LOCALES[language])}  {start:%H:%M}–{end:%H:%M}"
