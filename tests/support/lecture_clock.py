"""Letting the clock come to an instant in a house with an open lecture or a forum, and counting what was said."""

from datetime import datetime

from bot.forum import seats
from schedules.invitations import push_invitations, push_visitors
from tests.support.house import Person
from tests.support.lecture_scene import LectureScene


async def tick(scene: LectureScene, at: datetime) -> int:
    """Let the clock come to an instant and the passes run, twice, so that what is said twice is seen."""
    scene.at(at)
    done = await push_invitations(scene.house.turns) + await push_visitors(scene.house.turns)
    await push_invitations(scene.house.turns)
    await push_visitors(scene.house.turns)
    await scene.house.settle()
    return done


def said(person: Person, words: str) -> int:
    """How many messages of the bot have these words."""
    return sum(words in (one.get("text") or "") for one in person.chat if one["from"]["is_bot"])


def gone(scene: LectureScene, signup_id: int) -> None:
    """Give a place up on another screen."""
    scene.house.write(lambda s: seats.withdraw(s, signup_id=signup_id, now=scene.house.clock.at))
