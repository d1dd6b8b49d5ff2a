"""Answering presses of inline buttons: once, and in time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.links import WrongLink, check_link
from bot.sandbox.params import Params
from bot.sandbox.world import World

ANSWER_WINDOW = 150.0
TEXT_LIMIT = 200
TOO_LATE = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(world: World, params: Params) -> bool:
    """`answerCallbackQuery`."""
    query_id = params.text("callback_query_id")
    query = world.queries.get(query_id)
    if query is None or query["answered"] or world.now() - query["at"] > ANSWER_WINDOW:
        raise bad_request(TOO_LATE)
    if len(params.text("text")) > TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {
        "callback_query_id": query_id,
        "text": params.text("text") or None,
        "show_alert": params.flag("show_alert"),
        "url": _url(params),
    }
    world.queries.put(query_id, {**query, "answered": True})
    world.hub.answered(query["person"], answer)
    return True


def _url(params: Params) -> str | None:
    url = params.text("url")
    try:
        return check_link(url) if url else None
    except WrongLink as error:
        raise bad_request("URL_INVALID") from error


METHODS: dict[str, Callable[[World, Params], Any]] = {"answerCallbackQuery": answer_callback_query}
