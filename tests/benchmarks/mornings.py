"""The morning push of every cohort is due at one instant: how long until all of it is in the outbox?"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session

from bot.database import Database
from bot.outbox.models import Outbox
from bot.recurrence.service import is_due
from bot.timetable.service import MORNING
from tests.benchmarks import stage as stages
from tests.benchmarks.measuring import Figure
from tests.benchmarks.seeding import count, seed_camp, seed_mornings

OWED = "SELECT count(*) FROM outbox WHERE key LIKE 'morning:%'"
OUTBOX = Outbox.__table__  # type: ignore[attr-defined]
WORD = OUTBOX.c.key.like("morning:%")
AHEAD = timedelta(seconds=4)
LOOK = 0.01


def measure_mornings(folder: Path, people: int, cohorts: int) -> Sequence[Figure]:
    """Seconds from the instant they are due, the longest the event loop was deaf meanwhile, and who was missed."""
    with stages.stage(folder) as stage:
        seed_camp(stage.url, people, cohorts=cohorts)
        stage.invite(people)
        bot = stage.start(stages.OBSERVED)
        due = datetime.now(UTC) + AHEAD
        seed_mornings(stage.url, cohorts, due)
        bot.forget_stalls()
        time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
        began, ended = _wait_for_pass(stage.url, due)
        stall = bot.worst_stall
        missed = people - count(stage.url, OWED)
    return [
        Figure(f"{people:,} due at once: the pass took", (ended - began).total_seconds(), "s", at_most=1.0),
        Figure(
            "from the instant they were due",
            (ended - due).total_seconds(),
            "s",
            note="the clock's door looks once a second",
        ),
        Figure("event loop deaf for at most", stall * 1e3, "ms", at_most=50),
        Figure("missed", missed, at_most=0),
    ]


def _wait_for_pass(url: str, due: datetime) -> tuple[datetime, datetime]:
    """When the pass began, by its first row, and when nothing was due any more."""
    database = Database(url)
    try:
        stages.wait_for(lambda: not database.read_now(lambda s: is_due(s, MORNING, due)), "the push", pause=LOOK)
        return database.read_now(_first_written), datetime.now(UTC)
    finally:
        database.close()


def _first_written(session: Session) -> datetime:
    first: datetime = session.connection().execute(select(func.min(OUTBOX.c.created_at)).where(WORD)).scalar_one()
    return first
