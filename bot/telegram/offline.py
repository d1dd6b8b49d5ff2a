"""Transports without a network: for the bot that handlers see inside a transaction, and for an answer that has come."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, final

from telegram.request import BaseRequest, RequestData

from bot.telegram.errors import NetworkInTransaction

if TYPE_CHECKING:
    from telegram._utils.types import ODVInput


class _Still(BaseRequest):
    """What opens, waits for and closes nothing."""

    __slots__ = ()

    @property
    def read_timeout(self) -> float | None:
        """No limit, since nothing is ever read."""
        return None

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Do nothing: there is nothing to close."""


@final
class OfflineRequest(_Still):
    """The transport of the bot that handlers see: it knows who it is and refuses everything else.

    `identity` is the `result` of getMe as stored at start-up. Nothing here waits, so a coroutine that ends in it
    finishes at its first step.
    """

    __slots__ = ("_answer",)

    def __init__(self, identity: Mapping[str, Any]) -> None:
        """Keep the stored answer of getMe."""
        self._answer = json.dumps({"ok": True, "result": dict(identity)}).encode()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: "ODVInput[float]" = BaseRequest.DEFAULT_NONE,
        write_timeout: "ODVInput[float]" = BaseRequest.DEFAULT_NONE,
        connect_timeout: "ODVInput[float]" = BaseRequest.DEFAULT_NONE,
        pool_timeout: "ODVInput[float]" = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Answer getMe; raises NetworkInTransaction, naming the method only, for anything else."""
        called = url.rpartition("/")[2]
        if called != "getMe":
            raise NetworkInTransaction(f"{called} was called inside a transaction; record it in the outbox instead")
        return 200, self._answer


@final
class AnsweredRequest(_Still):
    """The transport of one answer that has come already, so that the library says what a refusal in it means."""

    __slots__ = ("_answer",)

    def __init__(self, status: int, payload: bytes) -> None:
        """Keep the answer."""
        self._answer = status, payload

    async def do_request(self, url: str, method: str, *_: object, **__: object) -> tuple[int, bytes]:
        """Give the answer."""
        return self._answer
