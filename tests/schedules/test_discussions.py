"""What the clock does for discussions: one quiet word a stage, a seat for whoever comes late."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.discussions import service
from bot.discussions.models import Stage, Who
from bot.outbox.models import Outbox
from bot.turn import Turns
from schedules import discussions
from tests.support.discussion_camp import MINUTE, NOON, DiscussionCamp, build_discussion_camp
from tests.support.house import HandClock

pytestmark = pytest.mark.anyio
OUTBOX: Any = Outbox.__table__  # type: ignore[attr-defined]


class Clockwork:
    """A camp, a clock and the passes."""

    def __init__(self, database: Database) -> None:
        self.camp: DiscussionCamp = build_discussion_camp(database)
        self.clock = HandClock(NOON)
        self.turns = Turns(database, self.clock)

    def owed(self, chat_id: int) -> list[dict[str, Any]]:
        """What is owed to a chat."""
        query = select(OUTBOX.c.payload).where(OUTBOX.c.chat_id == chat_id).order_by(OUTBOX.c.id)
        return [json.loads(one) for one in self.camp.see(lambda s: s.connection().execute(query).scalars().all())]


@pytest.fixture
def works(database_url: str) -> Iterator[Clockwork]:
    database = Database(database_url)
    yield Clockwork(database)
    database.close()


async def test_the_leader_is_reminded_quietly_and_once(works: Clockwork) -> None:
    works.camp.create()
    works.camp.go(Stage.GATHERING, now=NOON)
    leader = works.camp.speakers()[0]
    works.clock.at = NOON + 8 * MINUTE

    reminded = [await discussions.push_nudges(works.turns) for _ in range(2)]

    assert reminded == [1, 0]
    (message,) = works.owed(leader.telegram_id)
    assert "The time for “everybody writes” is up" in message["text"]
    assert message["disable_notification"] is True


async def test_nobody_is_reminded_before_the_time_or_without_a_clock(works: Clockwork) -> None:
    works.camp.create()
    works.camp.do(
        lambda s: service.setting_up.set_minutes(
            s,
            speaker=works.camp.coordinator,
            discussion_id=works.camp.discussion,
            stage=Stage.WRITING,
            minutes=0,
            now=NOON,
        )
    )
    works.camp.go(Stage.GATHERING, now=NOON)
    works.clock.at = NOON + 600 * MINUTE

    assert await discussions.push_nudges(works.turns) == 0


async def test_whoever_checks_in_late_gets_a_seat_and_is_told_once(works: Clockwork) -> None:
    works.camp.attend(0, 1, 2, 3)
    works.camp.create(who=Who.PRESENT)
    works.camp.attend(6)
    late = works.camp.trainees[6]

    seated = [await discussions.seat_latecomers(works.turns) for _ in range(2)]

    assert seated == [1, 0]
    (message,) = works.owed(late.telegram_id)
    assert "Together: " in message["text"]
    assert late.name in message["text"]


async def test_nobody_is_seated_in_a_draft_or_when_all_is_over(works: Clockwork) -> None:
    works.camp.create(announce=False)
    works.camp.add_trainee(30)
    in_a_draft = await discussions.seat_latecomers(works.turns)
    camp = works.camp
    everything = {"speaker": camp.coordinator, "discussion_id": camp.discussion, "now": NOON}
    camp.do(lambda s: service.setting_up.announce(s, **everything))  # type: ignore[arg-type]
    camp.do(lambda s: service.setting_up.end(s, **everything))  # type: ignore[arg-type]

    assert (in_a_draft, await discussions.seat_latecomers(works.turns)) == (0, 0)
