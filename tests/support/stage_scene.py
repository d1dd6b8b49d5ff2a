"""The forum's day for tests: three talks behind an opening, a reserve, staff, listeners; in a house or without one."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.buttons import button, keyboard
from bot.database import Database
from bot.forum import running_order, stage
from bot.forum.models import Part, Topic
from bot.forum.pools import SIGNUP
from bot.forum.running_order import Order
from bot.forum.stage import Played
from bot.outbox.calls import Message
from bot.outbox.models import Outbox
from bot.people.models import Role
from bot.people.service import Speaker
from schedules import forum_stage
from tests.support.camp import add_person
from tests.support.house import Person, TestHouse
from tests.support.seats_scene import FIRST_TRAINEE, STARTS, SeatsCamp, build_seats_camp

OUTBOX = Outbox.__table__  # type: ignore[attr-defined]
MINUTE = timedelta(minutes=1)
TEACHER, AUDITOR, STRANGER = 810, 811, 999
TITLES = ("Doors that open", "A yard for everybody", "Who waters the trees")
LISTENER = 5
"""The number of a trainee who has not signed up."""


@dataclass
class StageCamp:
    """A camp whose forum is about to be held: trainees 0, 1 and 2 speak, 3 is the reserve."""

    camp: SeatsCamp
    teacher: Speaker
    auditor: Speaker

    @property
    def call_id(self) -> int:
        """The forum."""
        return self.camp.call_id

    def order(self, at: datetime = STARTS) -> Order:
        """The running order at an instant."""
        return self.camp.see(lambda s: running_order.load(s, self.call_id, at))

    def slot(self, number: int) -> int:
        """The id of an item, counted from 0 (the opening) as the order stands now."""
        return self.order().items[number].piece.id

    def lines(self, at: datetime = STARTS) -> list[tuple[str, str, str]]:
        """Hour, who and state of each item."""
        order = self.order(at)
        names = [item.talk.party.name if item.talk else item.piece.label for item in order.items]
        hours = [f"{item.timed.starts_at + timedelta(hours=8):%H:%M}" for item in order.items]
        return [
            (hour, name, item.timed.state.value) for hour, name, item in zip(hours, names, order.items, strict=True)
        ]

    def open(self, at: datetime = STARTS) -> Played:
        """Open the stage."""
        boss = self.camp.coordinator
        return self.camp.do(lambda s: stage.open_stage(s, speaker=boss, call_id=self.call_id, now=at))

    def next(self, at: datetime) -> Played:
        """Call up the next item, from a screen that is up to date."""
        seen = stage.current_id(self.order(at))
        boss = self.camp.coordinator
        return self.camp.do(lambda s: stage.call_up(s, speaker=boss, call_id=self.call_id, seen=seen, now=at))

    def end(self, at: datetime) -> Played:
        """End the forum."""
        boss = self.camp.coordinator
        return self.camp.do(lambda s: stage.end(s, speaker=boss, call_id=self.call_id, now=at))

    def hold(self, at: datetime = STARTS) -> None:
        """Hold the whole forum, ten minutes an item, and end it."""
        self.open(at)
        for number in range(len(self.order(at).items)):
            self.next(at + number * 10 * MINUTE)
        self.end(at + len(self.order(at).items) * 10 * MINUTE)

    def rows(self, table: Any) -> list[Any]:
        """Everything in a table."""
        return list(self.camp.see(lambda s: s.connection().execute(select(table)).all()))


@dataclass
class StageScene:
    """The same in a house."""

    house: TestHouse
    stage: StageCamp

    async def phone(self, account: int, language: str = "en") -> Person:
        """Somebody's phone, on which the bot was started."""
        person = self.house.person(account, str(account), language)
        if not person.chat:
            await person.say("/start")
        return person

    async def trainee(self, number: int) -> Person:
        """A trainee's phone."""
        return await self.phone(FIRST_TRAINEE + number)

    async def show(self, person: Person, data: str) -> Person:
        """Put a button into somebody's chat and press it."""
        self.house.take(lambda turn: turn.send(person.id, Message("here", keyboard([button("go there", data)]))))
        await self.house.settle()
        await person.press("go there")
        return person

    async def tick(self, at: datetime | None = None) -> None:
        """Let the clock's passes run once at an instant."""
        if at is not None:
            self.house.clock.at = at
        for work in (forum_stage.push_signals, forum_stage.push_times, forum_stage.push_results):
            await work(self.house.turns)
        await self.house.settle()

    def toast(self) -> str:
        """The text of the newest answer to a press."""
        query = select(OUTBOX.c.payload).where(OUTBOX.c.method == "answerCallbackQuery").order_by(OUTBOX.c.id.desc())
        payload = self.house.read(lambda s: s.connection().execute(query).scalars().first())
        return str(json.loads(payload or "{}").get("text", ""))

    def said(self, person: Person) -> list[str]:
        """Everything the bot says in a chat, as it stands now."""
        return [
            message.get("text") or message.get("caption") or "" for message in person.chat if message["from"]["is_bot"]
        ]


def build_stage_camp(database: Database, *, people: int = 12, language: str = "en") -> StageCamp:
    """Make the camp; ``language`` is everybody's."""
    camp = build_seats_camp(database, people=people)
    for number, title in enumerate(TITLES):
        camp.sign(number, part=Part.SPEAKER, title=title)
    camp.sign(3, part=Part.SPEAKER, title="In reserve")
    teacher, auditor = camp.do(lambda s: _staff(s, camp.cohort_id))
    camp.do(lambda s: _topics(s, camp))
    return StageCamp(camp, teacher, auditor)


def build_stage_scene(house: TestHouse, *, people: int = 12) -> StageScene:
    """Put the camp into the house, half an hour before the forum."""
    house.clock.at = STARTS - 45 * MINUTE
    return StageScene(house, build_stage_camp(house.database, people=people))


def _staff(session: Any, cohort_id: int) -> tuple[Speaker, Speaker]:
    made = []
    for name, account, role in (("方老师", TEACHER, Role.TEACHER), ("审计员", AUDITOR, Role.AUDITOR)):
        number = add_person(session, cohort_id, name, role, telegram_id=account, language="en")
        made.append(Speaker(number, account, name, "en"))  # type: ignore[arg-type]
    return made[0], made[1]


def _topics(session: Any, camp: SeatsCamp) -> None:
    topic = Topic(call_id=camp.call_id, position=1, text="What makes a neighbourhood?")
    session.add(topic)
    session.flush()
    session.execute(SIGNUP.update().where(SIGNUP.c.call_id == camp.call_id).values(topic_id=topic.id))
