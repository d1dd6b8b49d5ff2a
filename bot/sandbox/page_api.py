"""The chat page's own API under `/sandbox`: what people see, and what they do. No rule of the Bot API is here.

It has no login: it may be mounted only without a bot token, on loopback.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.datastructures import Headers, UploadFile
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.core import Sandbox
from bot.sandbox.page_view import chat_view, person_view
from bot.sandbox.params import Json, Upload
from bot.sandbox.person_side import CannotDo

PAGE = Path(__file__).parent / "page"
Action = Callable[[Sandbox, Json], Json]


def build_page_routes(sandbox: Sandbox) -> list[BaseRoute]:
    """The page, its static files and its API."""
    page = _Page(sandbox)
    api = [
        Route("/state", page.state),
        Route("/people", page.add_person, methods=["POST"]),
        Route("/chat", page.chat),
        Route("/file", page.download, methods=["GET"]),
        Route("/file", page.upload, methods=["POST"]),
        Route("/events", page.events),
        *(Route(f"/{name}", page.acting(action), methods=["POST"]) for name, action in _ACTIONS.items()),
    ]
    return [
        Mount("/sandbox/api", routes=api, middleware=[Middleware(OwnPageOnly)]),
        Mount("/sandbox/static", StaticFiles(directory=PAGE, check_dir=False)),
        Route("/sandbox/", page.index),
        *(Route(path, page.show_the_way) for path in ("/", "/sandbox")),
    ]


class OwnPageOnly:
    """Refuses what another web page sends: without a login, only the browser can tell who asks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the own page and programs pass."""
        site = Headers(scope=scope).get("sec-fetch-site", "none")
        app = self._app if site in {"same-origin", "none"} else Response(status_code=403)
        await app(scope, receive, send)


class _Page:
    """The endpoints over one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def index(self, request: Request) -> Response:
        return FileResponse(PAGE / "index.html", headers={"cache-control": "no-cache"})

    async def show_the_way(self, request: Request) -> Response:
        return RedirectResponse("/sandbox/")

    async def state(self, request: Request) -> Response:
        world = self._sandbox.world
        bot = {name: world.bot[name] for name in ("id", "username", "first_name")}
        people = [person_view(world, person_id) for person_id in world.people.rows]
        now = world.clock().isoformat()
        return JSONResponse(
            {
                "bot": bot,
                "people": people,
                "now": now,
                "language": self._sandbox.language,
                "links": self._sandbox.links,
            }
        )

    async def add_person(self, request: Request) -> Response:
        given = await _read(request)
        name = str(given.get("name", "")).strip()
        if not name:
            return _refused("a person needs a name")
        person = self._sandbox.add_person(name, language_code=str(given.get("language_code") or "en"))
        return JSONResponse(person_view(self._sandbox.world, person["id"]))

    async def chat(self, request: Request) -> Response:
        try:
            return JSONResponse(chat_view(self._sandbox.world, _person(self._sandbox, request.query_params)))
        except CannotDo as error:
            return _refused(str(error))

    async def download(self, request: Request) -> Response:
        row = self._sandbox.world.files.get(request.query_params.get("file_id", ""))
        if row is None:
            return _refused("there is no such file")
        kind = "inline" if row["kind"] == "photo" else "attachment"
        disposition = f"{kind}; filename*=utf-8''{quote(row['name'])}"
        content = self._sandbox.world.contents.read(row["unique_id"])
        return Response(content, media_type=row["mime_type"], headers={"content-disposition": disposition})

    async def upload(self, request: Request) -> Response:
        async with request.form() as form:
            part = form.get("file")
            if not isinstance(part, UploadFile):
                return _refused("there is no file")
            upload = Upload(part.filename or "file", await part.read(), part.content_type or "")
            try:
                person_id = _person(self._sandbox, form)
            except CannotDo as error:
                return _refused(str(error))
            kind = "photo" if form.get("kind") == "photo" else "document"
            caption = str(form.get("caption") or "")
        wire = self._sandbox.send_file(person_id, upload, kind=kind, caption=caption)
        return JSONResponse({"message_id": wire["message_id"]})

    async def events(self, request: Request) -> Response:
        try:
            person_id = _person(self._sandbox, request.query_params)
        except CannotDo as error:
            return _refused(str(error))
        headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
        return StreamingResponse(self._stream(person_id), media_type="text/event-stream", headers=headers)

    async def _stream(self, person_id: int) -> AsyncIterator[str]:
        async for name, data in self._sandbox.world.hub.watch(person_id):
            yield f"event: {name}\ndata: {json.dumps(data)}\n\n"

    def acting(self, action: Action) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that lets a person do something."""

        async def endpoint(request: Request) -> Response:
            given = await _read(request)
            try:
                _person(self._sandbox, given)
                return JSONResponse(action(self._sandbox, given))
            except (CannotDo, KeyError, TypeError, ValueError) as error:
                return _refused(str(error))

        return endpoint


def _send(sandbox: Sandbox, given: Json) -> Json:
    text = str(given["text"]).strip()
    if not 1 <= len(text) <= 4096:
        raise CannotDo("a message has 1 to 4096 characters")
    wire = sandbox.say(int(given["person"]), text, reply_to=given.get("reply_to"))
    return {"message_id": wire["message_id"]}


def _start(sandbox: Sandbox, given: Json) -> Json:
    return {"message_id": sandbox.start(int(given["person"]), str(given.get("payload") or ""))["message_id"]}


def _press(sandbox: Sandbox, given: Json) -> Json:
    query_id = sandbox.press(int(given["person"]), int(given["message_id"]), str(given["callback_data"]))
    return {"callback_query_id": query_id}


def _location(sandbox: Sandbox, given: Json) -> Json:
    accuracy = given.get("accuracy")
    place = float(given["latitude"]), float(given["longitude"]), None if accuracy is None else float(accuracy)
    return {"message_id": sandbox.send_location(int(given["person"]), *place)["message_id"]}


def _contact(sandbox: Sandbox, given: Json) -> Json:
    return {"message_id": sandbox.send_contact(int(given["person"]))["message_id"]}


def _vote(sandbox: Sandbox, given: Json) -> Json:
    sandbox.vote(int(given["person"]), str(given["poll_id"]), [int(option) for option in given["options"]])
    return {"ok": True}


def _block(sandbox: Sandbox, given: Json) -> Json:
    sandbox.block(int(given["person"]))
    return {"ok": True}


def _unblock(sandbox: Sandbox, given: Json) -> Json:
    sandbox.unblock(int(given["person"]))
    return {"ok": True}


_ACTIONS: dict[str, Action] = {
    "send": _send,
    "start": _start,
    "press": _press,
    "location": _location,
    "contact": _contact,
    "vote": _vote,
    "block": _block,
    "unblock": _unblock,
}


def _person(sandbox: Sandbox, given: Any) -> int:
    try:
        person_id = int(given.get("person", ""))
    except (TypeError, ValueError) as error:
        raise CannotDo("person must be a number") from error
    if person_id not in sandbox.world.people.rows:
        raise CannotDo("there is no such person")
    return person_id


async def _read(request: Request) -> Json:
    try:
        given = await request.json()
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def _refused(reason: str) -> Response:
    return JSONResponse({"error": reason}, status_code=400)
