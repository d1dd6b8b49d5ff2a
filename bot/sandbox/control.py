"""Endpoints under `/control`: a test drives a sandbox living in another process. Never part of the bot itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import asdict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.core import Call, Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.flood import FloodGuard, FloodLimits, Window
from bot.sandbox.page_view import chat_view
from bot.sandbox.params import Json, Upload
from bot.sandbox.person_side import CannotDo

Command = Callable[[Sandbox, Json], Any]


class MovableClock:
    """The real time, moved by what tests ask for."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def __call__(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC) + self.offset


def build_control_routes(sandbox: Sandbox) -> list[BaseRoute]:
    """`POST /control/<command>` with a JSON object, and `GET /control/calls`, `/refusals`, `/updates`, `/chat`."""
    return [
        Route("/control/{name}", _Control(sandbox, _QUERIES).answer, methods=["GET"]),
        Route("/control/{name}", _Control(sandbox, _COMMANDS).answer, methods=["POST"]),
    ]


class _Control:
    def __init__(self, sandbox: Sandbox, commands: dict[str, Command]) -> None:
        self._sandbox = sandbox
        self._commands = commands

    async def answer(self, request: Request) -> Response:
        command = self._commands.get(request.path_params["name"])
        if command is None:
            return JSONResponse({"error": "unknown command"}, status_code=404)
        body = await request.body()
        given = {**request.query_params, **(json.loads(body) if body else {})}
        try:
            return JSONResponse(command(self._sandbox, given))
        except (CannotDo, KeyError, TypeError, ValueError) as error:
            return JSONResponse({"error": repr(error)}, status_code=400)


def _add_people(sandbox: Sandbox, given: Json) -> Any:
    """`people`: a list of the arguments of `add_person`; or `count` started ones from the id `first`."""
    if "count" in given:
        first, language = int(given["first"]), str(given.get("language_code", "en"))
        for number in range(int(given["count"])):
            person_id = first + number
            sandbox.add_person(f"Person {number}", person_id=person_id, language_code=language, started=True)
        return {"first": first, "count": given["count"]}
    return [sandbox.add_person(**person) for person in given["people"]]


def _act(sandbox: Sandbox, given: Json) -> Any:
    """`acts`: a list of [method of the person's side, its keyword arguments]; files come as `text`."""
    results = []
    for name, arguments in given["acts"]:
        if name not in _ACTS:
            raise CannotDo(f"unknown act {name}")
        results.append(getattr(sandbox, name)(**_decoded(arguments)))
    return results


def _decoded(arguments: Json) -> Json:
    if "upload" not in arguments:
        return arguments
    upload = arguments["upload"]
    content = bytes.fromhex(upload["hex"]) if "hex" in upload else upload["text"].encode()
    return arguments | {"upload": Upload(upload["name"], content, upload.get("mime_type", ""))}


def _inject(sandbox: Sandbox, given: Json) -> Any:
    """`updates`: raw updates, with or without their own ids."""
    return [sandbox.inject(update) for update in given["updates"]]


def _fail(sandbox: Sandbox, given: Json) -> Any:
    """`method`, `times`, and the fields of Fault; `body` as text."""
    fields = {name: value for name, value in given.items() if name not in {"method", "times"}}
    if "body" in fields:
        fields["body"] = fields["body"].encode()
    sandbox.fail_next(given["method"], Fault(**fields), int(given.get("times", 1)))
    return True


def _clear_faults(sandbox: Sandbox, given: Json) -> Any:
    sandbox.clear_faults()
    return True


def _advance(sandbox: Sandbox, given: Json) -> Any:
    """Move the clock by `seconds`."""
    clock = sandbox.world.clock
    if not isinstance(clock, MovableClock):
        raise CannotDo("this clock cannot be moved")
    clock.offset += timedelta(seconds=float(given["seconds"]))
    return clock().isoformat()


def _configure(sandbox: Sandbox, given: Json) -> Any:
    """`latency` in seconds; `rate` a second in all (0 lifts all limits), `chat` and `group` as [limit, seconds]."""
    if "latency" in given:
        sandbox.latency = float(given["latency"])
    if "rate" in given:
        sandbox.flood = FloodGuard(_limits(given) if given["rate"] else None)
    return True


def _limits(given: Json) -> FloodLimits:
    windows = {name: Window(*given[name]) if given[name] else None for name in ("chat", "group") if name in given}
    overall = Window(int(given["rate"]), 1.0)
    return FloodLimits(overall=overall, paid=overall, enforce=bool(given.get("enforce", True)), **windows)


def _reset(sandbox: Sandbox, given: Json) -> Any:
    """Forget the log of calls and the planned faults; chats and updates stay."""
    sandbox.calls.clear()
    sandbox.refusals.clear()
    sandbox.clear_faults()
    sandbox.flood = FloodGuard(sandbox.flood.limits)
    return True


def _calls(sandbox: Sandbox, given: Json) -> Any:
    """The log from the entry `since` on; `method` picks one."""
    return _logged(sandbox.calls, given)


def _refusals(sandbox: Sandbox, given: Json) -> Any:
    return _logged(sandbox.refusals, given)


def _logged(log: list[Call], given: Json) -> list[Json]:
    wanted = given.get("method")
    picked = (call for call in log[int(given.get("since", 0)) :] if wanted in (None, call.method))
    return [asdict(call) | {"at": call.at.isoformat(), "params": dict(call.params)} for call in picked]


def _summary(sandbox: Sandbox, given: Json) -> Any:
    return {
        "calls": len(sandbox.calls),
        "refusals": len(sandbox.refusals),
        "violations": sandbox.flood.violations,
        "pending_updates": len(sandbox.world.queue.rows),
        "now": sandbox.world.clock().isoformat(),
    }


def _updates(sandbox: Sandbox, given: Json) -> Any:
    return [row["update"] for row in sandbox.world.queue.rows.values()]


def _chat(sandbox: Sandbox, given: Json) -> Any:
    return chat_view(sandbox.world, int(given["person"]))


_ACTS = (
    *("add_group", "kick_bot", "upgrade_group", "say", "start", "edit_message", "send_file", "send_location"),
    *("send_contact", "press", "press_unchecked", "vote", "block", "unblock", "deactivate"),
)
_COMMANDS: dict[str, Command] = {
    "people": _add_people,
    "act": _act,
    "inject": _inject,
    "fail": _fail,
    "clear_faults": _clear_faults,
    "advance": _advance,
    "configure": _configure,
    "reset": _reset,
}
_QUERIES: dict[str, Command] = {
    "calls": _calls,
    "refusals": _refusals,
    "summary": _summary,
    "updates": _updates,
    "chat": _chat,
}
