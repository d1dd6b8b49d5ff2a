"""A house with the real handlers and the sample camp, to which anything may be sent."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import Session

import handlers
from bot.context import Installation
from bot.inbox.models import Inbox
from bot.registry import READINGS, renderers
from bot.sample import sandbox as sample
from bot.sample.camp import load_sample_camp
from tests.support.house import TestHouse, build_house

INBOX = Inbox.__table__  # type: ignore[attr-defined]
COORDINATOR = sample.COORDINATOR
TRAINEE, OTHER_TRAINEE, *_ = sample.TRAINEES
STRANGER = 666
PROBE = 777
DATE = 1_796_601_600
"""The house's Monday, as Telegram counts."""


@dataclass(frozen=True)
class Row:
    """What became of one update."""

    status: str
    error: str | None


async def open_camp(folder: Path) -> TestHouse:
    """A camp with a coordinator, some trainees, a stranger, and somebody who only wants to know that all is well."""
    known = dict(renderers(Installation("cohort_sandbox_bot")))
    house = await build_house(
        f"sqlite:///{folder}/hostile.db", handlers.register, renderers=known, readings=dict(READINGS)
    )
    load = partial(
        load_sample_camp,
        time_zone="Asia/Shanghai",
        folder=folder,
        coordinator=COORDINATOR,
        trainees=sample.TRAINEES,
    )
    house.take(load)
    for person_id in (COORDINATOR, TRAINEE, OTHER_TRAINEE, STRANGER, PROBE):
        house.sandbox.add_person(f"P{person_id}", person_id=person_id, started=True, language_code="en")
    return house


class Feeder:
    """Gives raw updates to a house, numbered like Telegram's own."""

    def __init__(self, house: TestHouse) -> None:
        self.house = house
        self._next = 1_000_000

    async def feed(self, *updates: dict[str, Any]) -> list[Row]:
        """Let the updates come in at once, each with an id unless it has one, and return what became of each."""
        numbered = [{"update_id": self._number()} | update for update in updates]
        await self.house.intake.store(numbered)
        await self.house.settle()
        return [self.house.read(partial(_row, external_id=update["update_id"])) for update in numbered]

    async def is_somebody_else_served(self) -> bool:
        """Whether a probe from another chat is answered."""
        before = len(self.house.person(PROBE).chat)
        await self.feed(message(PROBE, "/start"))
        return len(self.house.person(PROBE).chat) > before

    def _number(self) -> int:
        self._next += 1
        return self._next


def message(person_id: int, text: str | None = None, **fields: Any) -> dict[str, Any]:
    """A private message as Telegram sends it; ``fields`` add to it or replace parts."""
    made: dict[str, Any] = {
        "message_id": 1,
        "date": DATE,
        "chat": {"id": person_id, "type": "private"},
        "from": {"id": person_id, "is_bot": False, "first_name": "P", "language_code": "en"},
    }
    if text is not None:
        made["text"] = text
        if text.startswith("/"):
            made["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
    return {"message": made | fields}


def press(person_id: int, data: str, **fields: Any) -> dict[str, Any]:
    """A pressed button."""
    shown = {"message_id": 1, "date": DATE, "chat": {"id": person_id, "type": "private"}, "text": "a button"}
    return {
        "callback_query": {
            "id": "1",
            "from": {"id": person_id, "is_bot": False, "first_name": "P"},
            "chat_instance": "1",
            "message": shown,
            "data": data,
        }
        | fields
    }


def _row(session: Session, external_id: int) -> Row:
    row = session.connection().execute(INBOX.select().where(INBOX.c.external_id == external_id)).one()
    return Row(row.status, row.error)
