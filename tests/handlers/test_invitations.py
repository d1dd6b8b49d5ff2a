"""Invited speakers from end to end: named by the coordinator, who passes the link on; answered without any roster."""

import re
from datetime import timedelta

import pytest

from bot import invariants
from bot.forum import invitation_links
from bot.forum.models import InvitationStatus, Part, SignUpStatus
from bot.people import service as people
from tests.support.forum_scene import COORDINATOR, FIRST, SUNDAY
from tests.support.house import Person, TestHouse
from tests.support.lecture_scene import START, LectureScene, build_lecture_scene

pytestmark = pytest.mark.anyio

SPEAKER, OTHER = 7001, 7002
EVENING = SUNDAY.replace(hour=15)
"""Eleven at night in Shanghai on Sunday: the end of the shortest answer time."""


@pytest.fixture
def forum(house: TestHouse) -> LectureScene:
    """A forum with four slots for invited speakers, on Tuesday morning."""
    return build_lecture_scene(house, seats=0, template="invited")


def coordinator(forum: LectureScene) -> Person:
    return forum.house.person(COORDINATOR, "王老师")


def speaker(forum: LectureScene, account: int = SPEAKER, name: str = "Secretary") -> Person:
    return forum.house.person(account, name)


async def name_speaker(forum: LectureScene, name: str, answer: str = "Dec 7", slot: str = "1. about") -> None:
    """Walk the questions of the dialogue."""
    boss = coordinator(forum)
    await forum.forge(boss, f"invite:list:{forum.call_id}:0")
    await boss.press("Name a speaker")
    await boss.say(name)
    await boss.say("Party secretary, Street A")
    await boss.say("We heard much of your work.")
    await boss.press(slot)
    await boss.press(answer)


async def link_for(forum: LectureScene) -> str:
    """What the speaker sends who opens the link in the letter."""
    boss = coordinator(forum)
    await boss.press("English")
    found = re.search(r"\?start=(i-[0-9a-z-]+)", boss.last)
    assert found is not None
    return f"/start {found[1]}"


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
    toast = forum.house.sandbox  # the refusal is a line over the chat
    await second.say(link)

    assert "answered from another account" in second.last
    assert len(forum.rows()) == 1
    assert toast is not None


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


async def test_the_speaker_says_title_outline_and_needs_in_the_sign_ups_own_dialogue(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")
    guest = speaker(forum)
    await guest.say(await link_for(forum))
    await guest.press("I will come")

    await guest.press("Title, outline, needs, slides")

    assert guest.last != ""
    assert "do not know you" not in guest.last


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


async def test_a_person_of_the_roster_can_be_invited_too(forum: LectureScene) -> None:
    await name_speaker(forum, "李书记")
    trainee = forum.house.person(FIRST)

    await trainee.say(await link_for(forum))
    await trainee.press("I will come")

    (signup,) = forum.rows()
    assert signup.person_id == forum.house.read(lambda s: people.find_speaker(s, FIRST).person_id)  # type: ignore[union-attr]
    assert signup.guest_id is None


async def boss_letter(forum: LectureScene) -> str:
    """The link of the first invitation."""
    return "/start " + forum.house.write(lambda s: invitation_links.payload_of(s, 1, 1))
