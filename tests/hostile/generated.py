"""Random updates that the Bot API's own type table allows, for hypothesis to vary and to shrink."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

TABLE = Path(__file__).parents[1] / "data" / "botapi" / "types.json"
TYPES: dict[str, dict[str, Any]] = json.loads(TABLE.read_text())["types"]
DEEPEST = 4
MOST_OPTIONAL = 3
LAST_DATE = 2**31 - 1
LARGEST_ID = 2**52 - 1
"""Telegram promises that its ids have at most 52 significant bits."""

Draw = Callable[[st.SearchStrategy[Any]], Any]

WORDS = (
    "/start",
    "/start ABCDE23456",
    "/start c1_2_x",
    "/cancel",
    "/help",
    "/today",
    "/week",
    "/me",
    "/language",
    "hello",
    "你好",
    "ABCDE 23456",
    "1234",
    "",
    " ",
    "\u202eright to left",
    "z̷̢͠a̶l̵g̴o",
    "<b>&amp;</b>",
    "*_`[",
    "\\u0000",
    "👩‍👩‍👧",
    "\ud83d",
)
DATA = (
    "people:",
    "people:card:1",
    "timetable:day:1:2026-12-07",
    "timetable:week:1",
    "checkin:arrive:1",
    "checkin:open:1",
    "checkin:open:-1",
    "checkin:open:99999999999999999999",
    "checkin:open:1:1:1:1",
    ":",
    "::::",
    "people:card:'; --",
)


@st.composite
def updates(draw: Draw) -> dict[str, Any]:
    """One update without its id: exactly one of the kinds of the table."""
    kinds = {name: field for name, field in TYPES["Update"]["fields"].items() if name != "update_id"}
    kind = draw(
        st.one_of(st.sampled_from(["message", "callback_query", "edited_message"]), st.sampled_from(sorted(kinds)))
    )
    return {kind: _value(draw, "Update", kind, kinds[kind], 0)}


def _object(draw: Draw, name: str, depth: int) -> dict[str, Any]:
    if "subtypes" in TYPES[name]:
        return _object(draw, draw(st.sampled_from(TYPES[name]["subtypes"])), depth)
    fields = TYPES[name]["fields"]
    optional = sorted(field for field, rules in fields.items() if not rules["required"])
    chosen: list[str] = []
    if optional and depth < DEEPEST:
        chosen = draw(st.lists(st.sampled_from(optional), max_size=MOST_OPTIONAL, unique=True))
    made = {
        field: _value(draw, name, field, rules, depth + 1)
        for field, rules in fields.items()
        if rules["required"] or field in chosen
    }
    return _plausible(draw, name, made)


def _plausible(draw: Draw, name: str, made: dict[str, Any]) -> dict[str, Any]:
    """Most messages come from somebody in their private chat, as otherwise hardly any would reach a handler."""
    if name == "Message" and draw(st.integers(0, 3)):
        person = draw(st.sampled_from([41, 42, 43]))
        made["from"] = {"id": person, "is_bot": False, "first_name": draw(_text())}
        made["chat"] = {"id": person, "type": "private"}
        if draw(st.booleans()):
            made["text"] = draw(st.one_of(st.sampled_from(WORDS), _text()))
            made["entities"] = [{"type": "bot_command", "offset": 0, "length": len(made["text"].split(" ")[0])}]
    if name == "CallbackQuery" and draw(st.integers(0, 3)):
        made["data"] = draw(st.sampled_from(DATA))
    return made


def _value(draw: Draw, owner: str, name: str, field: dict[str, Any], depth: int) -> Any:
    if "values" in field:
        return draw(st.sampled_from(field["values"]))
    return _of_type(draw, name, draw(st.sampled_from(field["types"])), depth)


def _of_type(draw: Draw, name: str, kind: str, depth: int) -> Any:
    if kind.startswith("Array of "):
        return [_of_type(draw, name, kind.removeprefix("Array of "), depth + 1) for _ in range(draw(st.integers(0, 2)))]
    if kind in TYPES:
        return _object(draw, kind, depth)
    return draw(_plain(name, kind))


def _plain(name: str, kind: str) -> st.SearchStrategy[Any]:
    match kind:
        case "Integer":
            return _number(name)
        case "Float":
            return st.floats(allow_nan=False, allow_infinity=False)
        case "Boolean":
            return st.booleans()
        case _:
            return _text()


def _number(name: str) -> st.SearchStrategy[int]:
    if name == "date" or name.endswith("_date"):
        return st.integers(0, LAST_DATE)
    if name == "id" or name.endswith("_id"):
        return st.integers(-LARGEST_ID, LARGEST_ID)
    return st.integers(0, LAST_DATE)


def _text() -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(WORDS), st.text(max_size=12))
