"""What must not stay in the inbox once a row is done: coordinates, contacts, and one-time codes."""

import json
import re
from typing import Any

HIDDEN = ("location", "venue", "contact")
CODE = re.compile(r"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ][\s\-0-9A-Za-z０-９Ａ-Ｚａ-ｚ]{4,14}")
PAYLOAD = re.compile(r"/start(@\w+)?\s+\S")
BLANK = "[removed]"
MESSAGES = ("message", "edited_message")


def blank(raw: str | None) -> str | None:
    """The body with what must not stay taken out; the same string where there was nothing."""
    if not raw:
        return raw
    body = json.loads(raw)
    found = [_blank_message(body[kind]) for kind in MESSAGES if isinstance(body.get(kind), dict)]
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")) if any(found) else raw


def _blank_message(message: dict[str, Any]) -> bool:
    hidden = [name for name in HIDDEN if message.pop(name, None) is not None]
    text = message.get("text")
    if isinstance(text, str) and (PAYLOAD.match(text) or CODE.fullmatch(text.strip())):
        message["text"] = BLANK
        message.pop("entities", None)
        return True
    return bool(hidden)
