"""Who has signed up, for those who run a camp: names, what was said, what is needed. Reads only."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlmodel import Session

from bot.forum import drafting, queries, seats
from bot.forum.calls import require_reader
from bot.forum.models import Part
from bot.forum.seats import Standing
from bot.forum.slides import File
from bot.forum.views import CallView, SignUpView, signup_view, view_of
from bot.guests import service as guests
from bot.guests.service import Party
from bot.people.service import Speaker


class Entrant(Struct, frozen=True):
    """Somebody who has signed up; ``party`` is empty for a guest who has been forgotten."""

    signup: SignUpView
    party: Party


class Entrance(Struct, frozen=True):
    """One sign-up with everything that was said."""

    call: CallView
    entrant: Entrant
    standing: Standing
    slides: File | None


def entrants(
    session: Session, *, speaker: Speaker | None, call_id: int, now: datetime
) -> tuple[CallView, Sequence[Entrant]]:
    """All sign-ups that stand, speakers first; raises NotAllowed, Gone."""
    require_reader(session, speaker, call_id)
    call = view_of(session, call_id, now)
    found = queries.signups_of(session, call_id)
    parties = guests.parties(
        session,
        person_ids=[one.person_id for one in found],
        guest_ids=[one.guest_id for one in found],
        language=call.language,
    )
    views = [signup_view(one, call.topics) for one in found]
    named = [Entrant(one, parties.of(one.person_id, one.guest_id) or _nobody(one)) for one in views]
    return call, sorted(named, key=lambda one: (one.signup.part is not Part.SPEAKER, one.signup.rank, one.signup.id))


def entrance(session: Session, *, speaker: Speaker | None, signup_id: int, now: datetime) -> Entrance:
    """One sign-up; raises NotAllowed, Gone."""
    signup = queries.get_signup(session, signup_id)
    require_reader(session, speaker, signup.call_id)
    call = view_of(session, signup.call_id, now)
    view = signup_view(signup, call.topics)
    parties = guests.parties(
        session, person_ids=[signup.person_id], guest_ids=[signup.guest_id], language=call.language
    )
    party = parties.of(signup.person_id, signup.guest_id) or _nobody(view)
    return Entrance(call, Entrant(view, party), seats.standing(session, signup_id), drafting.slides_of(signup))


def _nobody(signup: SignUpView) -> Party:
    return Party(signup.person_id, signup.guest_id, "–", "", guests.HOUSE_LANGUAGE, None)
