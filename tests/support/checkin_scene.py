"""The camp of check-in inside a house: people with phones, their buttons, and the short lines over the chat."""

import json
from dataclasses import dataclass

from sqlalchemy import select

from bot.buttons import button, keyboard
from bot.outbox.calls import Message
from bot.outbox.models import Outbox
from tests.support.checkin_camp import COORDINATOR, FIRST_TRAINEE, START, Camp, build_camp
from tests.support.house import Person, TestHouse, buttons_of

OUTBOX = Outbox.__table__  # type: ignore[attr-defined]


@dataclass
class Scene:
    """A house, and the camp whose people live in it."""

    house: TestHouse
    camp: Camp

    def trainee(self, number: int = 0) -> Person:
        """The phone of a trainee."""
        return self.house.person(FIRST_TRAINEE + number, f"trainee {number}")

    def coordinator(self) -> Person:
        """The coordinator's phone."""
        return self.house.person(COORDINATOR, "Lin")

    def buttons(self, person: Person) -> list[str]:
        """The labels of every button that can still be pressed in a chat."""
        return [one["text"] for message in person.chat for one in buttons_of(message)]

    async def forge(self, person: Person, data: str) -> None:
        """Press a button that the person should not have: the sandbox lets nobody press what was never sent."""
        forged = Message("forged", keyboard([button("forged", data)]))
        self.house.take(lambda turn: turn.send(person.id, forged))
        await self.house.settle()
        await person.press("forged")

    def toast(self) -> str:
        """The text of the newest answer to a press."""
        query = select(OUTBOX.c.payload).where(OUTBOX.c.method == "answerCallbackQuery").order_by(OUTBOX.c.id.desc())
        payload = self.house.read(lambda s: s.connection().execute(query).scalars().first())
        return str(json.loads(payload or "{}").get("text", ""))


def build_scene(house: TestHouse) -> Scene:
    """Put the camp into the house, at the hour of its lecture."""
    house.clock.at = START
    return Scene(house, build_camp(house.database))
