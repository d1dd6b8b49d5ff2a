"""What a process costs, read from /proc, and on which core it runs. Linux only, as are the figures."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ALL_CORES = sorted(os.sched_getaffinity(0))
"""Those this process began with: inside ``on_cores`` the system would name only some."""

BOT_CORES, OTHER_CORES = ALL_CORES[:1], ALL_CORES[1:2] or ALL_CORES
"""The emulator and the load run on another, so that the bot's own work is what the bot's core does."""

TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def on_cores(numbers: Sequence[int]) -> Iterator[None]:
    """Run this thread there, and so whatever it starts meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(numbers))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and all its threads so far, to a hundredth of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_mib(pid: int) -> float:
    """The most memory that a process has ever had resident."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number beside what is wanted of it; ``at_most`` and ``at_least`` are in the same unit."""

    name: str
    value: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the number is what is wanted; one without a target always is."""
        below = self.at_most is None or self.value <= self.at_most
        return below and (self.at_least is None or self.value >= self.at_least)

    @property
    def target(self) -> str:
        """What is wanted, in words."""
        if self.at_most is not None:
            return f"<= {self.at_most:g}"
        return "" if self.at_least is None else f">= {self.at_least:g}"
