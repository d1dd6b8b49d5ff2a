"""The HTTP face of the Bot API: `/bot<token>/<method>` and `/file/bot<token>/<path>` as a Starlette app sees them.

It decodes requests and encodes answers; every rule is in the core.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qsl, unquote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bot import json_text
from bot.sandbox.core import Answer, Sandbox, answer_error
from bot.sandbox.errors import ApiError, ConnectionCut, bad_request
from bot.sandbox.page_api import build_page_routes
from bot.sandbox.params import Upload

ABORT = "sandbox.abort"
BODY_LIMIT = 64 * 1024 * 1024
_CUT_SHORT = [(b"content-type", b"application/json"), (b"content-length", b"100"), (b"connection", b"close")]


def build_routes(sandbox: Sandbox) -> list[BaseRoute]:
    """Everything the sandbox serves: the Bot API, files, and the chat page with its own API."""
    api = BotApi(sandbox)
    return [
        Route("/bot{token}/{method}", api),
        Route("/file/bot{token}/{path:path}", api, methods=["GET"]),
        *build_page_routes(sandbox),
    ]


class BotApi:
    """An ASGI app for the two paths of the Bot API."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        self._sandbox.wake()
        try:
            answer = await self._answer(scope, receive)
        except ApiError as error:
            answer = answer_error(error)
        except ConnectionCut:
            await _cut(scope, send)
            return
        await _send(answer, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        path = scope["path"]
        is_file = path.startswith("/file/bot")
        token, _, tail = path[len("/file/bot" if is_file else "/bot") :].partition("/")
        body = await _read_body(receive)
        self._sandbox.check_token(token)
        if is_file:
            return Answer(200, self._sandbox.download(tail), {"content-type": "application/octet-stream"})
        values, files = await _parameters(scope, body)
        return await self._sandbox.call(unquote(tail), values, files)


async def _read_body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > BODY_LIMIT:
            raise ApiError(413, "Request Entity Too Large")
    return body


async def _parameters(scope: Scope, body: bytes) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Query and body together, as Telegram reads them."""
    values: dict[str, Any] = {}
    if scope["query_string"]:
        values.update(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
    if not body:
        return values, {}
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"").lower()
    if kind.startswith(b"application/json"):
        return values | _json_body(body), {}
    if kind.startswith(b"multipart/form-data"):
        fields, files = await _multipart(scope, body)
        return values | fields, files
    values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return values, {}


def _json_body(body: bytes) -> dict[str, Any]:
    try:
        values = json_text.read(body)
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(values, dict):
        raise bad_request("expected an Object as the request body")
    return values


async def _multipart(scope: Scope, body: bytes) -> tuple[dict[str, Any], dict[str, Upload]]:
    async def replay() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    values: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    async with Request(scope, replay).form(max_part_size=BODY_LIMIT) as form:
        for name, part in form.multi_items():
            if isinstance(part, UploadFile):
                files[name] = Upload(part.filename or name, await part.read(), part.content_type or "")
            else:
                values[name] = part
    return values, files


async def _send(answer: Answer, send: Send) -> None:
    headers = [(name.encode(), value.encode()) for name, value in answer.headers.items()]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _cut(scope: Scope, send: Send) -> None:
    """Reset the connection; a server that does not offer that leaves the answer unfinished instead."""
    abort = scope.get("extensions", {}).get(ABORT)
    if abort is None:
        await send({"type": "http.response.start", "status": 200, "headers": _CUT_SHORT})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        return
    abort()
    # The server hears of the abort in the next turn of the loop; until then it would complain of a missing answer.
    await asyncio.sleep(0.01)
