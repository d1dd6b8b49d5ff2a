"""What a call begins with: four shapes, each a set of sensible values that the coordinator then changes. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from bot.forum.models import Audience, Choice


class Name(StrEnum):
    """The shapes of a call, as ``Call.template`` keeps them."""

    TRAINEES = "trainees"
    """Trainees speak on set questions."""
    SALON = "salon"
    """A few open cases, which come with files, to a small circle."""
    LECTURE = "lecture"
    """A lecture for whoever has the link: seats only."""
    INVITED = "invited"
    """Speakers are invited one by one; nobody signs up to speak."""


class Template(Struct, frozen=True):
    """The values of one shape. ``speakers`` is at most so many; the activity's length may allow fewer.

    Sign-up closes on the evening before (``until_eve``), or goes on until the end.
    """

    name: Name
    audience: Audience
    choice: Choice
    speakers: int
    minutes: int
    listeners: int
    until_eve: bool = True
    answer_minutes: int = 120
    has_topics: bool = True
    has_files: bool = False
    is_by_invitation: bool = False


TEMPLATES: Mapping[str, Template] = {
    one.name: one
    for one in (
        Template(Name.TRAINEES, Audience.COHORT, Choice.DRAW, 8, 10, 0),
        Template(Name.SALON, Audience.COHORT, Choice.FIRST, 4, 15, 20, has_files=True),
        Template(Name.LECTURE, Audience.LINK, Choice.FIRST, 0, 0, 1000, False, 60, has_topics=False),
        Template(
            Name.INVITED, Audience.COHORT, Choice.COORDINATOR, 4, 20, 0, answer_minutes=1440, is_by_invitation=True
        ),
    )
}


def template_of(name: str) -> Template:
    """The shape of that name; an unknown one, from a later version perhaps, is a forum of trainees."""
    return TEMPLATES.get(name, TEMPLATES[Name.TRAINEES])
