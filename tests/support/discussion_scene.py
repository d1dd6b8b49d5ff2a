"""The camp of group discussions inside a house: its people with phones, and short ways to press and to look."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import update

from bot.buttons import button, keyboard
from bot.outbox.calls import Message
from bot.people.service import PERSON, Speaker
from tests.support.camp import callback_answers
from tests.support.discussion_camp import COORDINATOR, NOON, DiscussionCamp, fill_discussion_camp
from tests.support.house import Person, TestHouse


@dataclass
class DiscussionScene:
    """A house, and the camp whose people live in it."""

    house: TestHouse
    camp: DiscussionCamp

    async def phone(self, account: int, language: str = "en") -> Person:
        """Somebody's phone, on which the bot was started."""
        person = self.house.person(account, str(account), language)
        if not person.chat:
            await person.say("/start")
        return person

    async def phones(self, speakers: Sequence[Speaker]) -> list[Person]:
        """The phones of these people."""
        return [await self.phone(one.telegram_id) for one in speakers]

    async def desk(self, action: str) -> Person:
        """The coordinator's phone after pressing a button that somewhere stands."""
        person = await self.phone(COORDINATOR)
        await self.forge(person, action)
        return person

    async def forge(self, person: Person, data: str) -> str:
        """Press a button that the person may not have, and return the short line over the chat."""
        self.house.take(lambda turn: turn.send(person.id, forged(data)))
        await self.house.settle()
        await person.press("forged")
        return callback_answers(self.house)[-1]

    def speak(self, language: str, *speakers: Speaker) -> None:
        """Let these people read that language."""
        ids = [one.person_id for one in speakers]
        self.house.write(lambda s: s.execute(update(PERSON).where(PERSON.c.id.in_(ids)).values(language=language)))

    async def together(self, *acts: Callable[[], object]) -> None:
        """Let several people act before the bot hears any of them."""
        for act in acts:
            act()
        await self.house.settle()

    def texts(self, person: Person) -> list[str]:
        """Everything the bot says in a chat, as it stands now."""
        return [
            message.get("text") or message.get("caption") or "" for message in person.chat if message["from"]["is_bot"]
        ]

    def files(self, person: Person) -> list[str]:
        """The names of the files in a chat."""
        return [message["document"]["file_name"] for message in person.chat if "document" in message]


def forged(data: str) -> Message:
    """A message with a button that nobody has made."""
    return Message("forged", keyboard([button("forged", data)]))


def build_discussion_scene(house: TestHouse, trainees: int = 6) -> DiscussionScene:
    """Put the camp into the house, at noon of its first day."""
    house.clock.at = NOON
    camp = DiscussionCamp(house.database)
    house.write(lambda session: fill_discussion_camp(session, camp, trainees))
    return DiscussionScene(house, camp)
