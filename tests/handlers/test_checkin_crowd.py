"""Three hundred phones at one instant: whatever is read ahead for the crowd, each gets what one alone would get."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from bot import invariants
from bot.checkin import rules
from bot.checkin.models import Attendance
from bot.inbox.models import Inbox, Status
from bot.outbox import models as outbox
from bot.outbox.models import Outbox
from tests.support.checkin_camp import FIRST_TRAINEE, START, Camp, build_camp
from tests.support.checkin_scene import Scene
from tests.support.house import TestHouse

pytestmark = pytest.mark.anyio

MANY = 300
NUMBERS = range(MANY)
INBOX = Inbox.__table__  # type: ignore[attr-defined]
OUTBOX = Outbox.__table__  # type: ignore[attr-defined]
ATTENDANCE = Attendance.__table__  # type: ignore[attr-defined]


@pytest.fixture
def hall(house: TestHouse) -> Scene:
    """A full hall whose projector shows the code."""
    house.clock.at = START
    scene = Scene(house, build_camp(house.database, trainees=MANY))
    scene.camp.open()
    for number in NUMBERS:
        scene.trainee(number)
    return scene


def send(hall: Scene, number: int) -> None:
    """Send the claim of one phone without letting the house work: every other types the code, the rest scan."""
    text = hall.camp.code(START) if number % 2 else f"/start {hall.camp.payload(START)}"
    hall.house.sandbox.say(FIRST_TRAINEE + number, text)


def answers(hall: Scene, number: int) -> list[str]:
    """What the bot has said in a trainee's chat."""
    chat = hall.house.sandbox.world.messages.of_chat[FIRST_TRAINEE + number].values()
    return [row["wire"]["text"] for row in chat if row["wire"]["from"]["is_bot"]]


def receipts(hall: Scene) -> list[str]:
    """The receipt that each trainee is to be given, in their order."""
    camp, secret = hall.camp, hall.camp.secret()
    return [rules.receipt_of(secret, camp.lecture, who.person_id) for who in camp.trainees]


def rows_by_person(camp: Camp) -> Counter[int]:
    """How many attendances each person has."""
    query = select(ATTENDANCE.c.person_id).where(ATTENDANCE.c.arrived_at == START)
    return Counter(camp.see(lambda s: s.connection().execute(query).scalars().all()))


def left_over(hall: Scene) -> tuple[int, int]:
    """How many updates are not done with, and how many calls were not delivered."""
    updates = select(func.count()).select_from(INBOX).where(INBOX.c.status != Status.DONE)
    calls = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.status != outbox.Status.SENT)
    found: tuple[int, int] = hall.house.read(
        lambda s: (s.connection().execute(updates).scalar_one(), s.connection().execute(calls).scalar_one())
    )
    return found


async def test_three_hundred_at_once_get_one_answer_and_one_record_each(hall: Scene) -> None:
    for number in NUMBERS:
        send(hall, number)

    await hall.house.settle()

    said, due = [answers(hall, number) for number in NUMBERS], receipts(hall)
    assert [len(one) for one in said] == [1] * MANY
    assert [n for n in NUMBERS if f"Receipt {due[n]}" not in said[n][0]] == []
    assert rows_by_person(hall.camp) == {who.person_id: 1 for who in hall.camp.trainees}
    assert left_over(hall) == (0, 0)
    assert hall.house.read(invariants.check) == []


async def test_whoever_of_them_sends_it_twice_has_one_record_and_the_same_receipt_again(hall: Scene) -> None:
    twice = [number for number in NUMBERS if number % 4 < 2]
    for number in NUMBERS:
        send(hall, number)
    for number in reversed(twice):
        send(hall, number)

    await hall.house.settle()

    said, due = [answers(hall, number) for number in NUMBERS], receipts(hall)
    assert [n for n in NUMBERS if len(said[n]) != (2 if n in twice else 1)] == []
    assert [n for n in NUMBERS for text in said[n] if f"Receipt {due[n]}" not in text] == []
    assert [n for n in twice if "already" not in said[n][1]] == []
    assert rows_by_person(hall.camp) == {who.person_id: 1 for who in hall.camp.trainees}
    assert left_over(hall) == (0, 0)
    assert hall.house.read(invariants.check) == []
