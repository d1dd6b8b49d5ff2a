"""Reading a call's parameters as leniently as Telegram does; it may not know any method or state.

Values arrive as strings (query, forms) or as JSON values (JSON body); both must read the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

Json = dict[str, Any]


class Upload(Struct, frozen=True):
    """One file of a multipart form."""

    name: str
    content: bytes
    mime_type: str = "application/octet-stream"


class Params:
    """The parameters of one call."""

    __slots__ = ("files", "values")

    def __init__(self, values: Mapping[str, Any], files: Mapping[str, Upload] | None = None) -> None:
        self.values = values
        self.files = files or {}

    def has(self, name: str) -> bool:
        """Whether a value was given, be it empty."""
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        """The value as text; empty when it is missing."""
        value = self.values.get(name)
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        return json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        """The value as an integer, or the default when it is no number (as TDLib reads them)."""
        value = self.values.get(name)
        if isinstance(value, int):
            return int(value)
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def number(self, name: str) -> float | None:
        """The value as a float, None when it is missing or no number."""
        try:
            return float(self.text(name))
        except ValueError:
            return None

    def flag(self, name: str) -> bool:
        """The value as a boolean: `true`, `yes` and `1` are true."""
        value = self.values.get(name)
        if isinstance(value, bool):
            return value
        return self.text(name).lower() in {"true", "yes", "1"}

    def json(self, name: str) -> Any:
        """The value decoded from JSON, None when it is missing; raises ValueError for text that is no JSON."""
        value = self.values.get(name)
        return json.loads(value) if isinstance(value, str) and value else value or None

    def objects(self, name: str) -> list[Json]:
        """The value as a list of JSON objects; anything else reads as an empty list."""
        try:
            value = self.json(name)
        except ValueError:
            return []
        return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
