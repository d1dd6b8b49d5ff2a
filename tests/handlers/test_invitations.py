"""Invited speakers from end to end: named by the coordinator, who passes the link on; answered without any roster."""

from datetime import timedelta

import pytest

from bot.forum.models import InvitationStatus, SignUpStatus
from tests.support.forum_scene import FIRST
from tests.support.house import TestHouse
from tests.support.invitation_walk import OTHER, coordinator, link_for, name_speaker, speaker
from tests.support.lecture_scene import START, LectureScene, build_lecture_scene

pytestmark = pytest.mark.anyio


@pytest.fixture
def forum(house: TestHouse) -> LectureScene:
    """A forum with four slots for invited speakers, on Tuesday morning."""
    return build_lecture_scene(house, seats=0, template="invited")


async def test_a_speaker_is_named_and_the_letter_is_ready_in_both_languages(forum: LectureScene) -> None:
    await name_speaker(forum, "李 书记 <b>")
    boss = coordinator(forum)
    assert "The invitation is ready" in boss.last
    assert "I cannot write first" in boss.last

    await boss.press("English")
    english = boss.last
    await boss.press("中文")

    assert "Dear 李 书记 <b>," in english
    assert "about 09:00, 20 minutes" in english
    assert "?start=i-" in english
    assert "尊敬的" in boss.last
    assert forum.invitations()[0].status == InvitationStatus.SENT


async def test_the_link_waits_in_no_table(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")
    payload = (await link_for(forum)).removeprefix("/start ")

    found = forum.house.read(lambda s: s.connection().exec_driver_sql("SELECT payload FROM outbox").scalars().all())

    assert [row for row in found if payload in row] == []


async def test_a_link_can_be_had_as_a_picture(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")

    await coordinator(forum).press("Link as a picture")

    assert "photo" in coordinator(forum).chat[-1]


async def test_a_new_link_kills_the_old_one_and_its_buttons(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")
    old = await link_for(forum)
    wrong, right = speaker(forum, OTHER), speaker(forum)
    await wrong.say(old)
    boss = coordinator(forum)
    await boss.press("New link")
    await boss.press("Yes, a new link")

    await wrong.press("I will come")
    await wrong.say(old)
    replaced = wrong.last
    await right.say(await link_for(forum))
    await right.press("I will come")

    assert "replaced by a newer one" in replaced
    assert forum.invitations()[0].status == InvitationStatus.ACCEPTED
    assert [row.guest_id is not None for row in forum.rows()] == [True]


async def test_an_invitation_taken_back_is_said_to_the_speaker_and_frees_the_slot(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")
    guest, boss = speaker(forum), coordinator(forum)
    link = await link_for(forum)
    await guest.say(link)
    await guest.press("I will come")
    await forum.forge(boss, "invite:show:1")

    await boss.press("Take back")
    assert "has accepted" in boss.last
    await boss.press("Yes, take it back")

    assert "has been taken back" in guest.last
    assert forum.rows()[0].status == SignUpStatus.WITHDRAWN
    await guest.say(link)
    assert "replaced by a newer one" in guest.last


async def test_a_trainee_and_a_stranger_reach_none_of_the_coordinators_screens(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")
    for person in (forum.house.person(FIRST), speaker(forum, OTHER)):
        for data in ("list:1:0", "show:1", "text:1:en", "picture:1", "renewed:1", "revoked:1", "new:1", "send:1"):
            await forum.forge(person, f"invite:{data}")

    assert forum.invitations()[0].issue == 1
    assert forum.invitations()[0].status == InvitationStatus.SENT
    assert len(forum.invitations()) == 1


@pytest.mark.parametrize("name", ["😀" * 41, "x" * 4096, "\u202e\u200b", "   "])
async def test_names_that_fit_nowhere_are_asked_for_again(forum: LectureScene, name: str) -> None:
    boss = coordinator(forum)
    await forum.forge(boss, f"invite:new:{forum.call_id}")

    await boss.say(name)

    assert forum.invitations() == []
    assert "once more" in boss.last or "too long" in boss.last


async def test_nobody_can_be_invited_once_the_forum_has_begun(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")
    guest = speaker(forum)
    link = await link_for(forum)
    await guest.say(link)
    forum.at(START + timedelta(hours=3))

    await guest.press("I will come")
    await forum.forge(coordinator(forum), f"invite:new:{forum.call_id}")

    assert forum.invitations()[0].status == InvitationStatus.SENT
    assert forum.rows() == []
