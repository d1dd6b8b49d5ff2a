"""What the clock does for speakers and visitors, in a whole house: said once, in time, to the right ones."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot import invariants
from bot.context import Installation
from bot.forum import invitation_links
from bot.forum.models import Invitation, InvitationStatus
from bot.registry import READINGS, renderers
from handlers import register
from tests.support.forum_scene import COORDINATOR, SUNDAY
from tests.support.house import OPERATOR, Person, TestHouse, build_house
from tests.support.lecture_clock import gone, said, tick
from tests.support.lecture_scene import MINUTE, START, LectureScene, build_lecture_scene

pytestmark = pytest.mark.anyio

SPEAKER = 7001
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
UNTIL = SUNDAY + DAY + 9 * HOUR
"""Nine in the evening on Monday, which is what the button of Monday means."""


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[TestHouse]:
    """A house with every handler and renderer."""
    made = renderers(Installation("camp_bot", frozenset({OPERATOR})))
    built = await build_house(database_url, register, renderers=dict(made), readings=dict(READINGS))
    yield built
    built.database.close()


@pytest.fixture
async def forum(house: TestHouse) -> LectureScene:
    """A forum to which one speaker is invited by Monday evening, and one is in reserve."""
    scene = build_lecture_scene(house, seats=0, template="invited")
    boss = house.person(COORDINATOR)
    for name, answer in (("李书记", "Dec 7"), ("周书记", "reserve list")):
        await scene.forge(boss, f"invite:new:{scene.call_id}")
        await boss.say(name)
        await boss.press("Skip")
        await boss.press("Skip")
        await boss.press("Any slot")
        await boss.press(answer)
    return scene


async def open_link(scene: LectureScene) -> Person:
    """The speaker opens the link."""
    speaker = scene.house.person(SPEAKER)
    payload = scene.house.write(lambda s: invitation_links.payload_of(s, 1, 1))
    await speaker.say(f"/start {payload}")
    return speaker


async def test_a_speaker_who_opened_the_link_is_reminded_once_with_buttons_that_work(forum: LectureScene) -> None:
    speaker, boss = await open_link(forum), forum.house.person(COORDINATOR)
    await tick(forum, UNTIL - 40 * HOUR)
    assert said(speaker, "May we ask for your answer") == 0

    await tick(forum, UNTIL - 11 * HOUR)
    await tick(forum, UNTIL - 10 * HOUR)

    assert said(speaker, "May we ask for your answer") == 1
    assert said(boss, "has not answered yet") == 1
    assert "I have reminded them." in boss.last
    await speaker.press("I will come")
    assert forum.invitations()[0].status == InvitationStatus.ACCEPTED


async def test_where_the_link_was_never_opened_the_coordinator_is_asked_to_pass_it_on(forum: LectureScene) -> None:
    await tick(forum, UNTIL - 11 * HOUR)

    assert "The link has not been opened, so I cannot write to them" in forum.house.person(COORDINATOR).last


async def test_an_answer_time_that_runs_out_frees_the_slot_and_names_the_next(forum: LectureScene) -> None:
    speaker, boss = await open_link(forum), forum.house.person(COORDINATOR)

    await tick(forum, UNTIL + MINUTE)

    assert forum.invitations()[0].status == InvitationStatus.EXPIRED
    assert said(speaker, "The answer time is over") == 1
    assert said(boss, "has not answered in time") == 1
    assert "周书记" in boss.last
    await speaker.press("I will come")
    assert "The answer time is over" in speaker.last
    assert forum.rows() == []


async def test_a_yes_and_the_end_of_the_answer_time_in_the_same_second_go_one_way(forum: LectureScene) -> None:
    speaker = await open_link(forum)
    forum.at(UNTIL)
    _, data = forum.house.find_button(SPEAKER, "I will come")
    forum.house.sandbox.press(SPEAKER, forum.house.find_button(SPEAKER, "I will come")[0], data)

    await tick(forum, UNTIL)

    assert forum.invitations()[0].status == InvitationStatus.EXPIRED
    assert forum.rows() == []
    assert said(speaker, "we look forward to you") == 0


async def test_a_held_slot_runs_out_on_the_day_that_was_named(forum: LectureScene) -> None:
    speaker = await open_link(forum)
    await speaker.press("I need time")
    await speaker.press("Dec 7")

    await tick(forum, UNTIL - MINUTE)
    before = forum.invitations()[0].status
    await tick(forum, UNTIL)

    assert (before, forum.invitations()[0].status) == (InvitationStatus.HELD, InvitationStatus.EXPIRED)


async def test_a_place_given_up_on_the_forums_own_page_is_told_to_the_coordinator(forum: LectureScene) -> None:
    speaker = await open_link(forum)
    await speaker.press("I will come")
    gone(forum, forum.rows()[0].id or 0)

    await tick(forum, SUNDAY + HOUR)

    assert forum.invitations()[0].status == InvitationStatus.WITHDRAWN
    assert said(forum.house.person(COORDINATOR), "has withdrawn") == 1
    assert forum.house.read(invariants.check) == []


async def test_speakers_are_thanked_the_morning_after_and_only_once(forum: LectureScene) -> None:
    speaker = await open_link(forum)
    await speaker.press("I will come")
    await tick(forum, START + 13 * HOUR)
    assert said(speaker, "Thank you for speaking") == 0

    await tick(forum, START + DAY + HOUR)
    await tick(forum, START + DAY + 5 * HOUR)

    assert said(speaker, "Thank you for speaking at") == 1
    assert forum.invitations()[0].thanked_at is not None


async def test_one_press_thanks_at_once_and_the_clock_does_not_repeat_it(forum: LectureScene) -> None:
    speaker, boss = await open_link(forum), forum.house.person(COORDINATOR)
    await speaker.press("I will come")
    forum.at(START + 3 * HOUR)
    await forum.forge(boss, f"invite:list:{forum.call_id}:0")

    await boss.press("Thank all who spoke")
    await tick(forum, START + DAY + HOUR)

    assert said(speaker, "Thank you for speaking at") == 1


async def test_nobody_is_woken_at_night_to_answer(forum: LectureScene) -> None:
    speaker = await open_link(forum)
    night = SUNDAY + 12 * HOUR
    forum.house.write(lambda s: _answer_by(s, night + 10 * HOUR))

    await tick(forum, night)
    at_night = said(speaker, "May we ask for your answer")
    await tick(forum, night + 7 * HOUR + MINUTE)

    assert (at_night, said(speaker, "May we ask for your answer")) == (0, 1)


def _answer_by(session: Any, until: Any) -> None:
    table: Any = Invitation.__table__  # type: ignore[attr-defined]
    session.connection().execute(table.update().where(table.c.id == 1).values(answer_until=until))
