from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session

from bot.conversation import Dialogue
from bot.inbox.models import Inbox
from bot.outbox.models import Outbox
from bot.people.models import Guess
from bot.turn import Turns
from schedules import housekeeping
from schedules.housekeeping import tidy_up
from tests.support.camps import SUNDAY_NOON, Camps
from tests.support.house import HandClock

pytestmark = pytest.mark.anyio
Tidy = Callable[[], Awaitable[None]]


@pytest.fixture
def tidy(camps: Camps, monkeypatch: pytest.MonkeyPatch) -> Tidy:
    monkeypatch.setattr(housekeeping, "BATCH", 2)
    turns = Turns(camps.database, HandClock(SUNDAY_NOON))
    return lambda: tidy_up(turns)


def fill(camps: Camps, days: int, rows: int) -> None:
    """Put settled rows of a certain age everywhere."""
    at = SUNDAY_NOON - timedelta(days=days)

    def work(session: Session) -> None:
        for number in range(rows):
            session.add(
                Inbox(source="bot:1", external_id=days * 1000 + number, received_at=at, body="{}", status="done")
            )
            session.add(
                Outbox(
                    key=f"{days}:{number}",
                    lane=1,
                    chat_id=1,
                    method="sendMessage",
                    payload='{"a":1}',
                    created_at=at,
                    settled_at=at,
                    status="sent",
                )
            )

    camps.do(work)


async def test_every_batch_of_what_is_old_goes_and_what_is_young_stays(camps: Camps, tidy: Tidy) -> None:
    for days in (31, 8, 1):
        fill(camps, days, 5)

    await tidy()

    inbox, outbox = Inbox.__table__, Outbox.__table__  # type: ignore[attr-defined]
    bodies = camps.see(lambda s: list(s.scalars(select(inbox.c.body).order_by(inbox.c.seq))))
    payloads = camps.see(lambda s: list(s.scalars(select(outbox.c.payload).order_by(outbox.c.id))))
    assert bodies == [None] * 5 + ["{}"] * 5
    assert payloads == ["{}"] * 5 + ['{"a":1}'] * 5


async def test_dialogues_and_guesses_left_alone_for_a_day_are_forgotten(camps: Camps, tidy: Tidy) -> None:
    def work(session: Session) -> None:
        for hours in (23, 25):
            at = SUNDAY_NOON - timedelta(hours=hours)
            session.add(Dialogue(chat_id=hours, telegram_id=1, name="checkin", state="code", moved_at=at))
            session.add(Guess(who=str(hours), what="card", last_at=at))

    camps.do(work)

    await tidy()

    assert camps.see(lambda s: list(s.scalars(select(Dialogue.__table__.c.chat_id)))) == [23]  # type: ignore[attr-defined]
    assert camps.see(lambda s: list(s.scalars(select(Guess.__table__.c.who)))) == ["23"]  # type: ignore[attr-defined]


async def test_tidying_again_finds_nothing_to_do(camps: Camps, tidy: Tidy) -> None:
    fill(camps, 31, 3)
    await tidy()

    await tidy()

    assert len(camps.outbox) == 1
