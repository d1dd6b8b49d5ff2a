"""Calling the sandbox's core as a bot would, without a transport."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.sandbox.core import Sandbox
from bot.sandbox.errors import ApiError
from bot.sandbox.params import Params, Upload

START = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def result(sandbox: Sandbox, method: str, files: dict[str, Upload] | None = None, /, **params: Any) -> Any:
    """The result of a call that must succeed."""
    return sandbox.perform(method, Params(params, files))


def refusal(sandbox: Sandbox, method: str, files: dict[str, Upload] | None = None, /, **params: Any) -> str:
    """The description of a call that must be refused, with its status in front."""
    with pytest.raises(ApiError) as caught:
        sandbox.perform(method, Params(params, files))
    return f"{caught.value.status} {caught.value.description}"


def pending(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The updates that the bot has not confirmed."""
    return [row["update"] for row in sandbox.world.queue.rows.values()]
