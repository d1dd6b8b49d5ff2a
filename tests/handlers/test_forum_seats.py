"""Offers, draws and a coordinator's decisions over the chat, from both sides."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.buttons import button, keyboard
from bot.forum import seats
from bot.forum.messages import seats as words
from bot.forum.models import Choice, Part, SignUpStatus
from bot.forum.pools import CALL
from bot.invariants import check
from bot.outbox.calls import Message
from bot.outbox.models import Outbox
from bot.people.models import Role
from bot.people.service import PERSON
from schedules.forum import push_forum, push_unreached
from tests.support.camp import add_person, callback_answers, forge_press
from tests.support.house import MONDAY, Person, TestHouse
from tests.support.seats_scene import COORDINATOR, FIRST_TRAINEE, HOUR, STARTS, SeatsCamp, build_seats_camp, sign_guest

pytestmark = pytest.mark.anyio
CONFIRMED, OFFERED, RESERVE = SignUpStatus.CONFIRMED, SignUpStatus.OFFERED, SignUpStatus.RESERVE
WITHDRAWN, NOT_CHOSEN, PENDING = SignUpStatus.WITHDRAWN, SignUpStatus.NOT_CHOSEN, SignUpStatus.PENDING
CLOSED = MONDAY + 24 * HOUR
SPEAKER = Part.SPEAKER
Make = Callable[..., Awaitable["Scene"]]


class Scene:
    """A house with a forum, and short ways over the chat."""

    def __init__(self, house: TestHouse, **options: Any) -> None:
        self.house = house
        self.camp: SeatsCamp = build_seats_camp(house.database, **options)
        self.camp.change(CALL, announced_at=MONDAY)
        self.begun: dict[int, int] = {}

    async def begin(self, *accounts: int) -> None:
        """Let these start the bot, and forget what it says to that."""
        for account in accounts:
            person = self.house.person(account, str(account))
            await person.say("/start")
            self.begun[account] = len(said(person))

    def told(self, number: int) -> list[str]:
        """What a trainee has been told since."""
        return said(self.trainee(number))[self.begun.get(FIRST_TRAINEE + number, 0) :]

    def trainee(self, number: int) -> Person:
        return self.house.person(FIRST_TRAINEE + number, f"T{number}")

    @property
    def boss(self) -> Person:
        return self.house.person(COORDINATOR, "周老师")

    async def tick(self, at: datetime) -> None:
        self.house.clock.at = at
        await push_forum(self.house.turns)
        await self.house.settle()

    async def forge(self, person: Person, data: str) -> str:
        """Press a button somebody should not have; the short line over the chat."""
        self.house.take(lambda turn: turn.send(person.id, Message("forged", keyboard([button("forged", data)]))))
        await self.house.settle()
        await person.press("forged")
        return callback_answers(self.house)[-1]

    async def desk(self, part: int = 0) -> Person:
        """The coordinator's list of a part."""
        data = f"seats:list:{self.camp.call_id}:{part}:0"
        self.house.take(lambda turn: turn.send(COORDINATOR, Message("desk", keyboard([button("open desk", data)]))))
        await self.house.settle()
        await self.boss.press("open desk")
        return self.boss


@pytest.fixture
def scene(house: TestHouse) -> Callable[..., Awaitable[Scene]]:
    async def made(**options: Any) -> Scene:
        built = Scene(house, **options)
        is_linked = options.get("is_linked", True)
        await built.begin(COORDINATOR, *range(FIRST_TRAINEE, FIRST_TRAINEE + len(built.camp.people) * is_linked))
        return built

    return made


def said(person: Person) -> list[str]:
    return [message.get("text") or "" for message in person.chat if message["from"]["is_bot"]]


async def withdrawn(scene: Make, people: int = 4, **options: Any) -> Scene:
    """One seat; a coordinator takes it from 0 with a reason, so that it is offered to 1."""
    made = await scene(seats=1, people=people, **options)
    for number in range(people):
        made.camp.sign(number)
    boss = await made.desk(1)
    await boss.press("学员0")
    await boss.press("Not this time …")
    await boss.say("You told me that you are ill.")
    return made


