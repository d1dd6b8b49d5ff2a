"""Waiting longer after each failure, so that nothing ever turns into a hot loop."""

import random

FIRST = 0.5
LONGEST = 60.0


class Backoff:
    """Seconds to wait: doubling from half a second to a minute, with a little chance in it."""

    def __init__(self, first: float = FIRST, longest: float = LONGEST) -> None:
        self._first = first
        self._longest = longest
        self._failures = 0

    def next(self) -> float:
        """The next wait in seconds."""
        delay = min(self._longest, self._first * 2.0 ** min(self._failures, 20))
        self._failures += 1
        return delay * random.uniform(0.9, 1.1)  # noqa: S311 - no secret depends on it

    def reset(self) -> None:
        """Begin from the shortest wait again, after a success."""
        self._failures = 0
