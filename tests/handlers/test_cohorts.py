import json
import re
from datetime import date

import pytest
from sqlmodel import select

from bot.outbox.models import Outbox
from bot.people import service
from bot.people.models import Cohort, Person, Role
from tests.support.camp import add_person, make_camp
from tests.support.house import MONDAY, OPERATOR, TestHouse

pytestmark = pytest.mark.anyio


async def make_cohort(house: TestHouse, dates: str = "2026年12月7日-9日") -> None:
    operator = house.person(OPERATOR, "Op")
    await operator.say("/start")
    await operator.press("New cohort")
    await operator.say("第四期")
    await operator.say(dates)
    await operator.press("Asia/Shanghai")
    await operator.press("中文")


async def test_an_operator_makes_a_cohort_step_by_step(house: TestHouse) -> None:
    await make_cohort(house)

    cohort = house.read(lambda s: s.exec(select(Cohort)).one())
    assert (cohort.name, cohort.starts_on, cohort.ends_on) == ("第四期", date(2026, 12, 7), date(2026, 12, 9))
    assert (cohort.time_zone, cohort.language) == ("Asia/Shanghai", "zh")
    assert "The camp is made" in house.person(OPERATOR).last


async def test_every_step_can_be_cancelled(house: TestHouse) -> None:
    operator = house.person(OPERATOR)
    await operator.say("/start")
    await operator.press("New cohort")
    await operator.say("第四期")

    await operator.press("Cancel")
    await operator.say("2026-12-07")

    assert house.read(lambda s: s.exec(select(Cohort)).all()) == []


async def test_bad_dates_are_explained_and_asked_again(house: TestHouse) -> None:
    operator = house.person(OPERATOR)
    await operator.say("/start")
    await operator.press("New cohort")
    await operator.say("第四期")

    await operator.say("next week")
    unreadable = operator.last
    await operator.say("2026-12-09 to 2026-12-07")
    backwards = operator.last
    await operator.say("2026-12-07 to 2026-12-09")

    assert "cannot read “next week” as dates" in unreadable
    assert "comes before the first" in backwards
    assert "time zone" in operator.last


async def test_an_unknown_time_zone_is_explained_and_another_one_is_taken(house: TestHouse) -> None:
    operator = house.person(OPERATOR)
    await operator.say("/start")
    await operator.press("New cohort")
    await operator.say("第四期")
    await operator.say("2026-12-07")

    await operator.say("Beijing")
    unknown = operator.last
    await operator.say("asia/urumqi")
    await operator.press("English")

    assert "do not know a time zone “Beijing”" in unknown
    assert house.read(lambda s: s.exec(select(Cohort)).one().time_zone) == "Asia/Urumqi"


async def test_two_cohorts_cannot_have_one_name(house: TestHouse) -> None:
    house.write(lambda s: make_camp(s, "第四期"))
    operator = house.person(OPERATOR)
    await operator.say("/start")
    await operator.press("New cohort")

    await operator.say("第四期")

    assert "already a camp called 第四期" in operator.last


async def test_a_prompt_that_was_answered_loses_its_buttons(house: TestHouse) -> None:
    await make_cohort(house)

    labels = [
        button["text"]
        for message in house.person(OPERATOR).chat
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
    ]
    assert "✖ Cancel" not in labels


async def test_a_coordinator_joins_by_a_link_that_works_once(house: TestHouse) -> None:
    await make_cohort(house)
    operator = house.person(OPERATOR)
    await operator.press("Add coordinator")
    await operator.say("Ms Wang")
    code = str(re.search(r"start=([0-9A-Z]{10})", operator.last)[1])  # type: ignore[index]
    coordinator, other = house.person(6), house.person(7)

    await coordinator.say(f"/start {code}")
    await other.say(f"/start {code}")

    assert "👥 People" in coordinator.labels
    assert "already used" in other.last


async def test_a_link_for_a_coordinator_does_not_wait_in_the_outbox(house: TestHouse) -> None:
    await make_cohort(house)
    operator = house.person(OPERATOR)
    await operator.press("Add coordinator")
    await operator.say("Ms Wang")
    code = str(re.search(r"start=([0-9A-Z]{10})", operator.last)[1])  # type: ignore[index]

    payloads = house.read(lambda s: [row.payload for row in s.exec(select(Outbox)).all()])

    assert not any(code in payload for payload in payloads)


async def test_somebody_known_and_linked_needs_no_link_to_coordinate_the_next_camp(house: TestHouse) -> None:
    house.write(
        lambda s: add_person(s, make_camp(s, "Old"), "Ms Wang", Role.COORDINATOR, telegram_id=6, linked_at=MONDAY)
    )
    coordinator = house.person(6)
    await coordinator.say("/help")
    await make_cohort(house)
    operator = house.person(OPERATOR)
    await operator.press("Add coordinator")
    await operator.say("Ms Wang")

    await operator.press("Ms Wang · Old")

    assert "no link is needed" in operator.last
    assert "您已成为第四期的班主任" in coordinator.last
    assert house.read(lambda s: len(s.exec(select(Person).where(Person.name == "Ms Wang")).all())) == 1


async def test_nobody_but_an_operator_makes_cohorts(house: TestHouse) -> None:
    house.write(lambda s: add_person(s, make_camp(s), "Ms Wang", Role.COORDINATOR, telegram_id=6, linked_at=MONDAY))
    coordinator = house.person(6)

    await coordinator.say("/cohorts")

    assert coordinator.last == "Only an operator of this bot can do that."


async def test_the_list_of_cohorts_is_paged(house: TestHouse) -> None:
    house.write(lambda s: [make_camp(s, f"Camp {number:02}") for number in range(11)])
    operator = house.person(OPERATOR)

    await operator.say("/cohorts")
    first = operator.labels
    await operator.press("▶")

    assert sum(label.startswith("📁") for label in first) == 8
    assert sum(label.startswith("📁") for label in operator.labels) == 3


async def test_an_operator_can_coordinate_too(house: TestHouse) -> None:
    await make_cohort(house)
    operator = house.person(OPERATOR)

    await operator.press("I coordinate it too")

    readers = house.read(lambda s: service.readers(s, 1, Role.COORDINATOR))
    assert [reader.telegram_id for reader in readers] == [OPERATOR]


async def test_an_operators_menu_has_the_cohorts(house: TestHouse) -> None:
    await house.person(OPERATOR).say("/start")

    menu = house.read(lambda s: s.exec(select(Outbox).where(Outbox.method == "setMyCommands")).one())
    assert "cohorts" in [one["command"] for one in json.loads(menu.payload)["commands"]]
