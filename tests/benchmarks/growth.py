"""Does a check-in cost more once millions of attendances have been recorded?"""

from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.checkins import run_crowd
from tests.benchmarks.measuring import Figure

FEW = 10_000


def measure_growth(folder: Path, people: int, many: int) -> Sequence[Figure]:
    """The CPU of a check-in beside many rows and beside few."""
    few = run_crowd(folder / "few", people, past=FEW)
    grown = run_crowd(folder / "many", people, past=many)
    return [
        Figure(f"CPU a check-in beside {FEW:,} attendances", few.cpu_us, "us"),
        Figure(f"CPU a check-in beside {many:,} attendances", grown.cpu_us, "us"),
        Figure("how much more", grown.cpu_us / few.cpu_us, "x", at_most=1.2),
        Figure("lost", few.lost + grown.lost, at_most=0),
    ]
