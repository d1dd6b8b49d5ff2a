"""A camp with a coordinator and trainees in a house whose clock pass can be turned by hand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import select

from bot.notices.models import Notice, Recipient
from bot.people.models import Person as Row
from schedules.notices import push_notices
from tests.support.checkin_camp import START
from tests.support.checkin_scene import Scene, build_scene
from tests.support.house import Person, TestHouse


@dataclass
class NoticeScene:
    """The camp of check-in, seen by whoever writes notices to it."""

    scene: Scene

    @property
    def house(self) -> TestHouse:
        """The house."""
        return self.scene.house

    @property
    def coordinator(self) -> Person:
        """The coordinator's phone."""
        return self.scene.coordinator()

    def trainee(self, number: int = 0) -> Person:
        """A trainee's phone."""
        return self.scene.trainee(number)

    async def open(self) -> Person:
        """Meet everybody, so that Telegram lets the bot write to them, and open the list of notices."""
        for number in range(3):
            await self.trainee(number).say("/start")
        coordinator = self.coordinator
        await coordinator.say("/notices")
        return coordinator

    async def write(self, text: str) -> Person:
        """Write a notice up to its screen."""
        coordinator = await self.open()
        await coordinator.press("New notice")
        await coordinator.say(text)
        return coordinator

    async def send(self, text: str) -> Person:
        """Write a notice and send it to everybody, up to the report."""
        coordinator = await self.write(text)
        await coordinator.press("📨 Send")
        await coordinator.press("Yes, to")
        await self.pass_by()
        return coordinator

    async def pass_by(self, seconds: float = 3.0, times: int = 3) -> None:
        """Let the clock's pass come round and everything settle."""
        for _ in range(times):
            self.house.clock.at += timedelta(seconds=seconds)
            await push_notices(self.house.turns)
            await self.house.settle()

    def states(self, notice_id: int = 1) -> dict[str, str]:
        """What became of each copy, by the person's name."""

        def look(session: Any) -> dict[str, str]:
            query = select(Row.name, Recipient.state).where(
                Row.id == Recipient.person_id, Recipient.notice_id == notice_id
            )
            return dict(session.exec(query).all())

        return self.house.read(look)  # type: ignore[no-any-return]

    def notice(self, notice_id: int = 1) -> Notice:
        """The row of a notice."""
        return self.house.read(lambda session: session.get(Notice, notice_id))  # type: ignore[no-any-return]


def build_notice_scene(house: TestHouse) -> NoticeScene:
    """Put the camp into the house."""
    scene = build_scene(house)
    house.clock.at = START
    return NoticeScene(scene)
