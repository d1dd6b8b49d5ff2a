"""Five hundred people press at once, and Telegram is 50 ms away: when has the last one been answered?"""

from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.checkins import run_crowd
from tests.benchmarks.measuring import Figure

LATENCY = 0.05


def measure_presses(folder: Path, people: int) -> Sequence[Figure]:
    """Seconds from the first press to the answer to the last, each press being a check-in."""
    run = run_crowd(folder, people, latency=LATENCY)
    return [
        Figure(f"{people} presses at once, 50 ms away: last answer", run.last_answer, "s", at_most=0.6),
        Figure("last edit", run.seconds, "s"),
        Figure("lost", run.lost, at_most=0),
    ]
