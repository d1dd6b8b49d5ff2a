from pathlib import Path

import pytest
from sqlmodel import select

import handlers
from bot.people.models import Person
from bot.people.reading import read_import
from bot.sample.camp import load_sample_camp
from bot.sample.sandbox import COORDINATOR, LANGUAGES, TRAINEES
from tests.support.house import build_house

pytestmark = pytest.mark.anyio


async def test_everybody_of_the_sample_is_spoken_to_in_the_language_of_their_telegram(
    database_url: str, tmp_path: Path
) -> None:
    house = await build_house(database_url, handlers.register)

    house.take(
        lambda turn: load_sample_camp(
            turn,
            time_zone="Asia/Shanghai",
            coordinator=COORDINATOR,
            trainees=TRAINEES,
            languages=LANGUAGES,
            folder=tmp_path,
        )
    )

    linked = house.read(lambda s: s.exec(select(Person.telegram_id, Person.language)).all())
    assert {account: language for account, language in linked if account} == {
        COORDINATOR: "zh",
        TRAINEES[0]: "zh",
        TRAINEES[1]: "zh",
        TRAINEES[2]: "en",
    }


async def test_the_timetable_offered_for_trying_is_the_one_that_was_loaded(database_url: str, tmp_path: Path) -> None:
    house = await build_house(database_url, handlers.register, readings={"import": read_import})
    house.take(
        lambda turn: load_sample_camp(
            turn, time_zone="Asia/Shanghai", coordinator=COORDINATOR, trainees=TRAINEES, folder=tmp_path
        )
    )
    coordinator = house.person(COORDINATOR, language="en")

    await coordinator.send_file("timetable.xlsx", (tmp_path / "timetable.xlsx").read_bytes())

    assert "没有变化" in coordinator.last or "changes nothing" in coordinator.last
