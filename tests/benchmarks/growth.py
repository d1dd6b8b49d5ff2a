"""Does a check-in cost more once millions of attendances have been recorded?"""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks import stage as stages
from tests.benchmarks.checkins import CALLS, WARM_UP, Run, judge
from tests.benchmarks.measuring import Figure
from tests.benchmarks.seeding import seed_camp
from tests.benchmarks.stage import Stage

FEW = 10_000
WAVE = 100
"""People who press at once: a large room."""


class Crowd:
    """A bot with so many attendances in its records, and people who press their buttons, a wave at a time."""

    def __init__(self, stage: Stage, people: int, past: int) -> None:
        self._stage = stage
        self._camp = seed_camp(stage.url, people, past=past)
        stage.invite(people)
        self._messages = stage.put_buttons(self._camp)
        self._bot = stage.start()
        self._pressed = 0
        self._cpu = 0.0
        self._began = time.time()

    def press(self, wave: Sequence[int]) -> None:
        """Let these people press at once, and wait until the last of them has seen it."""
        before = self._bot.cpu
        self._stage.press(self._camp, self._messages, wave)
        self._pressed += len(wave)
        self._stage.wait_for_calls(CALLS * self._pressed)
        self._cpu += self._bot.cpu - before

    def judge(self) -> Run:
        """What all the waves cost."""
        return judge(self._stage, self._pressed, self._began, self._cpu)


def measure_growth(folder: Path, people: int, many: int) -> Sequence[Figure]:
    """The CPU of a check-in beside many rows and beside few.

    Both bots are up at once and the waves take turns: what else the machine does within that time makes either dearer.
    """
    with ExitStack() as stack:
        rooms = [stack.enter_context(stages.stage(folder / name, "", "--latency", "0")) for name in ("few", "many")]
        crowds = [Crowd(stage, people, past) for stage, past in zip(rooms, (FEW, many), strict=True)]
        time.sleep(WARM_UP)
        for wave in _waves(people):
            for crowd in crowds:
                crowd.press(wave)
        few, grown = (crowd.judge() for crowd in crowds)
    return [
        Figure(f"CPU a check-in beside {FEW:,} attendances", few.cpu_us, "us"),
        Figure(f"CPU a check-in beside {many:,} attendances", grown.cpu_us, "us"),
        Figure("how much more", grown.cpu_us / few.cpu_us, "x", at_most=1.2),
        Figure("lost", few.lost + grown.lost, at_most=0),
    ]


def _waves(people: int) -> Sequence[Sequence[int]]:
    return [range(first, min(first + WAVE, people)) for first in range(0, people, WAVE)]
