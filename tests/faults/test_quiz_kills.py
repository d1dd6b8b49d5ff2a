"""Many people take a test at once while the bot is killed twice: every answer counts once, and every score is right."""

import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.database import Database
from bot.invariants import check
from bot.quiz.models import POINT, Attempt, Item
from tests.faults.nursery import Nursery
from tests.faults.places import ForkedBot, ForkedEmulator, forked_camp
from tests.support.processes import wait_until
from tests.support.quiz_camp import FIRST_TRAINEE, QuizCamp, fill_quiz_camp, single

ATTEMPT, ITEM = Attempt.__table__, Item.__table__  # type: ignore[attr-defined]
QUESTIONS = 5
RIGHT = 1


class Room:
    """The people, the emulator, the bot, and what each of them means to answer."""

    def __init__(self, emulator: ForkedEmulator, bot: ForkedBot, url: str, people: int) -> None:
        self.emulator, self.bot, self.people = emulator, bot, people
        self.database = Database(url)
        self.camp = QuizCamp(self.database)
        self.chance = random.Random(people)
        self._queries = 0

    def open(self) -> int:
        """Fill the database that the bot has made, and open a test."""
        questions = tuple(single(number, right=RIGHT) for number in range(QUESTIONS))
        self.camp.do(lambda s: fill_quiz_camp(s, self.camp, self.people, questions))
        now = datetime.now(UTC) - timedelta(minutes=1)
        return self.camp.test(now=now, minutes=60, closes_at=now + timedelta(hours=3))

    def press_all(self, presses: Sequence[tuple[int, str]], kill_after: float | None = None) -> None:
        """Let these people press; the bot is killed meanwhile and started again."""
        updates = [self._press(person, data) for person, data in presses]
        half = len(updates) // 2
        self.emulator.do("inject", updates=updates[:half])
        if kill_after is not None:
            time.sleep(kill_after)
            self.bot.kill()
        self.emulator.do("inject", updates=updates[half:])
        if kill_after is not None:
            self.bot.start()

    def _press(self, person: int, data: str) -> dict[str, Any]:
        self._queries += 1
        account = FIRST_TRAINEE + person
        user = {"id": account, "is_bot": False, "first_name": "P"}
        chat = {"id": account, "type": "private", "first_name": "P"}
        message = {"message_id": 1, "date": 1, "chat": chat, "text": "a button"}
        query = {"id": f"7{self._queries}", "from": user, "chat_instance": "1", "data": data, "message": message}
        return {"callback_query": query}

    def count(self, *conditions: Any) -> int:
        """How many attempts there are of a kind."""
        query = select(func.count()).select_from(ATTEMPT).where(*conditions)
        return int(self.database.read_now(lambda s: s.connection().execute(query).scalar_one()))

    def items(self) -> dict[int, list[int]]:
        """The items of each person, in their order."""
        query = select(ITEM.c.id, ITEM.c.person_id).order_by(ITEM.c.person_id, ITEM.c.position)
        rows = self.database.read_now(lambda s: s.connection().execute(query).all())
        numbers = {speaker.person_id: number for number, speaker in enumerate(self.camp.trainees)}
        found: dict[int, list[int]] = {}
        for row in rows:
            found.setdefault(numbers[row.person_id], []).append(row.id)
        return found


def take_the_test(nursery: Nursery, folder: Path, url: str, people: int) -> None:
    with forked_camp(nursery, folder, url, kind="bot") as (emulator, bot):
        emulator.do("people", count=people, first=FIRST_TRAINEE)
        bot.start()
        bot.kill()
        room = Room(emulator, bot, url, people)
        exam_id = room.open()
        bot.start()
        begin_answer_and_hand_in(room, exam_id)
        violations = room.database.read_now(check)
        room.database.close()

    assert violations == []


def begin_answer_and_hand_in(room: Room, exam_id: int) -> None:
    everybody = range(room.people)
    room.press_all([(person, f"quiz:begin:{exam_id}") for person in everybody], kill_after=0.15)
    wait_until(lambda: room.count() == room.people, 60, "everybody's beginning")

    items = room.items()
    meant = {person: [room.chance.randrange(4) for _ in range(QUESTIONS)] for person in everybody}
    presses = [
        (person, f"quiz:pick:{items[person][number]}:{place}")
        for number in range(QUESTIONS)
        for person in everybody
        for place in (room.chance.randrange(4), meant[person][number])
    ]
    room.press_all(presses, kill_after=0.3)
    attempts = {person: _attempt_of(room, person) for person in everybody}
    room.press_all([(person, f"quiz:in:{attempts[person]}") for person in everybody])
    wait_until(lambda: room.count(ATTEMPT.c.submitted_at.is_not(None)) == room.people, 90, "everybody's end")

    expected = {person: sum(place == RIGHT for place in meant[person]) * POINT for person in everybody}
    assert {person: room.camp.attempt(attempts[person]).score for person in everybody} == expected


def _attempt_of(room: Room, person: int) -> int:
    mine = select(ATTEMPT.c.id).where(ATTEMPT.c.person_id == room.camp.trainees[person].person_id)
    return int(room.database.read_now(lambda s: s.connection().execute(mine).scalar_one()))


def test_sixty_people_take_a_test_while_the_bot_is_killed_twice(
    nursery: Nursery, tmp_path: Path, database_url: str
) -> None:
    take_the_test(nursery, tmp_path, database_url, 60)


@pytest.mark.long
def test_three_hundred_people_take_a_test_while_the_bot_is_killed_twice(
    nursery: Nursery, tmp_path: Path, database_url: str
) -> None:
    take_the_test(nursery, tmp_path, database_url, 300)
