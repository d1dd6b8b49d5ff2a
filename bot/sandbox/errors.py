"""How the sandbox refuses: Telegram's status codes and wording. It knows nothing of methods or state.

ApiError          an answer with `ok: false`
ConnectionCut     a fault: the connection ends without an answer
"""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal as the Bot API words it; `parameters` is its ResponseParameters object."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON object of the answer."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


class ConnectionCut(Exception):
    """The connection was closed without an answer, by a fault that a test asked for."""


def bad_request(reason: str, **parameters: int) -> ApiError:
    """400. TDLib's texts get a small first letter unless they are constants such as `BUTTON_DATA_INVALID`."""
    is_constant = len(reason) > 1 and (reason[1] == "_" or reason[1].isupper())
    text = reason if is_constant or not reason else reason[0].lower() + reason[1:]
    return ApiError(400, f"Bad Request: {text}", **parameters)


def forbidden(reason: str) -> ApiError:
    """403: the chat exists, but the bot may not write to it."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """409: two ways of receiving updates at once."""
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(seconds: int) -> ApiError:
    """429 with `retry_after` in whole seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
