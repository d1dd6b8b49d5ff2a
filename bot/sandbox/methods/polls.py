"""Polls and quizzes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from bot.sandbox.entities import ENTITY_LIMIT, FormattedText, read_formatted
from bot.sandbox.errors import bad_request
from bot.sandbox.keyboards import read_markup
from bot.sandbox.methods.sending import deliver, find_message
from bot.sandbox.params import Json, Params
from bot.sandbox.world import World, random_id

QUESTION_LIMIT = 300
OPTION_LIMIT = 100
OPTIONS_LIMIT = 12
EXPLANATION_LIMIT = 200
PERIOD = range(5, 2_628_001)


def send_poll(world: World, params: Params) -> Json:
    """`sendPoll`: a regular poll, or a quiz with one or more right options."""
    poll = _read_poll(world, params)
    wire = deliver(world, params, {"poll": poll})
    closes = float(poll.get("close_date", 0))
    world.polls.put(
        poll["id"],
        {"poll": poll, "chat": wire["chat"]["id"], "message": wire["message_id"], "votes": {}, "closes": closes},
    )
    return wire


def _read_poll(world: World, params: Params) -> Json:
    question = _question(params)
    options = [_option(item) for item in _options(params)]
    kind = params.text("type") or "regular"
    if kind not in {"regular", "quiz"}:
        raise bad_request("unsupported poll type specified")
    poll: Json = {
        "id": random_id(),
        **_named("question", question),
        "options": options,
        "total_voter_count": 0,
        "is_closed": params.flag("is_closed"),
        "is_anonymous": params.flag("is_anonymous") if params.has("is_anonymous") else True,
        "type": kind,
        "allows_multiple_answers": params.flag("allows_multiple_answers"),
        "allows_revoting": params.flag("allows_revoting") if params.has("allows_revoting") else kind == "regular",
        "members_only": params.flag("members_only"),
    }
    return poll | (_quiz(params, len(options)) if kind == "quiz" else {}) | _closing(world, params)


def _named(name: str, formatted: FormattedText) -> Json:
    entities = {f"{name}_entities": formatted.entities} if formatted.entities else {}
    return {name: formatted.text} | entities


def _question(params: Params) -> FormattedText:
    question = read_formatted(params, "question", "question_parse_mode", "question_entities")
    if not question.text:
        raise bad_request("poll question must be non-empty")
    if len(question.text) > QUESTION_LIMIT:
        raise bad_request(f"poll question length must not exceed {QUESTION_LIMIT}")
    return question


def _options(params: Params) -> list[Any]:
    try:
        options = params.json("options")
    except ValueError as error:
        raise bad_request("can't parse options JSON object") from error
    if options is not None and not isinstance(options, list):
        raise bad_request("expected an Array of String as options")
    if not options:
        raise bad_request("poll must have at least one answer option")
    if len(options) > OPTIONS_LIMIT:
        raise bad_request(f"poll can't have more than {OPTIONS_LIMIT} options")
    return list(options)


def _option(item: Any) -> Json:
    given = Params(item if isinstance(item, dict) else {"text": str(item)})
    option = read_formatted(given, "text", "text_parse_mode", "text_entities")
    if not option.text:
        raise bad_request("poll option must be non-empty")
    if len(option.text) > OPTION_LIMIT:
        raise bad_request(f"poll options length must not exceed {OPTION_LIMIT}")
    return {"persistent_id": random_id(), **_named("text", option), "voter_count": 0}


def _quiz(params: Params, count: int) -> Json:
    correct = _correct_options(params)
    if not correct:
        raise bad_request("correct quiz option list must be non-empty")
    if any(later <= earlier for earlier, later in pairwise(correct)):
        raise bad_request("correct quiz option list must be increasing")
    if correct[0] < 0 or correct[-1] >= count:
        raise bad_request("wrong quiz correct_option_id")
    return {"correct_option_ids": correct} | _explanation(params)


def _correct_options(params: Params) -> list[int]:
    try:
        given = params.json("correct_option_ids")
        if given is None and params.has("correct_option_id"):
            given = [params.integer("correct_option_id", -1)]
        return [int(number) for number in given or []]
    except (TypeError, ValueError) as error:
        raise bad_request("can't parse correct option identifiers JSON object") from error


def _explanation(params: Params) -> Json:
    if not params.text("explanation"):
        return {}
    explanation = read_formatted(params, "explanation", "explanation_parse_mode", "explanation_entities")
    if len(explanation.text) > EXPLANATION_LIMIT or explanation.text.count("\n") > 2:
        raise bad_request("MESSAGE_TOO_LONG")
    return _named("explanation", FormattedText(explanation.text, explanation.entities[:ENTITY_LIMIT]))


def _closing(world: World, params: Params) -> Json:
    now = int(world.now())
    if params.has("open_period"):
        period = params.integer("open_period")
        if period not in PERIOD or params.has("close_date"):
            raise bad_request("wrong open period or close date specified")
        return {"open_period": period, "close_date": now + period}
    if params.has("close_date"):
        if params.integer("close_date") - now not in PERIOD:
            raise bad_request("wrong open period or close date specified")
        return {"close_date": params.integer("close_date")}
    return {}


def stop_poll(world: World, params: Params) -> Json:
    """`stopPoll`: closes it and gives the result."""
    row = find_message(world, params, "edit")
    wire = row["wire"]
    if "poll" not in wire or wire["from"]["id"] != world.bot["id"]:
        raise bad_request("message with poll to stop not found")
    if wire["poll"]["is_closed"]:
        raise bad_request("poll has already been closed")
    markup = read_markup(params, private=wire["chat"]["type"] == "private")
    poll: Json = wire["poll"] | {"is_closed": True}
    kept = {name: value for name, value in wire.items() if name != "reply_markup"}
    keyboard = {"reply_markup": markup.wire} if markup else {}
    world.replace(kept | {"poll": poll} | keyboard, fixed=row["fixed"])
    world.polls.put(poll["id"], {**world.polls.rows[poll["id"]], "poll": poll})
    world.queue_update("poll", poll, 0)
    return poll


METHODS: dict[str, Callable[[World, Params], Any]] = {"sendPoll": send_poll, "stopPoll": stop_poll}