async def test_the_next_is_offered_the_place_and_takes_it(scene: Make) -> None:
    made = await withdrawn(scene)
    next_one = made.trainee(1)
    assert "A seat is free for you" in next_one.last
    assert "Please answer until" in next_one.last

    await next_one.press("I take it")

    assert "Your seat is confirmed" in next_one.last
    assert "I take it" not in " ".join(next_one.labels)
    assert callback_answers(made.house)[-1] == "It is yours."
    assert made.camp.statuses(4) == [NOT_CHOSEN, CONFIRMED, RESERVE, RESERVE]


async def test_who_loses_a_place_reads_why(scene: Make) -> None:
    made = await withdrawn(scene)

    assert "Not this time" in made.trainee(0).last
    assert "You told me that you are ill" in made.trainee(0).last


async def test_who_declines_sees_it_and_the_next_is_asked(scene: Make) -> None:
    made = await withdrawn(scene)

    await made.trainee(1).press("No, thank you")

    assert "You have given the place to the next" in made.trainee(1).last
    assert "A seat is free for you" in made.trainee(2).last


async def test_the_clock_takes_the_buttons_off_and_asks_the_next_once(scene: Make) -> None:
    made = await withdrawn(scene)

    for _ in range(3):
        await made.tick(MONDAY + 2 * HOUR)

    assert "The answer time is over" in made.trainee(1).last
    assert "I take it" not in " ".join(made.trainee(1).labels)
    assert sum("A seat is free for you" in text for text in made.told(2)) == 1
    assert made.camp.statuses(4) == [NOT_CHOSEN, NOT_CHOSEN, OFFERED, RESERVE]


async def test_a_press_that_comes_too_late_is_told_so(scene: Make) -> None:
    made = await withdrawn(scene)
    made.house.clock.at = MONDAY + 2 * HOUR

    await made.trainee(1).press("I take it")

    assert "The answer time is over" in made.trainee(1).last
    assert "A seat is free for you" in made.trainee(2).last


async def test_who_missed_an_offer_waits_again_with_one_press(scene: Make) -> None:
    made = await withdrawn(scene)
    await made.tick(MONDAY + 2 * HOUR)

    await made.trainee(1).press("Back to the reserve list")

    assert "Reserve number 2" in made.trainee(1).last
    assert made.camp.statuses(4) == [NOT_CHOSEN, RESERVE, OFFERED, RESERVE]


async def test_pressing_twice_takes_one_place(scene: Make) -> None:
    made = await withdrawn(scene)
    message_id, data = made.house.find_button(FIRST_TRAINEE + 1, "I take it")
    await made.trainee(1).press("I take it")

    await forge_press(made.house, FIRST_TRAINEE + 1, message_id, data)

    assert made.camp.pool() == (1, 1, 1)
    assert made.camp.standing(1).status == CONFIRMED


async def test_a_forwarded_offer_is_nobody_elses(scene: Make) -> None:
    made = await withdrawn(scene)

    answer = await made.forge(made.trainee(2), f"seats:yes:{made.camp.signup(1)}")

    assert answer == "This place was offered to somebody else."
    assert made.camp.standing(1).status == OFFERED


@pytest.mark.parametrize(
    "data", ["seats:yes:", "seats:yes:x", "seats:yes:99999", "seats:list:1:7:0", "seats:draw:99:0", "seats:why:eat:1"]
)
async def test_a_tampered_button_is_gone(scene: Make, data: str) -> None:
    made = await withdrawn(scene)

    answer = await made.forge(made.boss, data)

    assert answer.startswith("This no longer exists")


async def test_a_guest_answers_too(scene: Make) -> None:
    made = await scene(seats=1)
    made.camp.sign(0)
    await made.begin(7001)
    guest = made.house.person(7001, "陈安")
    sign_guest(made.camp, 7001, "陈安")
    made.house.take(lambda turn: _withdraw(turn, made.camp.signup(0)))
    await made.house.settle()

    await guest.press("I take it")

    assert "Your seat is confirmed" in guest.last
    assert made.camp.count() == {"withdrawn": 1, "confirmed": 1}


def _withdraw(turn: Any, signup_id: int) -> None:
    words.announce_moved(turn, seats.withdraw(turn.session, signup_id=signup_id, now=turn.now))


