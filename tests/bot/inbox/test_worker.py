"""The worker: one effect an update, in order; a failing row harms nobody else."""

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.context import CohortApplication, Context
from bot.inbox.models import Status
from bot.inbox.parking import Parking
from bot.inbox.worker import TABLE, Worker
from bot.outbox.calls import Message
from tests.support.house import OPERATOR, TestHouse, build_house
from tests.support.rehearsal import register

pytestmark = pytest.mark.anyio


def rows(house: TestHouse) -> list[tuple[str, int]]:
    """Status and attempts of every inbox row, in order."""
    query = TABLE.select().order_by(TABLE.c.seq)
    return [(row.status, row.attempts) for row in house.read(lambda s: s.connection().execute(query).all())]


async def test_a_batch_of_updates_is_answered_in_order(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)

    for number in range(120):
        house.sandbox.say(1, str(number))
    await house.settle()

    said = [message["text"] for message in person.chat if message["from"]["is_bot"]]
    assert said == [f"echo {number}" for number in range(120)]


async def test_an_update_delivered_twice_has_one_effect(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)
    await person.say("/start")
    update = {
        "update_id": 5,
        "message": {
            "message_id": 1,
            "date": 1,
            "text": "hi",
            "chat": {"id": 1, "type": "private"},
            "from": {"id": 1, "is_bot": False, "first_name": "W"},
        },
    }

    await house.intake.store([update, update])
    await house.intake.store([update])
    await house.settle()

    assert [message.get("text") for message in person.chat] == ["/start", "started", "echo hi"]


async def test_a_failing_update_is_parked_after_three_tries_and_the_others_go_on(database_url: str) -> None:
    house = await build_house(database_url, register)
    one, two = house.person(1), house.person(2)

    house.sandbox.say(2, "before")
    house.sandbox.say(1, "/fail")
    house.sandbox.say(1, "after")
    house.sandbox.say(2, "/fail")
    house.sandbox.say(2, "after")
    await house.settle()

    assert rows(house) == [("done", 0), ("parked", 3), ("done", 0), ("parked", 3), ("done", 0)]
    assert (one.last, two.last) == ("echo after", "echo after")


async def test_a_parked_update_is_apologised_for_once_and_the_operator_is_told(database_url: str) -> None:
    house = await build_house(database_url, register)
    operator = house.person(OPERATOR)
    await operator.say("/start")
    person = house.person(1)

    said = await person.say("/fail")

    assert len(said) == 1
    assert "went wrong" in said[0]["text"]
    assert "ValueError: on purpose" in operator.last


async def test_what_was_said_before_the_failure_is_not_said(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)

    await person.say("/fail")

    assert "never said" not in [message["text"] for message in person.chat]


async def test_a_refusal_is_answered_in_the_readers_language_and_the_update_is_done(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1, language="zh-hans")

    await person.say("/refuse")

    assert rows(house) == [("done", 0)]
    assert "班主任" in person.last or "带班" in person.last


@pytest.mark.parametrize("command", ["/wait", "/task"])
async def test_a_handler_that_reaches_for_the_network_or_a_task_is_parked(database_url: str, command: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)

    await person.say(command)

    assert rows(house) == [("parked", 3)]
    assert "past the outbox" not in [message["text"] for message in person.chat]


async def test_every_press_is_answered_even_when_the_handler_says_nothing(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)
    await person.say("/button")

    await person.press("Quiet")

    assert [call.method for call in house.sandbox.calls][-1] == "answerCallbackQuery"


async def test_a_press_edits_its_message_in_place(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)
    await person.say("/button")

    await person.press("Press")

    assert [message["text"] for message in person.chat] == ["/button", "was pressed"]


@pytest.mark.parametrize(
    "body",
    [
        {"message": {}},
        {"callback_query": {"id": "1", "from": {"id": 1, "is_bot": False, "first_name": "W"}, "data": "x"}},
        {"message": {"message_id": 1, "date": 10**20, "chat": {"id": 1, "type": "private"}}},
        {"message": "text"},
    ],
)
async def test_an_update_that_cannot_be_parsed_is_parked_not_looped_on(database_url: str, body: dict[str, Any]) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)

    await house.intake.store([{"update_id": 9, **body}])
    await person.say("still here")

    assert rows(house) == [("parked", 3), ("done", 0)]
    assert person.last == "echo still here"


async def test_an_update_of_an_unknown_kind_is_done_without_an_effect(database_url: str) -> None:
    house = await build_house(database_url, register)

    await house.intake.store([{"update_id": 9, "subscription": {"anything": [1, 2]}}])
    await house.settle()

    assert rows(house) == [("done", 0)]


async def test_a_row_that_killed_the_process_three_times_is_parked_at_the_next_start(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)
    house.sandbox.say(1, "deadly")
    house.sandbox.say(1, "after")
    await house.fetch()

    for _ in range(3):
        house.write(lambda s: Parking(house.clock).take_in_hand(s, 1) and None)
    reborn = Worker(house.database, house.application, house.clock)
    await reborn.recover()
    await house.settle()

    assert rows(house) == [("parked", 0), ("done", 0)]
    assert person.last == "echo after"


async def test_a_row_that_was_in_hand_when_the_process_was_killed_from_outside_is_done_at_the_next_start(
    database_url: str,
) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)
    house.sandbox.say(1, "innocent")
    await house.fetch()

    for _ in range(2):
        house.write(lambda s: Parking(house.clock).take_in_hand(s, 1) and None)
    await Worker(house.database, house.application, house.clock).recover()
    await house.settle()

    assert rows(house) == [("done", 0)]
    assert person.last == "echo innocent"


