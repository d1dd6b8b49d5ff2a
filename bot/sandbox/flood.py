"""Telegram's flood limits as strict sliding windows. It counts; it sends nothing and waits for nothing."""

from __future__ import annotations

import math
from collections import defaultdict, deque

from msgspec import Struct


class Window(Struct, frozen=True):
    """At most `limit` messages in any `seconds` seconds."""

    limit: int
    seconds: float = 1.0


class FloodLimits(Struct, frozen=True):
    """Limits of the Bot API FAQ; a short burst in a chat passes (its size is not documented).

    With `enforce=False` nothing is refused and violations are only counted.
    """

    overall: Window = Window(30, 1.0)
    paid: Window = Window(1000, 1.0)
    chat: Window | None = Window(20, 20.0)
    group: Window | None = Window(20, 60.0)
    enforce: bool = True


class FloodGuard:
    """Counts messages against the limits; `violations` are calls beyond them, refused or not."""

    def __init__(self, limits: FloodLimits | None) -> None:
        self.limits = limits
        self.violations = 0
        self._overall: deque[float] = deque()
        self._chats: defaultdict[int, deque[float]] = defaultdict(deque)

    def admit(self, chat_id: int, count: int, *, paid: bool, now: float) -> int:
        """Count messages to a chat at an instant (seconds); 0, or the seconds to wait if they are refused."""
        limits = self.limits
        if limits is None:
            return 0
        chat_window = limits.group if chat_id < 0 else limits.chat
        wait = _wait(self._overall, limits.paid if paid else limits.overall, count, now)
        if chat_window is not None:
            wait = max(wait, _wait(self._chats[chat_id], chat_window, count, now))
        self.violations += wait > 0
        if wait and limits.enforce:
            return max(1, math.ceil(wait))
        self._overall.extend([now] * count)
        if chat_window is not None:
            self._chats[chat_id].extend([now] * count)
        return 0


def _wait(sent: deque[float], window: Window, count: int, now: float) -> float:
    while sent and sent[0] <= now - window.seconds:
        sent.popleft()
    over = len(sent) + count - window.limit
    if over <= 0:
        return 0.0
    # A batch larger than the window alone can never pass; it waits for an empty window.
    leaving = sent[min(over, len(sent)) - 1] if sent else now
    return max(leaving + window.seconds - now, 0.001)
