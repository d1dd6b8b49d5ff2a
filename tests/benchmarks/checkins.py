"""Everybody presses the button "I am here" at once: how many check-ins a second, and what one costs.

A check-in is an update in, an attendance and a line of the log committed, and two calls out: the press is answered
and the message under it changed.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.benchmarks import stage as stages
from tests.benchmarks.measuring import Figure
from tests.benchmarks.seeding import count, seed_camp
from tests.benchmarks.stage import ORDINARY, OURS, Stage
from tests.support import postgres

CALLS = 2
TRIPS = 500
WARM_UP = 3.0
"""Seconds that a bot has been up, so that what it does once after its start is not counted as a check-in's work."""
ARRIVED = "SELECT count(*) FROM attendance WHERE activity_id = 1"
LOGGED = "SELECT count(*) FROM change WHERE action = 'arrive'"


@dataclass(frozen=True, slots=True)
class Run:
    """What one crowd cost: seconds from the first press, CPU seconds, and what went missing."""

    people: int
    seconds: float
    cpu: float
    last_answer: float
    lost: int

    @property
    def rate(self) -> float:
        """Check-ins a second."""
        return self.people / self.seconds

    @property
    def cpu_us(self) -> float:
        """Microseconds of the bot's CPU a check-in."""
        return self.cpu / self.people * 1e6


def run_crowd(
    folder: Path,
    people: int,
    *,
    url: str = "",
    module: str = OURS,
    past: int = 0,
    latency: float = 0.0,
) -> Run:
    """Let so many people check in at once and wait for the last call."""
    with stages.stage(folder, url, "--latency", "0") as stage:
        camp = seed_camp(stage.url, people, past=past)
        stage.invite(people)
        messages = stage.put_buttons(camp)
        stage.emulator.do("configure", latency=latency)
        bot = stage.start(module)
        time.sleep(WARM_UP)
        before = bot.cpu
        began = stage.press_all(camp, messages)
        stage.wait_for_calls(CALLS * people)
        cpu = bot.cpu - before
        return judge(stage, people, began, cpu)


def judge(stage: Stage, people: int, began: float, cpu: float) -> Run:
    """End the stage and count what came of so many presses since ``began``, which cost so many seconds of CPU."""
    calls = [call for call in stage.calls() if call["method"] in ("answerCallbackQuery", "editMessageText")]
    answers = [call["at"] for call in calls if call["method"] == "answerCallbackQuery"]
    edited = len({call["chat_id"] for call in calls if call["method"] == "editMessageText"})
    stage.stop()
    arrived, logged = count(stage.url, ARRIVED), count(stage.url, LOGGED)
    lost = sum(abs(people - number) for number in (len(answers), edited, arrived, logged))
    last = max((call["at"] for call in calls), default=began) - began
    return Run(people, last, cpu, max(answers, default=began) - began, lost)


def measure_checkins(folder: Path, people: int, ordinary_people: int) -> Sequence[Figure]:
    """On SQLite, beside the ordinary bot doing the same."""
    ours = run_crowd(folder / "ours", people)
    ordinary = run_crowd(folder / "ordinary", ordinary_people, module=ORDINARY)
    return [
        Figure("check-ins a second, SQLite", ours.rate, "/s", at_least=1000),
        Figure("CPU a check-in, SQLite", ours.cpu_us, "us"),
        Figure("lost", ours.lost, at_most=0),
        Figure("the ordinary bot's check-ins a second", ordinary.rate, "/s"),
        Figure("the ordinary bot's CPU a check-in", ordinary.cpu_us, "us"),
        Figure("the ordinary bot's losses", ordinary.lost),
        Figure("times as fast as the ordinary bot", ours.rate / ordinary.rate, "x", at_least=4),
    ]


def measure_on_postgres(folder: Path, people: int) -> Sequence[Figure]:
    """On PostgreSQL over its socket, every commit on the disk, without the ordinary bot."""
    with postgres.databases(is_durable=True) as databases, databases.fresh() as url:
        trip = _round_trip(url)
        run = run_crowd(folder, people, url=url)
    return [
        Figure("check-ins a second, PostgreSQL", run.rate, "/s", at_least=700),
        Figure("CPU a check-in, PostgreSQL", run.cpu_us, "us"),
        Figure("lost", run.lost, at_most=0),
        Figure("a round trip to the database", trip * 1e3, "ms"),
    ]


def _round_trip(url: str) -> float:
    with psycopg.connect(postgres.plain(make_url(url)), autocommit=True) as connection:
        began = time.perf_counter()
        for _ in range(TRIPS):
            connection.execute("SELECT 1").fetchone()
        return (time.perf_counter() - began) / TRIPS
