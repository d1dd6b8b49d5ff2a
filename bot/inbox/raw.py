"""Raw updates as JSON text: what counts as one, and how it is written so that both databases take it."""

import re
from typing import Any, TypeGuard

from bot import json_text

RawUpdate = dict[str, Any]

LARGEST_ID = 2**63 - 1
NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""A NUL as JSON writes it, and not a backslash followed by ``u0000`` that somebody typed."""


def is_update(value: object) -> TypeGuard[RawUpdate]:
    """Whether it has an update's shape, and an id that fits in 64 bits."""
    number = value.get("update_id") if isinstance(value, dict) else None
    return type(number) is int and -LARGEST_ID <= number <= LARGEST_ID


def write_body(update: RawUpdate) -> str:
    """The update as compact JSON without NULs and halves of surrogate pairs, which no database stores."""
    body = json_text.write(update)
    if "\\u0000" in body:
        body = NUL.sub(r"\1", body)
    return body if body.isascii() else body.encode(errors="replace").decode()