async def test_who_cannot_be_reached_is_named_to_the_coordinator_who_answers_for_them(
    scene: Make,
) -> None:
    made = await scene(seats=1, is_linked=False)
    made.camp.do(
        lambda s: s.connection().execute(
            PERSON.update().where(PERSON.c.id == made.camp.people[1]).values(phone="+8613800138001")
        )
    )
    for number in range(3):
        made.camp.sign(number)
    made.house.take(lambda turn: _withdraw(turn, made.camp.signup(0)))
    await made.house.settle()
    assert "学员1 is next in reserve and cannot be reached here" in made.boss.last
    assert "+8613800138001" in made.boss.last

    await made.boss.press("Takes the place")

    assert made.camp.standing(1).status == CONFIRMED
    assert callback_answers(made.house)[-1] == "Confirmed."


async def test_an_unreachable_reserve_who_does_not_answer_is_followed_by_the_next(
    scene: Make,
) -> None:
    made = await scene(seats=1, is_linked=False)
    for number in range(3):
        made.camp.sign(number)
    made.house.take(lambda turn: _withdraw(turn, made.camp.signup(0)))

    await made.tick(MONDAY + 2 * HOUR)

    assert "学员2 is next in reserve" in made.boss.last


async def test_who_blocks_the_bot_after_the_offer_is_named_to_the_coordinator_once(
    scene: Make,
) -> None:
    made = await withdrawn(scene)
    blocked = PERSON.update().where(PERSON.c.id == made.camp.people[1]).values(unreachable_at=MONDAY)
    made.camp.do(lambda s: s.connection().execute(blocked))

    for _ in range(2):
        await push_unreached(made.house.turns)
        await made.house.settle()

    assert sum("学员1 is next in reserve" in text for text in said(made.boss)) == 1


async def test_an_offer_at_night_makes_no_sound(scene: Make) -> None:
    made = await scene(seats=1)
    made.camp.sign(0)
    made.camp.sign(1)
    made.house.clock.at = MONDAY + 15 * HOUR

    made.house.take(lambda turn: _withdraw(turn, made.camp.signup(0)))
    await made.house.settle()

    sent = made.house.read(lambda s: s.connection().execute(_payloads()).scalars().all())
    assert json.loads(sent[-1]).get("disable_notification") is True
    assert made.camp.standing(1).until == MONDAY + 25 * HOUR


def _payloads() -> Any:
    table = Outbox.__table__  # type: ignore[attr-defined]
    return select(table.c.payload).where(table.c.key.like("forum:offer:%")).order_by(table.c.id)


async def test_a_speakers_place_that_nobody_waits_for_is_told_to_the_coordinator(
    scene: Make,
) -> None:
    made = await scene(slots=1)
    made.camp.sign(0, part=SPEAKER)

    made.house.take(lambda turn: _withdraw(turn, made.camp.signup(0)))
    await made.house.settle()

    assert "A place to speak has become free" in made.boss.last


async def test_the_coordinator_chooses_and_everybody_is_answered_at_once(scene: Make) -> None:
    made = await scene(slots=2, people=4, choice=Choice.COORDINATOR)
    for number in range(4):
        made.camp.sign(number, part=SPEAKER, title=f"Speech {number}")
    await made.tick(CLOSED)
    assert "Please choose the speakers" in made.boss.last
    assert "4 people wait for an answer" in made.boss.last

    await made.boss.press("Choose now")
    for name in ("学员1", "学员3"):
        await made.boss.press(name)
        await made.boss.press("⭐ chosen")
        await made.boss.press("« List")
    await made.boss.press("学员0")
    await made.boss.press("✖️ not this time")
    await made.boss.press("Say why")
    await made.boss.say("Another of your unit speaks.")
    await made.boss.press("« List")
    assert not any(made.told(number) for number in range(4))
    await made.boss.press("Answer everybody …")
    assert "<b>2</b> chosen for 2 places".replace("<b>", "").replace("</b>", "") in made.boss.last
    await made.boss.press("✅ Answer everybody")

    assert "You speak: slot 1, about 14:10" in made.trainee(1).last
    assert "You speak: slot 2, about 14:20" in made.trainee(3).last
    assert "Reserve number 1" in made.trainee(2).last
    assert "Another of your unit speaks" in made.trainee(0).last
    assert [len(made.told(number)) for number in range(4)] == [1, 1, 1, 1]
    assert made.house.read(check) == []


