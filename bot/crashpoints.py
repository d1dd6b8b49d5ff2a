"""Named places where a fault test may kill the process; in production each is one comparison with ``None``.

``docs/faults.md`` lists them beside the tests that use them.
"""

import os
import signal
from collections.abc import Callable

hook: Callable[[str], None] | None = None


def reach(name: str) -> None:
    """Say that the place ``name`` was reached."""
    if hook is not None:
        hook(name)


def kill_at(name: str, nth: int) -> Callable[[str], None]:
    """Make a hook that kills this process the ``nth`` time ``name`` is reached (``*``: any place)."""
    reached = 0

    def count(place: str) -> None:
        nonlocal reached
        reached += place == name or name == "*"
        if reached == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    return count


def arm_from_environment() -> None:
    """Arm ``COHORT_CRASHPOINT=name:nth`` when a fault test has set it."""
    global hook  # noqa: PLW0603 - one switch for the whole process is what a fault test needs
    if wanted := os.environ.get("COHORT_CRASHPOINT"):
        name, _, nth = wanted.rpartition(":")
        hook = kill_at(name, int(nth))
