import re

import pytest
from sqlmodel import Session, select

from bot.audit.models import Change
from bot.people import service
from bot.people.models import Card, Person, Role
from tests.support.camp import NOBODY, add_person, callback_answers, card_for, forge_press, make_camp
from tests.support.house import MONDAY, TestHouse
from tests.support.house import Person as Phone

pytestmark = pytest.mark.anyio
COORDINATOR = 6
TRAINEE = 7


def camp_of(session: Session, trainees: int) -> int:
    cohort_id = make_camp(session)
    add_person(session, cohort_id, "Ms Wang", Role.COORDINATOR, telegram_id=COORDINATOR, linked_at=MONDAY)
    add_person(session, cohort_id, "李睿", telegram_id=TRAINEE, linked_at=MONDAY, phone="13900007000")
    for number in range(1, trainees):
        add_person(session, cohort_id, f"学员{number:02}", phone=f"139000070{number:02}")
    return cohort_id


async def coordinator_of(house: TestHouse, trainees: int = 3) -> Phone:
    house.write(lambda s: camp_of(s, trainees))
    await house.person(TRAINEE).say("/help")
    coordinator = house.person(COORDINATOR)
    await coordinator.say("/people")
    return coordinator


async def test_a_list_of_77_names_is_paged_eight_at_a_time(house: TestHouse) -> None:
    coordinator = await coordinator_of(house, trainees=77)

    await coordinator.press("Everybody (77)")
    first = coordinator.labels
    await coordinator.press("◀")

    assert "1/10" in first
    assert sum(label[0] in "✅▫" for label in first) == 8
    assert "10/10" in coordinator.labels
    assert sum(label[0] in "✅▫" for label in coordinator.labels) == 5


async def test_those_who_are_not_linked_are_listed_with_their_phones(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)

    await coordinator.press("Not linked (2)")

    assert "学员01 13900007001" in coordinator.last
    assert "13900007000" not in coordinator.last


async def test_unlinking_tells_the_old_account_and_makes_a_new_card(house: TestHouse) -> None:
    coordinator, old = await coordinator_of(house), house.person(TRAINEE)
    await coordinator.press("Everybody")
    await coordinator.press("李睿")
    await coordinator.press("Unlink …")

    await coordinator.press("Unlink and make")

    code = str(re.search(r"start=([0-9A-Z]{10})", coordinator.last)[1])  # type: ignore[index]
    await house.person(8).say(code)
    assert "unlinked by a coordinator" in old.last
    assert house.read(lambda s: s.exec(select(Person).where(Person.name == "李睿")).one().telegram_id) == 8
    actions = house.read(lambda s: [one.action for one in s.exec(select(Change).where(Change.person_id == 2)).all()])
    assert actions == ["join", "unlink", "issue", "link"]


async def test_a_new_card_makes_the_older_one_worthless(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)
    older = house.write(lambda s: card_for(s, 1, 3))
    await coordinator.press("Everybody")
    await coordinator.press("学员01")
    await coordinator.press("New card")

    stranger = house.person(8)
    await stranger.say(older)

    assert "no longer valid" in stranger.last


async def test_seat_cards_come_as_a_file_and_printing_again_changes_no_code(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)
    await coordinator.press("Seat cards")
    first = house.read(lambda s: [card.digest for card in s.exec(select(Card)).all()])

    await coordinator.press("Seat cards")

    files = [message["document"]["file_name"] for message in coordinator.chat if "document" in message]
    assert files == ["Seat cards - Camp Four.pdf"] * 2
    assert house.read(lambda s: [card.digest for card in s.exec(select(Card)).all()]) == first
    assert len(first) == 2


async def test_a_coordinator_of_another_camp_sees_nothing(house: TestHouse) -> None:
    await coordinator_of(house)
    other_id = house.write(lambda s: make_camp(s, "Other"))
    house.write(lambda s: add_person(s, other_id, "Mr Zhao", Role.COORDINATOR, telegram_id=9, linked_at=MONDAY))
    await house.person(9).say("/people")
    message_id, data = house.find_button(COORDINATOR, "Everybody")

    await forge_press(house, 9, message_id, data)

    assert callback_answers(house)[-1] == "Only a coordinator of this camp can do that."
    assert house.person(9).last.startswith("Other")


async def test_a_coordinator_cannot_unlink_another_coordinator(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)
    zhao = house.write(lambda s: add_person(s, 1, "Mr Zhao", telegram_id=9, linked_at=MONDAY))
    house.write(
        lambda s: service.grant(
            s, person_id=zhao, cohort_id=make_camp(s, "Other"), role=Role.COORDINATOR, actor=NOBODY, now=MONDAY
        )
    )
    await coordinator.press("Everybody")

    await coordinator.press("Mr Zhao")

    assert not any("Unlink" in label for label in coordinator.labels)
