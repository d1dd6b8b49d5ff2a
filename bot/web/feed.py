"""``/calendar/<address>.ics``: what a phone's calendar asks for every hour. Unknown and revoked addresses look alike.

Reads only. An unchanged calendar is answered with 304, so that a thousand phones cost little.
"""

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.calendars import files, service
from bot.calendars.models import CalendarFeed
from bot.reminders import service as reminders
from bot.turn import Turns

PRIVATE = {
    "Cache-Control": "private, max-age=900",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
}
NOT_MODIFIED, NOT_FOUND = 304, 404


class CalendarPages:
    """The one route of the calendar."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    def routes(self) -> list[Route]:
        """The routes to mount."""
        return [Route(f"{files.PATH}/{{token}}.ics", self.read)]

    async def read(self, request: Request) -> Response:
        """The calendar, or that it has not changed; nothing at all where the address leads nowhere."""
        token, now = request.path_params["token"], self._turns.now()
        found = await self._turns.read(lambda session: _read(session, token, now))
        if found is None:
            return Response(status_code=NOT_FOUND, headers=PRIVATE)
        changed_at, content = found
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = PRIVATE | {"ETag": tag, "Last-Modified": format_datetime(changed_at, usegmt=True)}
        if _is_known(request, tag, changed_at):
            return Response(status_code=NOT_MODIFIED, headers=headers)
        headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
        return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def _read(session: Session, token: str, now: datetime) -> tuple[datetime, bytes] | None:
    feed = service.feed_of(session, token)
    if not isinstance(feed, CalendarFeed):
        return None
    agenda, content = files.write_feed(session, feed, now, reminders.alarms_of)
    return agenda.changed_at.astimezone(UTC).replace(microsecond=0), content


def _is_known(request: Request, tag: str, changed_at: datetime) -> bool:
    """Whether the reader has this very state; its tag counts before its date (RFC 9110, 13.1.3)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or tag in [one.strip().removeprefix("W/") for one in tags.split(",")]
    return changed_at <= _date(request.headers.get("if-modified-since"))


def _date(text: str | None) -> datetime:
    try:
        at = parsedate_to_datetime(text or "")
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
