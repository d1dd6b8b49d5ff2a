"""The courier: what is owed is said once, in order, at the right pace, whatever Telegram answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from bot.inbox.deposit import deposit
from bot.outbox import calls
from bot.outbox.calls import Document, Message
from bot.outbox.courier import Courier
from bot.outbox.delivery import Rendered
from bot.outbox.lanes import Lane
from bot.outbox.models import Outbox, Status
from bot.outbox.pacing import Pacer
from bot.sandbox.faults import Fault
from bot.turn import Turn
from tests.support.house import TestHouse, build_house
from tests.support.rehearsal import register

pytestmark = pytest.mark.anyio
TABLE = Outbox.__table__  # type: ignore[attr-defined]


@asynccontextmanager
async def courier_of(house: TestHouse, rate: float = 1000) -> AsyncIterator[Courier]:
    """A courier at work."""
    courier = Courier(house.database, house.delivery, Pacer(rate), house.clock, deposit=deposit)
    task = asyncio.create_task(courier.run())
    yield courier
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(house: TestHouse, count: int, *statuses: Status) -> None:
    """Let the courier work until that many rows are settled so; fails after ten seconds."""
    query = select(func.count()).where(TABLE.c.status.in_(statuses or (Status.SENT,)))
    async with asyncio.timeout(10):
        while house.read(lambda s: s.connection().execute(query).scalar()) < count:
            await asyncio.sleep(0.01)


def settled(house: TestHouse) -> list[tuple[str, str | None]]:
    """Status and reason of every row, in order."""
    query = TABLE.select().order_by(TABLE.c.id)
    return [(row.status, row.error) for row in house.read(lambda s: s.connection().execute(query).all())]


def say(house: TestHouse, chat_id: int, *texts: str, lane: Lane = Lane.REPLY) -> None:
    """Record messages to a chat, in one transaction."""

    def work(turn: Turn) -> None:
        for text in texts:
            turn.send(chat_id, Message(text), lane=lane)

    house.take(work)


def said(house: TestHouse, chat_id: int) -> list[str]:
    """What the bot has said in a chat."""
    return [m["text"] for m in house.person(chat_id).chat if m["from"]["is_bot"] and "text" in m]


async def open_chats(database_url: str, *people: int) -> TestHouse:
    """A house whose people have started the bot."""
    house = await build_house(database_url, register)
    for person_id in people:
        house.sandbox.add_person(f"P{person_id}", person_id=person_id, started=True)
    return house


async def test_messages_to_a_chat_arrive_in_order(database_url: str) -> None:
    house = await open_chats(database_url, 1)
    texts = ["one", "two", "three"]

    say(house, 1, *texts)
    async with courier_of(house):
        await until(house, 3)

    assert said(house, 1) == texts


async def test_a_slow_call_to_one_chat_does_not_hold_up_another(database_url: str) -> None:
    house = await open_chats(database_url, 1, 2)
    house.sandbox.fail_next("sendMessage", Fault(delay=1.0))

    say(house, 1, "slow")
    say(house, 2, "quick")
    async with courier_of(house):
        await until(house, 1)
        first = [status for status, _ in settled(house)]

    assert first == [Status.SENDING, Status.SENT]


async def test_what_the_last_process_had_in_its_hands_is_sent_after_a_restart(database_url: str) -> None:
    house = await open_chats(database_url, 1)
    say(house, 1, "claimed and lost")
    house.write(lambda s: s.execute(TABLE.update().values(status=Status.SENDING)))

    async with courier_of(house):
        await until(house, 1)

    assert said(house, 1) == ["claimed and lost"]


async def test_of_several_waiting_edits_only_the_last_is_made(database_url: str) -> None:
    house = await open_chats(database_url, 1)

    def work(turn: Turn) -> None:
        key = turn.send(1, Message("0 %"))
        for percent in (10, 50, 100):
            turn.edit(1, key, Message(f"{percent} %"))

    house.take(work)
    async with courier_of(house):
        await until(house, 4, Status.SENT, Status.CANCELLED)

    assert said(house, 1) == ["100 %"]
    assert [call.method for call in house.sandbox.calls] == ["sendMessage", "editMessageText"]


async def test_a_flood_refusal_pauses_everything_and_loses_nothing(database_url: str) -> None:
    house = await open_chats(database_url, 1, 2)
    house.sandbox.fail_next(
        "sendMessage", Fault(status=429, description="Too Many Requests: retry after 1", retry_after=1)
    )

    say(house, 1, "first")
    say(house, 2, "second")
    async with courier_of(house):
        await until(house, 2)

    assert (said(house, 1), said(house, 2)) == (["first"], ["second"])


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=502, description="Bad Gateway"),
        Fault(status=500, body=b"<html>oops</html>"),
        Fault(body=b'{"ok":true,"resu'),
        Fault(cut=True),
    ],
)
async def test_a_passing_fault_of_telegrams_delays_a_reply_and_loses_nothing(database_url: str, fault: Fault) -> None:
    house = await open_chats(database_url, 1)
    house.sandbox.fail_next("sendMessage", fault)

    say(house, 1, "in the end")
    async with courier_of(house):
        await until(house, 1)

    assert said(house, 1) == ["in the end"]


async def test_a_notice_whose_fate_is_unknown_is_not_sent_again(database_url: str) -> None:
    house = await open_chats(database_url, 1)
    house.sandbox.fail_next("sendMessage", Fault(cut=True, apply=True))

    say(house, 1, "perhaps", lane=Lane.NOTICE)
    async with courier_of(house):
        await until(house, 1, Status.UNKNOWN)

    assert said(house, 1) == ["perhaps"]


async def test_a_reply_whose_fate_is_unknown_is_sent_again(database_url: str) -> None:
    house = await open_chats(database_url, 1)
    house.sandbox.fail_next("sendMessage", Fault(cut=True, apply=True))

    say(house, 1, "certainly")
    async with courier_of(house):
        await until(house, 1)

    assert said(house, 1) == ["certainly", "certainly"]


async def test_a_refused_message_fails_with_its_reason_and_the_next_goes_on(database_url: str) -> None:
    house = await open_chats(database_url, 1)

    say(house, 1, "<b>not closed", "fine")
    async with courier_of(house):
        await until(house, 2, Status.SENT, Status.FAILED)

    status, reason = settled(house)[0]
    assert (status, said(house, 1)) == (Status.FAILED, ["fine"])
    assert reason is not None
    assert "Can't find end tag" in reason or "can't parse entities" in reason.lower()


async def test_a_group_that_moved_is_followed(database_url: str) -> None:
    house = await open_chats(database_url, 1)
    group = house.sandbox.add_group("班级群", [1])
    moved = house.sandbox.upgrade_group(group)

    say(house, group, "first", "second")
    async with courier_of(house):
        await until(house, 2)

    texts = [row["wire"].get("text") for row in house.sandbox.world.messages.of_chat[moved].values()]
    assert [text for text in texts if text] == ["first", "second"]


async def test_an_answer_to_an_old_press_is_dropped(database_url: str) -> None:
    house = await open_chats(database_url, 1)
    house.take(lambda turn: turn.record(calls.answer_callback(1, "99", None, False)))
    house.clock.at += timedelta(minutes=5)

    async with courier_of(house):
        await until(house, 1, Status.CANCELLED)

    assert [call.method for call in house.sandbox.refusals] == []


async def test_a_row_that_is_not_due_yet_waits(database_url: str) -> None:
    house = await open_chats(database_url, 1)
    say(house, 1, "later", "now")
    later = house.clock.at + timedelta(hours=1)
    house.write(lambda s: s.execute(TABLE.update().where(TABLE.c.id == 1).values(due_at=later)))

    async with courier_of(house):
        await until(house, 1)

    assert said(house, 1) == ["now"]


async def test_a_revoked_token_stops_the_courier_and_raises_an_alarm(database_url: str) -> None:
    house = await open_chats(database_url, 1)
    house.sandbox.fail_next("*", Fault(status=401, description="Unauthorized"), times=50)
    rung: list[str] = []

    say(house, 1, "kept")
    async with courier_of(house) as courier:
        courier.alarm = rung.append
        async with asyncio.timeout(10):
            while not rung:
                await asyncio.sleep(0.01)

    assert rung == ["InvalidToken"]
    assert settled(house) == [(Status.SENDING, None)]


async def test_replies_overtake_a_waiting_broadcast(database_url: str) -> None:
    people = list(range(100, 160))
    house = await open_chats(database_url, 1, *people)
    for person_id in people:
        say(house, person_id, "notice", lane=Lane.NOTICE)

    async with courier_of(house, rate=10) as courier:
        await until(house, 1)
        say(house, 1, "reply")
        courier.wake()
        async with asyncio.timeout(10):
            while not said(house, 1):
                await asyncio.sleep(0.01)
        sent = house.read(
            lambda s: s.connection().execute(select(func.count()).where(TABLE.c.status == Status.SENT)).scalar()
        )

    assert sent < 15


async def test_a_rendered_file_is_sent_as_a_document(database_url: str) -> None:
    def render(session: Any, *, number: int) -> Rendered:
        return Rendered("cards.pdf", b"%PDF" + bytes([number]))

    house = await build_house(database_url, register, renderers={"cards": render})
    house.sandbox.add_person("P", person_id=1, started=True)
    house.take(lambda turn: turn.send_document(1, Document("cards", {"number": 7}, "your cards")))

    async with courier_of(house):
        await until(house, 1)

    message = house.person(1).chat[-1]
    assert (message["document"]["file_name"], message["caption"]) == ("cards.pdf", "your cards")


async def test_a_full_bulk_lane_does_not_keep_the_database_busy(database_url: str) -> None:
    house = await open_chats(database_url, *range(101, 401))
    for person_id in range(101, 401):
        say(house, person_id, "later", lane=Lane.NOTICE)
    exchanges = 0

    def count(session: Session) -> None:
        nonlocal exchanges
        exchanges += 1

    house.database.fence = count
    async with courier_of(house, rate=1):
        await until(house, 2)

    assert exchanges < 12


async def test_in_a_long_pause_what_can_wait_goes_back_and_is_sent_once_when_it_is_over(database_url: str) -> None:
    people = list(range(100, 106))
    house = await open_chats(database_url, *people)
    house.sandbox.fail_next("sendMessage", Fault(status=429, description="Too Many Requests", retry_after=5))
    for person_id in people:
        say(house, person_id, "notice", lane=Lane.NOTICE)

    async with courier_of(house, rate=10):
        await until(house, 1, Status.SENDING)
        await until(house, len(people), Status.NEW)
        await until(house, len(people))

    assert [said(house, person_id) for person_id in people] == [["notice"]] * len(people)


async def test_no_more_is_claimed_ahead_than_goes_in_two_seconds(database_url: str) -> None:
    people = list(range(100, 200))
    house = await open_chats(database_url, *people)
    for person_id in people:
        say(house, person_id, "notice", lane=Lane.NOTICE)

    async with courier_of(house, rate=25):
        await until(house, 5)
        claimed = [status for status, _ in settled(house)].count(Status.SENDING)

    assert 0 < claimed <= 50