async def test_the_clock_draws_and_everybody_reads_their_place_and_why(scene: Make) -> None:
    made = await scene(slots=2, people=5, choice=Choice.DRAW)
    for number in range(5):
        made.camp.sign(number, part=SPEAKER)

    for _ in range(2):
        await made.tick(CLOSED)

    answers = [made.told(number) for number in range(5)]
    assert [len(one) for one in answers] == [1] * 5
    assert sum("You speak: slot" in one[0] for one in answers) == 2
    assert all("In the draw: place" in one[0] for one in answers)
    assert made.house.read(check) == []


async def test_the_promise_stands_before_the_draw_and_the_seed_after(scene: Make) -> None:
    made = await scene(slots=2, people=3, choice=Choice.DRAW)
    for number in range(3):
        made.camp.sign(number, part=SPEAKER)
    await made.forge(made.trainee(0), f"seats:draw:{made.camp.call_id}:0")
    promise = made.trainee(0).last
    await made.tick(CLOSED)

    await made.forge(made.trainee(0), f"seats:draw:{made.camp.call_id}:0")

    digest = promise.split("begins with ")[1].split(".")[0]
    assert digest in made.trainee(0).last
    assert "The result" in made.trainee(0).last
    assert "(you)" in made.trainee(0).last
    assert "学员1" not in made.trainee(0).last


async def test_the_coordinator_sees_names_in_the_draw_and_is_nobody_in_it(scene: Make) -> None:
    made = await scene(slots=2, people=3, choice=Choice.DRAW)
    for number in range(3):
        made.camp.sign(number, part=SPEAKER)
    await made.tick(CLOSED)

    await made.forge(made.boss, f"seats:draw:{made.camp.call_id}:0")

    assert all(f"学员{number}" in made.boss.last for number in range(3))
    assert "(you)" not in made.boss.last


async def test_the_list_of_the_draw_comes_as_a_file(scene: Make) -> None:
    made = await scene(slots=2, people=3, choice=Choice.DRAW)
    for number in range(3):
        made.camp.sign(number, part=SPEAKER)
    await made.tick(CLOSED)
    await made.forge(made.trainee(0), f"seats:draw:{made.camp.call_id}:0")

    await made.trainee(0).press("The list, to draw it again")

    assert made.trainee(0).chat[-1]["document"]["file_name"] == f"draw-{made.camp.call_id}.json"


async def test_the_sign_up_list_comes_as_a_workbook(scene: Make) -> None:
    made = await scene(people=3)
    made.camp.sign(0, part=SPEAKER, title="=1+1")
    made.camp.sign(1)
    boss = await made.desk()

    await boss.press("As a file")

    assert boss.chat[-1]["document"]["file_name"] == "What holds a street together.xlsx"


async def test_fewer_places_than_taken_is_a_choice_and_everybody_can_stay(scene: Make) -> None:
    made = await scene(seats=3, people=5)
    for number in range(5):
        made.camp.sign(number)
    boss = await made.desk(1)
    await boss.press("Number of places")

    await boss.press("-1")
    assert "3 places are taken, and you want 2" in boss.last
    await boss.press("Keep everybody")

    assert "1 more is taken than wanted" in boss.last
    assert made.camp.pool() == (3, 3, 2)
    assert not any(made.told(number) for number in range(5))


async def test_who_goes_is_chosen_and_told_why(scene: Make) -> None:
    made = await scene(seats=3, people=5)
    for number in range(5):
        made.camp.sign(number)
    boss = await made.desk(1)
    await boss.press("Number of places")
    await boss.press("-1")
    await boss.press("Choose who goes")

    await boss.press("学员1")
    await boss.press("There are fewer places than before")

    assert made.camp.statuses(5) == [CONFIRMED, RESERVE, CONFIRMED, RESERVE, RESERVE]
    assert "Reserve number 1" in made.trainee(1).last
    assert "there are fewer places than before" in made.trainee(1).last


async def test_more_places_typed_as_a_number_are_offered(scene: Make) -> None:
    made = await scene(seats=1, people=4)
    for number in range(4):
        made.camp.sign(number)
    boss = await made.desk(1)
    await boss.press("Number of places")
    await boss.press("Another number")

    await boss.say("many")
    await boss.say("3")

    assert made.camp.statuses(4) == [CONFIRMED, OFFERED, OFFERED, RESERVE]
    assert "A seat is free for you" in made.trainee(2).last


