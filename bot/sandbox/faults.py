"""Faults that a test asks for: wrong answers, late answers, cut connections, before or after the effect."""

from __future__ import annotations

from collections import defaultdict, deque

from msgspec import Struct


class Fault(Struct, frozen=True):
    """What goes wrong with one call.

    `status` with `description` and `retry_after` answers an error; `body` answers these raw bytes (with `status`,
    or 200); `cut` ends the connection without an answer. These happen instead of the effect unless `apply` is set.
    `delay` (seconds) comes before the answer; alone, it makes a good answer late, its effect already done.
    """

    status: int = 0
    description: str = ""
    retry_after: int = 0
    body: bytes | None = None
    delay: float = 0.0
    cut: bool = False
    apply: bool = False

    @property
    def is_late_only(self) -> bool:
        """Whether the answer itself is the ordinary one."""
        return not self.status and self.body is None and not self.cut


class FaultPlan:
    """Faults waiting for their calls, by method; `*` is any method."""

    def __init__(self) -> None:
        self._planned: defaultdict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, fault: Fault, times: int) -> None:
        """Plan a fault for the next calls of a method."""
        self._planned[method.lower()].extend([fault] * times)

    def next_for(self, method: str) -> Fault | None:
        """The fault of this call, if any; it is used up."""
        for name in (method.lower(), "*"):
            planned = self._planned.get(name)
            if planned:
                return planned.popleft()
        return None

    def clear(self) -> None:
        """Forget all planned faults."""
        self._planned.clear()
