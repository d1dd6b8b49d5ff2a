"""The camp of 35 hours inside a house: its people with phones, and the short lines over the chat."""

import json
from dataclasses import dataclass

from sqlalchemy import select

from bot.buttons import button, keyboard
from bot.outbox.calls import Message
from bot.outbox.models import Outbox
from tests.support.hours_camp import EVE, FIRST_TRAINEE, HoursCamp, build_hours_camp
from tests.support.house import Person, TestHouse

OUTBOX = Outbox.__table__  # type: ignore[attr-defined]


@dataclass
class LeaveScene:
    """A house, and the camp whose people live in it."""

    house: TestHouse
    camp: HoursCamp

    async def phone(self, account: int) -> Person:
        """Somebody's phone, on which the bot was started."""
        person = self.house.person(account, str(account))
        if not person.chat:
            await person.say("/start")
        return person

    async def camp_screen(self, account: int) -> Person:
        """The phone of somebody with a task, on the screen of the camp."""
        person = await self.phone(account)
        await person.say("/start")
        if any("All of this camp" in label for label in person.labels):
            await person.press("All of this camp")
        return person

    async def trainee(self, number: int = 0) -> Person:
        """A trainee's phone."""
        return await self.phone(FIRST_TRAINEE + number)

    async def forge(self, person: Person, data: str) -> str:
        """Press a button that the person should not have, and return the short line over the chat."""
        forged = Message("forged", keyboard([button("forged", data)]))
        self.house.take(lambda turn: turn.send(person.id, forged))
        await self.house.settle()
        await person.press("forged")
        return self.toast()

    def toast(self) -> str:
        """The text of the newest answer to a press."""
        query = select(OUTBOX.c.payload).where(OUTBOX.c.method == "answerCallbackQuery").order_by(OUTBOX.c.id.desc())
        payload = self.house.read(lambda s: s.connection().execute(query).scalars().first())
        return str(json.loads(payload or "{}").get("text", ""))

    def texts(self, person: Person) -> list[str]:
        """Everything the bot says in a chat, as it stands now."""
        return [
            message.get("text") or message.get("caption") or "" for message in person.chat if message["from"]["is_bot"]
        ]


def build_leave_scene(house: TestHouse, trainees: int = 3) -> LeaveScene:
    """Put the camp into the house, on the eve of its first day."""
    house.clock.at = EVE
    return LeaveScene(house, build_hours_camp(house.database, trainees))
