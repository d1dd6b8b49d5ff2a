"""An invitation from the speaker's side: yes, no, time to think, giving up; one account only, no roster."""

import pytest

from bot import invariants
from bot.forum.models import InvitationStatus, Part, SignUpStatus
from bot.people import service as people
from tests.support.forum_scene import FIRST
from tests.support.house import TestHouse
from tests.support.invitation_walk import OTHER, boss_letter, coordinator, link_for, name_speaker, speaker
from tests.support.lecture_scene import LectureScene, build_lecture_scene

pytestmark = pytest.mark.anyio


@pytest.fixture
def forum(house: TestHouse) -> LectureScene:
    """A forum with four slots for invited speakers, on Tuesday morning."""
    return build_lecture_scene(house, seats=0, template="invited")


async def test_a_speaker_without_a_roster_entry_accepts_and_has_the_slot(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记", slot="2. about")
    guest = speaker(forum)
    await guest.say(await link_for(forum))
    assert "Ms Wang" in guest.last
    assert "about 09:20" in guest.last
    assert "大礼堂" in guest.last

    await guest.press("I will come")

    (invitation,), (signup,) = forum.invitations(), forum.rows()
    assert "Thank you, we look forward to you!" in guest.last
    assert invitation.status == InvitationStatus.ACCEPTED
    assert (signup.status, signup.part) == (SignUpStatus.CONFIRMED, Part.SPEAKER)
    assert signup.id == invitation.signup_id
    assert forum.taken(Part.SPEAKER)[0] == 1
    assert "李书记" in coordinator(forum).last
    assert "has accepted" in coordinator(forum).last
    assert forum.house.read(invariants.check) == []


async def test_a_second_press_of_yes_changes_nothing_and_tells_nobody(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")
    guest = speaker(forum)
    link = await link_for(forum)
    await guest.say(link)
    message_id, data = forum.house.find_button(guest.id, "I will come")
    await guest.press_data(message_id, data)
    said = len(coordinator(forum).chat)

    await guest.say(link)

    assert "You have accepted." in guest.last
    assert len(coordinator(forum).chat) == said
    assert forum.taken(Part.SPEAKER)[0] == 1


async def test_the_first_account_that_answers_is_the_speakers(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")
    link = await link_for(forum)
    first, second = speaker(forum), speaker(forum, OTHER, "Driver")
    await second.say(link)
    await first.say(link)
    await first.press("I will come")

    await second.press("I will come")
    await second.say(link)

    assert "answered from another account" in second.last
    assert len(forum.rows()) == 1


async def test_a_tampered_link_opens_nothing(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")
    link = await link_for(forum)
    guest = speaker(forum)
    tampered = [
        link[:-1] + ("0" if link[-1] != "0" else "1"),
        link.replace("i-1-", "i-2-"),
        link[:-4],
        "/start i-zzzzzzzzzzzz-1-000000000000000000000000",
        "/start i-1-1-",
    ]

    said = []
    for one in tampered:
        await guest.say(one)
        said.append("is not complete" in guest.last)

    assert said == [True] * len(tampered)
    assert forum.invitations()[0].opened_at is None


async def test_a_button_of_one_account_is_worth_nothing_in_another(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")
    first, second = speaker(forum), speaker(forum, OTHER)
    await first.say(await link_for(forum))
    _, data = forum.house.find_button(first.id, "I will come")

    await forum.forge(second, data)
    await forum.forge(second, "invite:yes:1:000000000000000000000000")

    assert forum.invitations()[0].status == InvitationStatus.SENT
    assert forum.rows() == []


async def test_a_no_with_its_reason_reaches_the_coordinator_and_the_next_in_reserve_is_ready(
    forum: LectureScene,
) -> None:
    await name_speaker(forum, "李书记")
    await name_speaker(forum, "周书记", answer="reserve list", slot="Any slot")
    assert "On the reserve list" in coordinator(forum).last
    boss, guest = coordinator(forum), speaker(forum)
    letter = await boss_letter(forum)
    await guest.say(letter)
    await guest.press("I cannot come")

    await guest.say("出差 <i>")

    assert "Thank you for letting us know" in guest.last
    assert "has declined" in boss.last
    assert "出差 <i>" in boss.last
    assert "周书记" in boss.last
    await boss.press("Invite 周书记")
    await boss.press("1. about")
    await boss.press("Dec 7")
    assert "The invitation is ready" in boss.last
    assert [one.status for one in forum.invitations()] == [InvitationStatus.DECLINED, InvitationStatus.SENT]


async def test_whoever_needs_time_keeps_the_slot_until_the_day_they_name(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")
    guest = speaker(forum)
    await guest.say(await link_for(forum))

    await guest.press("I need time")
    await guest.press("Dec 7")

    assert "kept for you until" in guest.last
    assert "needs time until" in coordinator(forum).last
    assert forum.invitations()[0].status == InvitationStatus.HELD
    await guest.press("I will come")
    assert forum.invitations()[0].status == InvitationStatus.ACCEPTED


async def test_whoever_accepted_can_give_it_up_later(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")
    guest = speaker(forum)
    await guest.say(await link_for(forum))
    await guest.press("I will come")

    await guest.press("I cannot come after all")
    await guest.press("Decline without a reason")

    assert forum.invitations()[0].status == InvitationStatus.WITHDRAWN
    assert forum.rows()[0].status == SignUpStatus.WITHDRAWN
    assert forum.taken(Part.SPEAKER)[0] == 0
    assert "has withdrawn" in coordinator(forum).last
    assert forum.house.read(invariants.check) == []


async def test_the_speaker_says_title_outline_and_needs_in_the_sign_ups_own_dialogue(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")
    guest = speaker(forum)
    await guest.say(await link_for(forum))
    await guest.press("I will come")

    await guest.press("Title, outline, needs, slides")

    assert guest.last != ""
    assert "do not know you" not in guest.last


async def test_a_person_of_the_roster_can_be_invited_too(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")
    trainee = forum.house.person(FIRST)

    await trainee.say(await link_for(forum))
    await trainee.press("I will come")

    (signup,) = forum.rows()
    assert signup.person_id == forum.house.read(lambda s: people.find_speaker(s, FIRST).person_id)  # type: ignore[union-attr]
    assert signup.guest_id is None
