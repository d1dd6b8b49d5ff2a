"""All benchmarks by name, each at three sizes: a toy that proves it counts right, the usual one, and the long one."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path

from tests.benchmarks.broadcasts import ORDINARY, PAID, measure_broadcast, measure_replies
from tests.benchmarks.checkins import measure_checkins, measure_on_postgres
from tests.benchmarks.growth import measure_growth
from tests.benchmarks.measuring import Figure
from tests.benchmarks.mornings import measure_mornings
from tests.benchmarks.notices import measure_notice
from tests.benchmarks.presses import measure_presses
from tests.benchmarks.reminders import measure_reminders
from tests.benchmarks.starts import measure_start

Benchmark = Callable[[Path], Sequence[Figure]]


class Size(StrEnum):
    """How much is measured."""

    TOY = "toy"
    USUAL = "usual"
    LONG = "long"


SUITE: Mapping[str, Mapping[Size, Benchmark]] = {
    "checkin": {
        Size.TOY: partial(measure_checkins, people=30, ordinary_people=10),
        Size.USUAL: partial(measure_checkins, people=5_000, ordinary_people=500),
        Size.LONG: partial(measure_checkins, people=20_000, ordinary_people=2_000),
    },
    "postgres": {
        Size.TOY: partial(measure_on_postgres, people=30),
        Size.USUAL: partial(measure_on_postgres, people=3_000),
        Size.LONG: partial(measure_on_postgres, people=10_000),
    },
    "presses": {
        Size.TOY: partial(measure_presses, people=20),
        Size.USUAL: partial(measure_presses, people=500),
        Size.LONG: partial(measure_presses, people=3_000),
    },
    "broadcast": {
        Size.TOY: partial(measure_broadcast, people=40, limits=ORDINARY),
        Size.USUAL: partial(measure_broadcast, people=1_000, limits=ORDINARY),
        Size.LONG: partial(measure_broadcast, people=3_000, limits=ORDINARY),
    },
    "paid": {
        Size.TOY: partial(measure_broadcast, people=200, limits=PAID),
        Size.USUAL: partial(measure_broadcast, people=10_000, limits=PAID),
        Size.LONG: partial(measure_broadcast, people=30_000, limits=PAID),
    },
    "reply": {
        Size.TOY: partial(measure_replies, people=60, replies=3, limits=ORDINARY, pause=0.25),
        Size.USUAL: partial(measure_replies, people=20_000, replies=200, limits=PAID, pause=0.05),
        Size.LONG: partial(measure_replies, people=3_000, replies=300, limits=ORDINARY, pause=0.25),
    },
    "notice": {
        Size.TOY: partial(measure_notice, people=60, replies=3, limits=ORDINARY, pause=0.25),
        Size.USUAL: partial(measure_notice, people=20_000, replies=200, limits=PAID, pause=0.05),
        Size.LONG: partial(measure_notice, people=3_000, replies=300, limits=ORDINARY, pause=0.25),
    },
    "morning": {
        Size.TOY: partial(measure_mornings, people=60, cohorts=3),
        Size.USUAL: partial(measure_mornings, people=30_000, cohorts=60),
        Size.LONG: partial(measure_mornings, people=30_000, cohorts=600),
    },
    "reminders": {
        Size.TOY: partial(measure_reminders, people=60, cohorts=3),
        Size.USUAL: partial(measure_reminders, people=30_000, cohorts=250),
        Size.LONG: partial(measure_reminders, people=30_000, cohorts=1_000),
    },
    "growth": {
        Size.TOY: partial(measure_growth, people=20, many=20_000),
        Size.USUAL: partial(measure_growth, people=3_000, many=1_000_000),
        Size.LONG: partial(measure_growth, people=3_000, many=10_000_000),
    },
    "start": {
        Size.TOY: partial(measure_start, people=100, inbox=100),
        Size.USUAL: partial(measure_start, people=30_000, inbox=100_000),
        Size.LONG: partial(measure_start, people=30_000, inbox=1_000_000),
    },
}
