"""The one clock. Doors read it once and pass ``now`` on; services and rules never see it."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that knows the instant."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class MovableClock:
    """The machine's clock with an offset, so that the sandbox and the tests can move time."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """The shifted instant, aware, in UTC."""
        return datetime.now(UTC) + self.offset

    def set(self, at: datetime) -> None:
        """Make the present instant ``at``; time runs on from there."""
        self.offset = at - datetime.now(UTC)
