"""Starting on the database of a large installation: how long until it is ready, and how much memory that takes."""

from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import measuring
from tests.benchmarks import stage as stages
from tests.benchmarks.measuring import Figure
from tests.benchmarks.seeding import seed_camp, seed_inbox


def measure_start(folder: Path, people: int, inbox: int) -> Sequence[Figure]:
    """From the start of the process to its word that it is ready; the first start fills the caches of the disk."""
    with stages.stage(folder) as stage:
        seed_camp(stage.url, people)
        seed_inbox(stage.url, inbox)
        stage.start().stop()
        bot = stage.start()
        memory = measuring.peak_mib(bot.pid)
    name = f"{people:,} people, {inbox:,} inbox rows"
    return [
        Figure(f"start with {name}", bot.seconds_to_start, "s", at_most=1.5),
        Figure("most memory", memory, "MiB", at_most=200),
    ]
