"""What must not stay in the inbox once a row is done: coordinates, contacts, and one-time codes.

Whatever the body is, nothing is raised: a row that cannot be processed must still be parked.
"""

import re
from typing import Any

from bot import json_text

HIDDEN = ("location", "venue", "contact")
CODE = re.compile(r"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ][\s\-0-9A-Za-z０-９Ａ-Ｚａ-ｚ]{4,14}")
PAYLOAD = re.compile(r"/start(@\w+)?\s+\S")
BLANK = "[removed]"
MESSAGES = ("message", "edited_message")
QUOTED = ("reply_to_message", "external_reply", "pinned_message")
"""Messages inside a message, which may hold what was removed from the row they came in."""


def blank(raw: str | None) -> str | None:
    """The body with what must not stay taken out; the same string where there was nothing, none where it is no JSON."""
    if not raw:
        return raw
    try:
        body = json_text.read(raw)
    except (ValueError, RecursionError):
        return None
    return blank_body(body, raw)


def blank_body(body: Any, raw: str) -> str:
    """The same for a body that has been read already; it is changed where something must not stay."""
    messages = [body.get(kind) for kind in MESSAGES] if isinstance(body, dict) else []
    found = [_blank_message(message) for message in messages if isinstance(message, dict)]
    found += [_blank_edited(messages[-1])] if messages and isinstance(messages[-1], dict) else []
    return json_text.write(body) if any(found) else raw


def _blank_edited(message: dict[str, Any]) -> bool:
    """No handler reads what was edited, and it may be what somebody had said without a name."""
    said = [name for name in ("text", "caption") if message.get(name) not in (None, BLANK)]
    message.update(dict.fromkeys(said, BLANK))
    return bool(said)


def _blank_message(message: dict[str, Any]) -> bool:
    inside = [_blank_message(part) for name in QUOTED if isinstance(part := message.get(name), dict)]
    hidden = [name for name in HIDDEN if message.pop(name, None) is not None]
    text = message.get("text")
    if isinstance(text, str) and (PAYLOAD.match(text) or CODE.fullmatch(text.strip())):
        message["text"] = BLANK
        message.pop("entities", None)
        return True
    return bool(hidden) or any(inside)