async def test_a_slot_that_somebody_holds_is_deleted_only_after_a_choice(scene: Make) -> None:
    made = await scene(slots=2, people=3)
    for number in range(3):
        made.camp.sign(number, part=SPEAKER)
    await made.forge(made.boss, f"seats:slot:{made.camp.slot_ids()[1]}")
    assert "学员0 has this slot" in made.boss.last

    await made.boss.press("Somebody else goes")
    await made.boss.press("2. 学员1")

    assert made.camp.statuses(3) == [CONFIRMED, RESERVE, RESERVE]
    assert made.camp.slots() == [None, made.camp.signup(0)]
    assert "Reserve number 1" in made.trainee(1).last
    assert "slot 1, about 14:10" in made.trainee(0).last


async def test_two_people_change_places_over_the_chat(scene: Make) -> None:
    made = await scene(slots=1, people=3)
    for number in range(3):
        made.camp.sign(number, part=SPEAKER)
    boss = await made.desk()
    await boss.press("学员2")
    await boss.press("In the place of")
    await boss.press("学员0")

    await boss.say("Her case is the one we discuss.")

    assert made.camp.statuses(3) == [RESERVE, RESERVE, CONFIRMED]
    assert "You speak: slot 1" in made.trainee(2).last
    assert "Her case is the one we discuss" in made.trainee(0).last


async def test_a_reason_that_is_too_long_is_asked_for_again(scene: Make) -> None:
    made = await scene(seats=1, people=2)
    made.camp.sign(0)
    boss = await made.desk(1)
    await boss.press("学员0")
    await boss.press("Not this time …")

    await boss.say("x" * 4096)

    assert "at most 300 characters" in boss.last
    assert made.camp.standing(0).status == CONFIRMED


async def test_an_auditor_sees_the_list_and_has_no_button_that_changes_it(scene: Make) -> None:
    made = await scene(seats=1, people=3)
    made.camp.sign(0)
    made.camp.do(lambda s: add_person(s, made.camp.cohort_id, "审计", Role.AUDITOR, telegram_id=820, language="en"))
    await made.begin(820)
    auditor = made.house.person(820, "审计")

    await made.forge(auditor, f"seats:one:{made.camp.signup(0)}")
    labels = " ".join(auditor.labels)
    refused = await made.forge(auditor, f"seats:set:{made.camp.call_id}:1:9")

    assert "Not this time" not in labels
    assert refused == "Only a coordinator of this camp can do that."


@pytest.mark.parametrize(
    "data",
    [
        "seats:list:{call}:1:0",
        "seats:one:{signup}",
        "seats:mark:{signup}:0",
        "seats:finish:{call}",
        "seats:finished:{call}",
        "seats:others:{signup}:0",
        "seats:theirs:{signup}:1",
        "seats:back:{signup}",
        "seats:goes:{signup}",
        "seats:turns:{cohort}:0",
        "seats:file:{call}",
        "seats:why:drop:{signup}",
        "seats:room:{call}:1",
        "seats:set:{call}:1:9",
        "seats:number:{call}:1",
        "seats:keep:{call}:1:0",
        "seats:fewer:{call}:1:0",
        "seats:holders:{call}:1:0",
        "seats:slot:{slot}",
        "seats:slotmove:{slot}",
        "seats:slotgo:{slot}:{signup}",
        "seats:slotwho:{slot}:0",
    ],
)
async def test_a_trainee_presses_no_button_of_the_coordinator(scene: Make, data: str) -> None:
    made = await scene(seats=1, people=3)
    made.camp.sign(0)
    ids = {"call": made.camp.call_id, "signup": made.camp.signup(0), "cohort": made.camp.cohort_id}

    answer = await made.forge(made.trainee(1), data.format(slot=made.camp.slot_ids()[1], **ids))

    assert answer == "Only a coordinator of this camp can do that."
    assert (made.camp.pool(), made.camp.standing(0).status) == ((1, 1, 1), CONFIRMED)


async def test_when_it_begins_who_still_waits_hears_that_no_place_became_free(scene: Make) -> None:
    made = await scene(seats=1, people=2)
    made.camp.sign(0)
    made.camp.sign(1)

    for _ in range(2):
        await made.tick(STARTS + timedelta(seconds=1))

    assert "Not this time" in made.trainee(1).last
    assert "no place became free" in made.trainee(1).last
    assert len(made.told(1)) == 1
