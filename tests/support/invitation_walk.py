"""Walking the invitation of a speaker in the chat: the coordinator's questions, the letter, the speaker's link."""

import re

from bot.forum import invitation_links
from tests.support.forum_scene import COORDINATOR
from tests.support.house import Person
from tests.support.lecture_scene import LectureScene

SPEAKER, OTHER = 7001, 7002


def coordinator(forum: LectureScene) -> Person:
    """The coordinator's phone."""
    return forum.house.person(COORDINATOR, "王老师")


def speaker(forum: LectureScene, account: int = SPEAKER, name: str = "Secretary") -> Person:
    """The phone of whoever is invited, or of somebody else."""
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


async def boss_letter(forum: LectureScene) -> str:
    """The link of the first invitation."""
    payload: str = forum.house.write(lambda s: invitation_links.payload_of(s, 1, 1))
    return f"/start {payload}"
