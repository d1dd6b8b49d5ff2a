"""Conversations: states kept in the database, moved with the update, one dialogue a person."""

from datetime import timedelta

import pytest

from bot.conversation import TABLE
from tests.support.house import build_house
from tests.support.rehearsal import register

pytestmark = pytest.mark.anyio


async def test_a_dialogue_goes_from_state_to_state(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)

    await person.say("/ask")
    await person.say("王玥")
    await person.say("32")

    assert person.last == "王玥 is 32"
    assert house.read(lambda s: s.connection().execute(TABLE.select()).all()) == []


async def test_the_prompt_is_edited_by_its_key_though_it_was_sent_later(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)

    await person.say("/ask")
    await person.say("王玥")

    assert [message["text"] for message in person.chat] == ["/ask", "name ✔", "王玥", "age?"]


async def test_a_wrong_answer_leaves_the_dialogue_where_it_is(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)
    await person.say("/ask")
    await person.say("王玥")

    await person.say("old")
    asked_again = person.last
    await person.say("32")

    assert asked_again == "a number, please"
    assert person.last == "王玥 is 32"


async def test_a_new_process_goes_on_where_the_old_one_stopped(database_url: str) -> None:
    house = await build_house(database_url, register)
    await house.person(1).say("/ask")

    reborn = await build_house(database_url, register, sandbox=house.sandbox)
    person = reborn.person(1)
    await person.say("王玥")
    await person.say("32")

    assert person.last == "王玥 is 32"


async def test_a_failing_step_leaves_the_dialogue_as_it_was(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)
    await person.say("/ask")

    await person.say("/fail")
    await person.say("王玥")

    assert person.last == "age?"


async def test_two_people_in_one_batch_have_a_dialogue_each(database_url: str) -> None:
    house = await build_house(database_url, register)
    one, two = house.person(1), house.person(2)

    for text in ("/ask", "A", "1"):
        house.sandbox.say(1, text)
        house.sandbox.say(2, text.replace("A", "B").replace("1", "2"))
    await house.settle()

    assert (one.last, two.last) == ("A is 1", "B is 2")


async def test_start_leaves_any_dialogue(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)
    await person.say("/ask")

    await person.say("/start")
    await person.say("王玥")

    assert person.last == "echo 王玥"


async def test_a_fallback_ends_the_dialogue(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)
    await person.say("/ask")

    await person.say("/cancel")
    await person.say("王玥")

    assert person.last == "echo 王玥"


async def test_a_dialogue_left_for_a_day_no_longer_takes_words(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)
    await person.say("/ask")

    house.clock.at += timedelta(hours=25)
    await person.say("王玥")

    assert person.last == "echo 王玥"
