"""The passes of a forum's day: each thing once, whatever dies on the way, and nothing written where nothing is due."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import func, select

from bot import crashpoints
from bot.database import Database
from bot.forum import stage as stages
from bot.outbox.models import Outbox
from bot.turn import Turns
from schedules import forum_stage
from tests.support.house import HandClock
from tests.support.seats_scene import COORDINATOR, FIRST_TRAINEE, STARTS
from tests.support.stage_scene import MINUTE, StageCamp, build_stage_camp

pytestmark = pytest.mark.anyio
OUTBOX = Outbox.__table__  # type: ignore[attr-defined]
PASSES = (forum_stage.push_signals, forum_stage.push_times, forum_stage.push_results)


class Stopped(Exception):
    """The process died here."""


@dataclass
class Hall:
    """The passes over a forum, and a clock moved by hand."""

    stage: StageCamp
    clock: HandClock
    turns: Turns

    async def at(self, *instants: datetime) -> None:
        """Let every pass run at each instant."""
        for now in instants:
            self.clock.at = now
            for work in PASSES:
                await work(self.turns)

    def keys(self, start: str, chat_id: int | None = None) -> list[str]:
        """What is owed under keys that begin so."""
        rows = [row for row in self.stage.rows(OUTBOX) if row.key.startswith(start)]
        return [row.key for row in rows if chat_id is None or row.chat_id == chat_id]

    def texts(self, account: int) -> list[str]:
        """What one person is owed."""
        rows = [row for row in self.stage.rows(OUTBOX) if row.chat_id == account]
        return [json.loads(row.payload)["text"] for row in rows]


@pytest.fixture
def hall(database_url: str) -> Iterator[Hall]:
    database, clock = Database(database_url), HandClock(STARTS)
    yield Hall(build_stage_camp(database), clock, Turns(database, clock))
    database.close()


def die_at(nth: int) -> None:
    """Make the process die the nth time a pass is about to commit."""
    reached = 0

    def count(place: str) -> None:
        nonlocal reached
        reached += place == "schedule:before-commit"
        if reached == nth:
            raise Stopped

    crashpoints.hook = count


@pytest.fixture(autouse=True)
def _no_hook() -> Iterator[None]:
    yield
    crashpoints.hook = None


async def test_a_speaker_hears_each_reminder_once_through_a_whole_day(hall: Hall) -> None:
    first = STARTS + 10 * MINUTE

    await hall.at(*(first - minutes * MINUTE for minutes in range(1500, 0, -3)))

    heard = [text.split("\n")[0] for text in hall.texts(FIRST_TRAINEE)]
    assert heard == [
        "🎤 <b>Your talk is coming up:</b> Wed, Dec 9 14:10.",
        "🎤 <b>You speak in 30 minutes</b>, at 14:10.",
        "🎤 <b>You speak in 3 minutes</b>, at 14:10.",
    ]


async def test_a_death_before_the_commit_repeats_the_reminder_and_doubles_nothing(hall: Hall) -> None:
    await hall.at(STARTS - 3000 * MINUTE)
    die_at(1)
    with pytest.raises(Stopped):
        await hall.at(STARTS - 600 * MINUTE)
    crashpoints.hook = None
    assert hall.keys("stage:remind") == []

    await hall.at(STARTS - 599 * MINUTE, STARTS - 598 * MINUTE)

    assert len(hall.keys("stage:remind")) == 3


async def test_the_signals_go_to_speaker_and_moderator_and_bring_the_panel_up_to_date(hall: Hall) -> None:
    stage = hall.stage
    stage.open()
    stage.next(STARTS)
    stage.next(STARTS + 10 * MINUTE)
    shown = stages.Shown(0, 0)
    stage.camp.do(
        lambda s: stages.note_panel(
            s, call_id=stage.call_id, speaker=stage.camp.coordinator, chat_id=COORDINATOR, message_id=7, shown=shown
        )
    )

    await hall.at(*(STARTS + (10 + minutes) * MINUTE for minutes in range(14)))

    assert len(hall.keys("stage:warning", FIRST_TRAINEE)) == 1
    assert len(hall.keys("stage:time", FIRST_TRAINEE)) == 1
    assert len(hall.keys("stage:warning", COORDINATOR)) == 1
    edits = [json.loads(row.payload)["text"] for row in stage.rows(OUTBOX) if row.method == "editMessageText"]
    assert [line for text in edits for line in text.split("\n") if "over" in line] == [
        f"🔴 <b>{n} minute{'' if n == 1 else 's'} over</b> (14:10–14:20)" for n in (1, 2, 3)
    ]


async def test_a_death_at_the_signal_gives_it_once(hall: Hall) -> None:
    hall.stage.open()
    hall.stage.next(STARTS)
    hall.stage.next(STARTS + 10 * MINUTE)
    await hall.at(STARTS + 11 * MINUTE)
    die_at(1)
    with pytest.raises(Stopped):
        await hall.at(STARTS + 18 * MINUTE)
    crashpoints.hook = None

    await hall.at(STARTS + 18 * MINUTE + MINUTE / 60, STARTS + 19 * MINUTE)

    assert len(hall.keys("stage:warning", FIRST_TRAINEE)) == 1


async def test_the_room_is_asked_once_for_all_talks(hall: Hall) -> None:
    hall.stage.hold()
    await hall.at(STARTS + 41 * MINUTE)

    await hall.at(STARTS + 42 * MINUTE, STARTS + 50 * MINUTE)

    assert sorted(hall.keys("stage:feedback")) == [
        f"stage:feedback:{hall.stage.call_id}:p{hall.stage.camp.people[number]}" for number in range(3)
    ]


async def test_a_forum_that_nobody_ended_is_ended_and_the_room_is_asked(hall: Hall) -> None:
    hall.stage.open()
    hall.stage.next(STARTS)
    hall.stage.next(STARTS + 10 * MINUTE)

    await hall.at(STARTS + 241 * MINUTE, STARTS + 242 * MINUTE)

    assert hall.stage.order(STARTS + 243 * MINUTE).is_over
    assert len(hall.keys("stage:feedback")) == 3


async def test_where_nothing_is_due_nothing_is_written(hall: Hall) -> None:
    await hall.at(STARTS - 3000 * MINUTE)
    written: list[int] = []
    hall.turns._database.fence = lambda session: written.append(1)  # noqa: SLF001 - called for each writing transaction

    await hall.at(*(STARTS - (2900 - n) * MINUTE for n in range(20)))

    assert written == []
    assert hall.stage.camp.see(lambda s: s.connection().execute(select(func.count()).select_from(OUTBOX)).scalar()) == 0
