"""Who else takes part, as far as others may know: what is spoken on, and the names of those who agreed."""

from datetime import datetime

from msgspec import Struct
from sqlmodel import Session

from bot.forum import queries
from bot.forum.models import Part
from bot.forum.views import CallView, signup_view
from bot.forum.visiting import Visitor, look
from bot.guests import service as guests


class Other(Struct, frozen=True):
    """Somebody who has signed up to speak. ``name`` is empty without consent; ``topic`` where there are no set ones.

    ``title`` is empty where a set question says what it is about and the person did not agree to be named.
    """

    topic: str
    title: str
    name: str


class Others(Struct, frozen=True):
    """All who have signed up to a call."""

    call: CallView
    entries: tuple[Other, ...]
    listeners: int


def others(session: Session, *, visitor: Visitor, call_id: int, now: datetime) -> Others:
    """Who has signed up to a call, for somebody who may see it; raises Gone, NotMeantForYou."""
    call = look(session, visitor=visitor, call_id=call_id, now=now).call
    signups = [signup_view(one, call.topics) for one in queries.signups_of(session, call_id, part=Part.SPEAKER)]
    named = guests.parties(
        session,
        person_ids=[one.person_id for one in signups if one.may_name],
        guest_ids=[one.guest_id for one in signups if one.may_name],
    )
    entries = []
    for one in sorted(signups, key=lambda one: (one.topic.position if one.topic else 0, one.id)):
        party = named.of(one.person_id, one.guest_id) if one.may_name else None
        topic = one.topic.text if one.topic else ""
        entries.append(Other(topic, one.title if party or not topic else "", party.name if party else ""))
    return Others(call, tuple(entries), len(queries.signups_of(session, call_id, part=Part.LISTENER)))