async def test_processes_that_died_do_not_count_as_errors(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)
    house.sandbox.say(1, "unlucky")
    await house.fetch()
    parking = Parking(house.clock)

    for _ in range(2):
        house.write(lambda s: parking.take_in_hand(s, 1) and None)
        house.write(lambda s: parking.count_error(s, 1, ValueError("once")) and None)
    await Worker(house.database, house.application, house.clock).recover()
    await house.settle()

    assert rows(house) == [("done", 2)]
    assert person.last == "echo unlucky"


@pytest.mark.parametrize("fault", [asyncio.CancelledError(), OperationalError("no", None, Exception("locked"))])
async def test_a_start_that_is_stopped_or_finds_the_database_out_of_order_does_not_count_as_a_death(
    database_url: str, fault: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await build_house(database_url, register)
    house.person(1)
    house.sandbox.say(1, "innocent")
    await house.fetch()
    worker = Worker(house.database, house.application, house.clock)

    async def fail(seq: int) -> None:
        raise fault

    for _ in range(5):
        monkeypatch.setattr(worker, "_alone", fail)
        with pytest.raises(type(fault)):
            await worker.recover()
    await house.settle()

    assert rows(house) == [("done", 0)]


async def test_coordinates_contacts_and_codes_do_not_stay_in_the_inbox(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)

    await person.say("/start ABCDE23456")
    await person.say("abcd 23")
    house.sandbox.send_location(1, 32.06, 118.79)
    house.sandbox.send_contact(1, "+8613900007000")
    await house.settle()

    stored = house.read(lambda s: " ".join(row.body for row in s.connection().execute(TABLE.select())))
    for secret in ("ABCDE23456", "abcd 23", "32.06", "13900007000"):
        assert secret not in stored


async def test_a_file_is_fetched_by_the_courier_and_comes_back_through_the_inbox(database_url: str) -> None:
    async def measure(content: bytes, name: str) -> dict[str, Any]:
        return {"bytes": len(content), "name": name}

    house = await build_house(database_url, register, readings={"length": measure})
    person = house.person(1)

    await person.send_file("roster.xlsx", b"12345")

    assert person.last == "fetched 7: [('bytes', 5), ('name', 'a file')]"


async def test_a_file_too_large_for_a_bot_comes_back_as_unreadable(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)

    house.sandbox.send_file(1, house.upload("big.xlsx", b"1"), size=30_000_000)
    await house.settle()

    assert person.last == "fetched 7: [('unreadable', 'too_big')]"


async def test_somebody_who_blocked_the_bot_comes_back_as_an_inbox_row(database_url: str) -> None:
    house = await build_house(database_url, register)
    operator = house.person(OPERATOR)
    await operator.say("/start")
    house.person(1)
    house.sandbox.say(1, "hello")
    house.sandbox.block(1)

    await house.settle()

    assert operator.last == "1 has blocked the bot"
    assert Status.DONE in {status for status, _ in rows(house)}


async def test_a_done_row_keeps_its_body_when_there_is_nothing_to_hide(database_url: str) -> None:
    house = await build_house(database_url, register)

    await house.person(1).say("早上好")

    body = house.read(lambda s: s.connection().execute(TABLE.select()).one().body)
    assert json.loads(body)["message"]["text"] == "早上好"


@pytest.mark.parametrize("words", ["\\u0000", "\\\\u0000", "a\x00b", "\ud83d"])
async def test_words_that_upset_databases_are_answered_like_others(database_url: str, words: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)
    await person.say("/start")
    update = {
        "update_id": 5,
        "message": {
            "message_id": 1,
            "date": 1,
            "text": words,
            "chat": {"id": 1, "type": "private"},
            "from": {"id": 1, "is_bot": False, "first_name": "W"},
        },
    }

    await house.intake.store([update])
    await house.settle()

    assert rows(house) == [("done", 0), ("done", 0)]
    assert person.last.startswith("echo ")


async def test_a_row_that_is_no_json_is_parked_and_the_next_goes_on(database_url: str) -> None:
    house = await build_house(database_url, register)
    person = house.person(1)
    await person.say("/start")
    house.write(
        lambda s: (
            s.connection().execute(
                TABLE.insert(),
                {
                    "source": "bot:1",
                    "external_id": 1,
                    "kind": "update",
                    "received_at": house.clock.at,
                    "body": '{"message":"\\"',
                    "status": "new",
                    "attempts": 0,
                },
            )
            and None
        )
    )

    await house.settle()
    await person.say("still there?")

    assert [status for status, _ in rows(house)] == ["done", "parked", "done"]
    assert person.last == "echo still there?"


async def test_an_update_that_was_sealed_leaves_nothing_but_that_it_came(database_url: str) -> None:
    def sealing(application: CohortApplication) -> None:
        application.add_handler(MessageHandler(filters.TEXT, seal))

    async def seal(update: Update, context: Context) -> None:
        context.turn.is_sealed = "秘密" in context.text
        context.reply(Message("heard"))

    house = await build_house(database_url, sealing)
    person = house.person(1)
    house.sandbox.say(1, "这是一个秘密，谁也不许知道")
    house.sandbox.say(1, "这是一句平常的话，谁都可以知道")
    await house.settle()

    bodies = house.read(lambda s: s.connection().execute(TABLE.select().order_by(TABLE.c.seq)).all())
    assert person.last == "heard"
    assert [(row.status, row.body is None) for row in bodies] == [("done", True), ("done", False)]
    assert "这是一句平常的话，谁都可以知道" in bodies[1].body
