import re
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.outbox.calls import Message
from bot.outbox.models import Outbox
from bot.people import service
from bot.people.models import Card, Person, Role
from tests.support.camp import add_person, make_camp, trainee_with_code
from tests.support.house import MONDAY, OPERATOR, TestHouse

pytestmark = pytest.mark.anyio


async def test_a_stranger_learns_only_whom_to_ask(house: TestHouse) -> None:
    stranger = house.person(5)

    said = await stranger.say("/start")

    assert len(said) == 1
    assert "ask your coordinator" in stranger.last
    assert stranger.labels == []


async def test_anything_else_a_stranger_sends_gets_the_same_answer(house: TestHouse) -> None:
    stranger = house.person(5)

    await stranger.say("hello there")

    assert "ask your coordinator" in stranger.last


async def test_a_deep_link_links_the_account_and_shows_the_first_screen(house: TestHouse) -> None:
    person_id, code = trainee_with_code(house)
    trainee = house.person(5)

    await trainee.say(f"/start {code}")

    assert "Linked: this account is now 李睿 in Camp Four" in trainee.last
    assert "✔ Check in" in trainee.labels
    assert house.read(lambda s: s.get_one(Person, person_id).telegram_id) == 5


async def test_a_typed_code_links_too_whatever_its_case_spaces_and_width(house: TestHouse) -> None:
    person_id, code = trainee_with_code(house)
    trainee = house.person(5)
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code[5:].lower())

    await trainee.say(f" {code[:5].lower()} {wide} ")

    assert house.read(lambda s: s.get_one(Person, person_id).telegram_id) == 5


async def test_the_same_card_scanned_twice_by_its_own_person_is_no_fault(house: TestHouse) -> None:
    _, code = trainee_with_code(house)
    trainee = house.person(5)
    await trainee.say(f"/start {code}")

    await trainee.say(f"/start {code}")

    assert "already linked, 李睿" in trainee.last


async def test_a_used_card_tells_another_account_nothing_about_its_person(house: TestHouse) -> None:
    _, code = trainee_with_code(house)
    await house.person(5).say(f"/start {code}")
    other = house.person(6)

    await other.say(f"/start {code}")

    assert "already used" in other.last
    assert "李睿" not in other.last


async def test_wrong_codes_slow_down_and_a_right_one_is_not_lost_meanwhile(house: TestHouse) -> None:
    person_id, code = trainee_with_code(house)
    guesser = house.person(5)
    for _ in range(5):
        await guesser.say("AAAAABBBBB")
    assert "next try counts from 08:01" in guesser.last

    await guesser.say(code)
    refused = guesser.last
    house.clock.at += timedelta(seconds=61)
    await guesser.say(code)

    assert "did not look at this one" in refused
    assert "Linked" in guesser.last
    assert house.read(lambda s: s.get_one(Person, person_id).telegram_id) == 5


async def test_an_expired_card_says_so(house: TestHouse) -> None:
    _, code = trainee_with_code(house)
    late = house.person(5)
    house.clock.at += timedelta(days=40)

    await late.say(f"/start {code}")

    assert "expired" in late.last


async def test_a_link_that_leads_nowhere_says_so(house: TestHouse) -> None:
    stranger = house.person(5)

    await stranger.say("/start nonsense")

    assert "does not lead anywhere" in stranger.last


async def test_start_leaves_a_dialogue(house: TestHouse) -> None:
    operator = house.person(OPERATOR)
    await operator.say("/start")
    await operator.press("New cohort")

    await operator.say("/start")
    await operator.say("Camp Five")

    assert house.read(lambda s: service.find_cohort(s, "Camp Five")) is None
    assert "did not understand" in operator.last


async def test_cancel_leaves_a_dialogue_with_a_word(house: TestHouse) -> None:
    operator = house.person(OPERATOR)
    await operator.say("/start")
    await operator.press("New cohort")

    await operator.say("/cancel")
    first = operator.last
    await operator.say("/cancel")

    assert first.startswith("Cancelled.")
    assert operator.last.startswith("There was nothing to cancel.")


async def test_the_language_chosen_is_kept_and_gives_the_chat_its_own_menu(house: TestHouse) -> None:
    person_id, code = trainee_with_code(house)
    trainee = house.person(5, language="en")
    await trainee.say(f"/start {code}")

    await trainee.say("/language")
    await trainee.press("中文")

    assert house.read(lambda s: s.get_one(Person, person_id).language) == "zh"
    menu = house.read(lambda s: s.exec(select(Outbox).where(Outbox.method == "setMyCommands")).all())[-1]
    assert '"type":"chat","chat_id":5' in menu.payload
    assert menu.payload.count('"command":') == 5


async def test_a_trainee_who_speaks_the_language_of_the_phone_needs_no_menu_of_their_own(house: TestHouse) -> None:
    _, code = trainee_with_code(house)

    await house.person(5, language="en").say(f"/start {code}")

    assert house.read(lambda s: s.exec(select(Outbox).where(Outbox.method == "setMyCommands")).all()) == []


async def test_a_coordinator_gets_the_menu_of_coordinators_on_linking(house: TestHouse) -> None:
    _, code = trainee_with_code(house, role=Role.COORDINATOR)
    coordinator = house.person(5)

    await coordinator.say(f"/start {code}")

    menu = house.read(lambda s: s.exec(select(Outbox).where(Outbox.method == "setMyCommands")).all())[-1]
    assert '"command":"people"' in menu.payload
    assert "👥 People" in coordinator.labels


async def test_whoever_has_become_a_coordinator_gets_the_menu_of_coordinators_on_start(house: TestHouse) -> None:
    house.write(
        lambda s: add_person(s, make_camp(s, "Camp"), "Ms Wang", Role.COORDINATOR, telegram_id=6, linked_at=MONDAY)
    )

    await house.person(6).say("/start")

    menu = house.read(lambda s: s.exec(select(Outbox).where(Outbox.method == "setMyCommands")).one())
    assert '"people"' in menu.payload.replace("\\", "")


async def test_coordinators_are_told_once_that_somebody_cannot_be_reached(house: TestHouse) -> None:
    def work(session: Session) -> None:
        cohort_id = make_camp(session)
        add_person(session, cohort_id, "Li Rui", telegram_id=5, linked_at=MONDAY)
        add_person(session, cohort_id, "Ms Wang", Role.COORDINATOR, telegram_id=6, linked_at=MONDAY)

    house.write(work)
    coordinator, trainee = house.person(6), house.person(5)
    await coordinator.say("/help")
    await trainee.say("/help")
    house.sandbox.block(5)

    for _ in range(2):
        house.take(lambda turn: turn.send(5, Message("reminder")))
        await house.settle()

    told = [message for message in coordinator.chat if "has blocked the bot" in message.get("text", "")]
    assert len(told) == 1


async def test_no_code_in_clear_is_left_in_the_database(house: TestHouse) -> None:
    _, code = trainee_with_code(house)
    await house.person(5).say(f"/start {code}")

    cards = house.read(lambda s: s.exec(select(Card)).all())
    rows = house.read(lambda s: [str(row.payload) for row in s.exec(select(Outbox)).all()])

    assert all(code not in card.digest for card in cards)
    assert not any(re.search(code, row) for row in rows)
