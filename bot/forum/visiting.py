"""A call as whoever speaks may see it: a person of the roster, a guest, or an account that came by the link.

Who it is, is found anew each time from the account; no button and no link says who somebody is.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select, update
from sqlmodel import Session

from bot.errors import Gone, Refusal
from bot.forum import audiences, drafting, queries, seats
from bot.forum.drafting import Sketch
from bot.forum.models import ACTIVE, Audience, CallStatus, Part
from bot.forum.queries import SIGNUP
from bot.forum.seats import Standing
from bot.forum.views import CallView, Phase, SignUpView, signup_view, view_of
from bot.guests import service as guests
from bot.guests.service import Party
from bot.people import access
from bot.people.service import Speaker


class NotMeantForYou(Refusal):
    """This one is for others. If somebody gave you its link, please open that."""


class SignUpNotOpen(Refusal):
    """Sign-up has not opened yet."""


class SignUpClosed(Refusal):
    """Sign-up has closed."""


class CalledOff(Refusal):
    """This has been cancelled."""


class ByInvitation(Refusal):
    """The speakers of this forum are invited."""


class NotSignedUp(Refusal):
    """You are not signed up here."""


class Visitor(Struct, frozen=True):
    """Whoever speaks: the account, the person behind it, and the party, once they are known at all."""

    telegram_id: int
    speaker: Speaker | None
    party: Party | None


class Own(Struct, frozen=True):
    """A call as one visitor sees it: what they have said so far, and how their sign-up stands."""

    call: CallView
    visitor: Visitor
    signup: SignUpView | None
    standing: Standing | None
    sketch: Sketch | None

    @property
    def is_active(self) -> bool:
        """Whether a sign-up stands."""
        return self.signup is not None and self.signup.status in ACTIVE


def visitor_of(session: Session, *, speaker: Speaker | None, telegram_id: int) -> Visitor:
    """Who speaks. What an account signed up to as a guest becomes the person's when it has been linked since."""
    if speaker is not None and (guest_id := guests.guest_of(session, telegram_id)) is not None:
        _adopt(session, guest_id, speaker.person_id)
    return Visitor(telegram_id, speaker, guests.party_of(session, speaker=speaker, telegram_id=telegram_id))


def look(session: Session, *, visitor: Visitor, call_id: int, now: datetime) -> Own:
    """A call for whoever may see it.

    Raises:
        Gone: there is no such call, or it is a draft.
        NotMeantForYou: the visitor is not of its cohort, has not signed up and did not come by its link.
    """
    call = view_of(session, call_id, now)
    if call.status is CallStatus.DRAFT:
        raise Gone
    own = own_of(session, call, visitor)
    if own.signup is None and not _may_see(session, own):
        raise NotMeantForYou
    return own


def open_link(session: Session, *, visitor: Visitor, call_id: int, now: datetime) -> Own:
    """A call for somebody who came by its link, which only says something while the link is meant to be used.

    Raises:
        Gone: there is no such call, or it is a draft.
        NotMeantForYou: the call is no longer open to whoever has the link.
    """
    call = view_of(session, call_id, now)
    if call.audience is Audience.LINK and call.status is not CallStatus.DRAFT:
        drafting.note_visit(session, call_id, visitor.telegram_id, now)
    return look(session, visitor=visitor, call_id=call_id, now=now)


def require_way(session: Session, *, visitor: Visitor, call_id: int, part: Part, at: datetime) -> Own:
    """The call, where this visitor may sign up to it in that part at that instant.

    Raises:
        Gone, NotMeantForYou: as ``look``; also for a part that the call does not have.
        CalledOff, SignUpNotOpen, SignUpClosed, ByInvitation: it is not the time, or not the way.
    """
    own = look(session, visitor=visitor, call_id=call_id, now=at)
    call = own.call
    if call.phase is Phase.CANCELLED:
        raise CalledOff
    if call.phase is Phase.COMING:
        raise SignUpNotOpen
    if call.phase is not Phase.OPEN:
        raise SignUpClosed
    if part is Part.SPEAKER and call.template.is_by_invitation:
        raise ByInvitation
    if (call.speakers if part is Part.SPEAKER else call.listeners) is None:
        raise Gone
    if not _may_sign(session, own):
        raise NotMeantForYou
    return own


def require_own(session: Session, *, visitor: Visitor, call_id: int, now: datetime) -> Own:
    """The call with a sign-up of the visitor's that stands; raises Gone, NotMeantForYou, NotSignedUp."""
    own = look(session, visitor=visitor, call_id=call_id, now=now)
    if not own.is_active:
        raise NotSignedUp
    return own


def own_list(session: Session, *, visitor: Visitor, cohort_id: int, now: datetime) -> Sequence[Own]:
    """The published calls of a cohort for one of its members, those that are over or off last.

    Raises:
        NotMeantForYou: the visitor is not of the cohort.
    """
    if visitor.speaker is None or not (
        visitor.speaker.is_operator or access.roles_in(session, visitor.speaker.person_id, cohort_id)
    ):
        raise NotMeantForYou
    ids = [call.id or 0 for call in queries.calls_of(session, cohort_id) if call.status != CallStatus.DRAFT]
    found = [own_of(session, view_of(session, call_id, now), visitor) for call_id in ids]
    meant = [own for own in found if own.is_active or _may_sign(session, own) or _is_staff(session, own)]
    return sorted(meant, key=lambda own: own.call.phase in (Phase.OVER, Phase.CANCELLED))


def own_of(session: Session, call: CallView, visitor: Visitor) -> Own:
    """What a visitor sees of a call, whether they may or not: the caller has looked."""
    signup = queries.find_signup(session, call.id, visitor.party)
    view = signup_view(signup, call.topics) if signup is not None else None
    standing = seats.standing(session, view.id) if view is not None else None
    return Own(call, visitor, view, standing, drafting.read(session, call.id, visitor.telegram_id))


def _may_see(session: Session, own: Own) -> bool:
    return _may_sign(session, own) or _is_staff(session, own)


def _may_sign(session: Session, own: Own) -> bool:
    """Whether the roster lets the visitor sign up, or the link does that they came by."""
    speaker = own.visitor.speaker
    if speaker is not None and audiences.is_meant(session, own.call, speaker.person_id):
        return True
    return own.call.audience is Audience.LINK and (own.sketch is not None or own.signup is not None)


def _is_staff(session: Session, own: Own) -> bool:
    speaker = own.visitor.speaker
    if speaker is None:
        return False
    roles = access.roles_in(session, speaker.person_id, own.call.cohort_id)
    return speaker.is_operator or bool(roles - set(audiences.ROLES))


def _adopt(session: Session, guest_id: int, person_id: int) -> None:
    """Let a guest's sign-ups be the person's, except where the person has signed up as well."""
    taken = select(SIGNUP.c.call_id).where(SIGNUP.c.person_id == person_id)
    mine = update(SIGNUP).where(SIGNUP.c.guest_id == guest_id, SIGNUP.c.call_id.not_in(taken))
    session.connection().execute(mine.values(person_id=person_id, guest_id=None))
