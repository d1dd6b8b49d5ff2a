"""Small camps for tests: cohorts, people and cards, made through the services."""

import json
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from bot.audit.service import Actor
from bot.outbox.models import Outbox
from bot.people import linking, service
from bot.people.models import Person, Role
from tests.support.house import MONDAY, TestHouse

NOBODY = Actor(name="test")


def make_camp(session: Session, name: str = "Camp Four", language: str = "en") -> int:
    office = service.open_organisation(session, service.OFFICE)
    cohort = service.create_cohort(
        session,
        organisation_id=office.id or 0,
        name=name,
        starts_on=date(2026, 12, 7),
        ends_on=date(2026, 12, 9),
        time_zone="Asia/Shanghai",
        language=language,
        actor=NOBODY,
        now=MONDAY,
    )
    return cohort.id or 0


def add_person(session: Session, cohort_id: int, name: str, role: Role = Role.TRAINEE, **fields: Any) -> int:
    person = Person(organisation_id=1, name=name, **fields)
    session.add(person)
    session.flush()
    service.grant(session, person_id=person.id or 0, cohort_id=cohort_id, role=role, actor=NOBODY, now=MONDAY)
    return person.id or 0


def card_for(session: Session, cohort_id: int, person_id: int) -> str:
    card = linking.issue_card(session, person_id=person_id, cohort_id=cohort_id, actor=NOBODY, now=MONDAY)
    return linking.code_of(session, card.id or 0)


def trainee_with_code(house: TestHouse, name: str = "李睿", role: Role = Role.TRAINEE) -> tuple[int, str]:
    def work(session: Session) -> tuple[int, str]:
        cohort_id = make_camp(session)
        person_id = add_person(session, cohort_id, name, role)
        return person_id, card_for(session, cohort_id, person_id)

    result: tuple[int, str] = house.write(work)
    return result


async def forge_press(house: TestHouse, account: int, message_id: int, data: str) -> None:
    """A press that Telegram may still deliver although the button is no longer there, or that somebody forged."""
    sender = {"id": account, "is_bot": False, "first_name": "小王"}
    message = {"message_id": message_id, "date": 1796601600, "chat": {"id": account, "type": "private"}}
    press = {"id": "77", "from": sender, "message": message, "chat_instance": "1", "data": data}
    await house.intake.store([{"update_id": 2_000_000_000, "callback_query": press}])
    await house.settle()


def callback_answers(house: TestHouse) -> list[str]:
    """What pressed buttons were answered with."""
    query = select(Outbox).where(Outbox.method == "answerCallbackQuery").order_by(col(Outbox.id))
    texts: list[str] = house.read(lambda s: [json.loads(row.payload).get("text", "") for row in s.exec(query).all()])
    return texts
