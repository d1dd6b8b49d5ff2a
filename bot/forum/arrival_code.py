"""The personal code of whoever has signed up without being on the roster: shown at the door, scanned by a coordinator.

It is made from a secret of the installation, belongs to one sign-up, and changes twice a day like a trainee's. To
everybody but a coordinator of the cohort it says nothing, not even whose it is.
"""

import hmac
import re
from datetime import datetime

from msgspec import Struct
from sqlmodel import Session

from bot import codes
from bot.checkin import service as checkin
from bot.checkin.models import Way
from bot.checkin.outcomes import Cancelled, Closed, NothingOpen, TooEarly
from bot.checkin.rules import MAC_LENGTH
from bot.checkin.service import Welcome
from bot.errors import Gone, NotLinked
from bot.forum import arrivals, occasions, pools, queries
from bot.forum.models import HOLDING, Part, SignUpStatus
from bot.forum.occasions import Occasion
from bot.forum.visitor_lists import is_expected
from bot.forum.visits import Came, CameBefore, Moment
from bot.guests import service as guests
from bot.guests.service import Party
from bot.people import access
from bot.people import service as people
from bot.people.service import Speaker

PREFIX = "g-"
SECRET = "visitor_code"  # noqa: S105 - the name of a key
HALF_DAY = 12 * 3600
_PAYLOAD = re.compile(r"g-([0-9a-z]{1,12})-([0-9a-z]{1,8})-([0-9a-f]{24})")


class VisitorCode(Struct, frozen=True):
    """Somebody's code for one occasion, made for a half day and good for that one and the next."""

    signup_id: int
    name: str
    step: int
    occasion: Occasion


class OnRoster(Struct, frozen=True):
    """The person is expected there anyway, so that check-in's own code of theirs holds."""

    cohort_id: int


class OldVisitorCode(Struct, frozen=True):
    """A code of yesterday: a picture of it, perhaps."""


class BadVisitorCode(Struct, frozen=True):
    """Cut off, changed, or nobody's."""


class NotAtTheDoor(Struct, frozen=True):
    """Whoever scanned keeps no door there."""


class HasNoSeat(Struct, frozen=True):
    """The code is real, but no seat is behind it any more."""

    name: str
    occasion: Occasion


Gate = (
    Came | CameBefore | TooEarly | Closed | Cancelled | NothingOpen
    | OldVisitorCode | BadVisitorCode | NotAtTheDoor | HasNoSeat
)  # fmt: skip


def my_code(session: Session, *, party: Party | None, call_id: int, now: datetime) -> VisitorCode | OnRoster:
    """The party's own code; the secret is made when it is first asked for, inside a writing transaction.

    Raises:
        Gone: there is no such call, or the party holds no place in it.
    """
    occasion = occasions.get_occasion(session, call_id)
    signup = queries.find_signup(session, call_id, party)
    if party is None or signup is None or signup.status not in HOLDING or not occasion.is_running:
        raise Gone
    if is_expected(session, signup.id or 0):
        return OnRoster(occasion.cohort_id)
    people.secret(session, SECRET)
    return VisitorCode(signup.id or 0, party.name, _step(now), occasion)


def payload_of(secret: str, signup_id: int, step: int) -> str:
    """What the deep link of a visitor's code carries."""
    return f"{PREFIX}{codes.to_base36(signup_id)}-{codes.to_base36(step)}-{_mac(secret, signup_id, step)}"


def scan_visitor(session: Session, *, speaker: Speaker | None, payload: str, moment: Moment) -> Gate:
    """Record the visitor whose code a coordinator has scanned.

    Raises:
        NotLinked: the account that scanned belongs to nobody.
    """
    if speaker is None:
        raise NotLinked
    found = _PAYLOAD.fullmatch(payload)
    signup_id, step = (int(found[1], 36), int(found[2], 36)) if found else (0, 0)
    if found is None or not hmac.compare_digest(found[3], _mac(people.secret(session, SECRET), signup_id, step)):
        return BadVisitorCode()
    row = pools.get_signup(session, signup_id)
    occasion = occasions.get_occasion(session, row.call_id)
    if not access.may_change(session, speaker, occasion.cohort_id):
        return NotAtTheDoor()
    if step not in {_step(moment.at), _step(moment.at) - 1, _step(moment.received_at)}:
        return OldVisitorCode()
    if row.part == Part.LISTENER and row.status not in HOLDING and row.arrived_at is None:
        return HasNoSeat(arrivals.name_of(session, row), occasion)
    visit = checkin.vouch_for(session, activity_id=occasion.activity_id, at=moment.at)
    if not isinstance(visit, Welcome):
        assert isinstance(visit, TooEarly | Closed | Cancelled | NothingOpen)  # noqa: S101 - nothing was typed
        return visit
    if row.status == SignUpStatus.OFFERED:
        pools.confirm(session, row, moment.now)
    return arrivals.record(session, occasion, row, visit, Way.GATE, speaker.actor, moment)


def chat_of(session: Session, signup_id: int) -> Party:
    """Whose sign-up it is, so that they can be told; raises Gone."""
    row = pools.get_signup(session, signup_id)
    found = guests.parties(session, person_ids=[row.person_id], guest_ids=[row.guest_id])
    party = found.of(row.person_id, row.guest_id)
    if party is None:
        raise Gone
    return party


def _step(at: datetime) -> int:
    return int(at.timestamp() // HALF_DAY)


def _mac(secret: str, signup_id: int, step: int) -> str:
    return codes.digest(secret, f"visitor:{signup_id}:{step}").hex()[:MAC_LENGTH]
