"""Checking in without a roster: who signed up to a call, or has just come and finds a free seat, by the usual codes.

A trainee expected at the activity has an attendance of check-in's own and never comes here. Codes, windows and rules
are judged by check-in; the arrival is kept on the sign-up, and a seat is taken only where one is free.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace
from sqlalchemy import select, update
from sqlmodel import Session

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.checkin import service as checkin
from bot.checkin.models import Method
from bot.checkin.outcomes import ActivityView, Claim, Scanned, SlowDown, Typed, WrongCode
from bot.checkin.service import Visit, Welcome
from bot.database import insert_missing
from bot.forum import occasions, pools
from bot.forum.models import HOLDING, Part, SignUpStatus
from bot.forum.occasions import Occasion
from bot.forum.pools import SIGNUP
from bot.forum.visits import Account, Arrival, Came, CameBefore, Moment, NoSeat, NotWithoutSignUp
from bot.guests import service as guests
from bot.guests.service import Party
from bot.people import guesses

GUEST = "guest"
"""How the change log names whoever has no person."""
GUESS_KIND = "visit"
NEAR = timedelta(hours=12)
"""A typed code is looked for among the calls that end or begin within so long."""
WAITING = (SignUpStatus.PENDING, SignUpStatus.RESERVE)

_CONFIRMED = {
    "part": Part.LISTENER,
    "status": SignUpStatus.CONFIRMED,
    "offered_at": None,
    "offer_until": None,
    "rank": 0,
    "reason": "",
}
_EMPTY = {
    "title": "",
    "outline": "",
    "needs": "",
    "slides_file_id": "",
    "slides_name": "",
    "may_name": False,
    "arrived_way": "",
}


def arrive(session: Session, *, account: Account, claim: Claim, moment: Moment) -> Arrival | None:
    """Judge a code, scan or button of somebody not on the activity's roster, and record the arrival if it is right.

    ``None`` where no call is concerned, so that check-in's own answer stands.
    """
    if isinstance(claim, Typed):
        return _by_code(session, account, claim, moment)
    activity_id = checkin.activity_of(claim)
    found = occasions.occasions_at(session, activity_id) if activity_id is not None else ()
    if not found:
        return None
    party = guests.party_of(session, speaker=account.speaker, telegram_id=account.telegram_id)
    visit = _judge(session, found[0], account, claim, moment)
    if isinstance(visit, WrongCode) and party is None:
        return None
    method = Method.SCAN if isinstance(claim, Scanned) else Method.BUTTON
    return _receive(session, _choose(session, found, party), account, visit, method, moment)


def awaited(session: Session, *, telegram_id: int, now: datetime) -> tuple[ActivityView, ...]:
    """The activities about now to which a guest of this account has signed up: what they may check in to."""
    party = guests.party_of(session, speaker=None, telegram_id=telegram_id)
    if party is None:
        return ()
    near = occasions.occasions_near(session, now - NEAR, now + NEAR)
    mine = [one for one in near if (row := find_signup(session, one.call_id, party)) and row.status in HOLDING]
    return tuple(view_of(one) for one in mine)


def record(
    session: Session, occasion: Occasion, row: Any, welcome: Welcome, way: str, actor: Actor, moment: Moment
) -> Came | CameBefore:
    """Keep the arrival on the sign-up unless one is kept already: one UPDATE that carries its own condition."""
    first = update(SIGNUP).where(SIGNUP.c.id == row.id, SIGNUP.c.arrived_at.is_(None))
    done = session.connection().execute(first.values(arrived_at=welcome.at, arrived_way=way)).rowcount == 1
    receipt = receipt_of(session, occasion.activity_id, row.id)
    name = name_of(session, row)
    if not done:
        at = session.connection().execute(select(SIGNUP.c.arrived_at).where(SIGNUP.c.id == row.id)).scalar_one()
        return CameBefore(welcome.activity, row.id, name, at, receipt)
    log(session, occasion, row, "arrive", actor, moment, after={"arrived_at": welcome.at, "method": way})
    return Came(occasion, welcome.activity, row.id, name, welcome.at, welcome.status, receipt)


def log(
    session: Session, occasion: Occasion, row: Any, action: str, actor: Actor, moment: Moment, **change: Any
) -> None:
    """One line of the change log about somebody's seat or arrival."""
    after = (change.get("after") or {}) | ({"source": moment.source} if moment.source else {})
    line = audit.entry(
        actor=actor,
        now=moment.now,
        action=action,
        subject="visit",
        subject_id=row.id,
        cohort_id=occasion.cohort_id,
        person_id=row.person_id,
        before=change.get("before"),
        after=after or None,
    )
    audit.record_later(session, line)


def find_signup(session: Session, call_id: int, party: Party) -> Any | None:
    """The one row of a party in a call, however it stands."""
    is_mine = (
        SIGNUP.c.person_id == party.person_id if party.person_id is not None else SIGNUP.c.guest_id == party.guest_id
    )
    return session.connection().execute(select(SIGNUP).where(SIGNUP.c.call_id == call_id, is_mine)).first()


def name_of(session: Session, row: Any) -> str:
    """Whose sign-up it is."""
    party = guests.parties(session, person_ids=[row.person_id], guest_ids=[row.guest_id]).of(
        row.person_id, row.guest_id
    )
    return party.name if party else ""


def receipt_of(session: Session, activity_id: int, signup_id: int) -> str:
    """The short number that a visitor can tell the coordinator."""
    return checkin.visit_receipt(session, activity_id=activity_id, visitor=str(signup_id))


def view_of(occasion: Occasion) -> ActivityView:
    """The occasion's activity, as check-in names one, under the call's title."""
    return ActivityView(
        occasion.activity_id,
        occasion.cohort_id,
        occasion.title,
        occasion.starts_at,
        occasion.ends_at,
        occasion.place,
        occasion.time_zone,
    )


def _by_code(session: Session, account: Account, claim: Typed, moment: Moment) -> Arrival | None:
    near = occasions.occasions_near(session, moment.at - NEAR, moment.at + NEAR)
    if not near:
        return None
    party = guests.party_of(session, speaker=account.speaker, telegram_id=account.telegram_id)
    who = f"account:{account.telegram_id}"
    until = guesses.next_try(session, who=who, what=GUESS_KIND, now=moment.now)
    if until is not None:
        return SlowDown(until)
    for activity_id in dict.fromkeys(one.activity_id for one in near):
        here = [one for one in near if one.activity_id == activity_id]
        visit = _judge(session, here[0], account, claim, moment)
        if not isinstance(visit, WrongCode):
            return _receive(session, _choose(session, here, party), account, visit, Method.CODE, moment)
    until = guesses.count_failure(session, who=who, what=GUESS_KIND, now=moment.now)
    if party is None or account.speaker is not None:
        return None
    return SlowDown(until) if until is not None else WrongCode()


def _judge(session: Session, occasion: Occasion, account: Account, claim: Claim, moment: Moment) -> Visit:
    return checkin.judge_visit(
        session,
        activity_id=occasion.activity_id,
        visitor=account.visitor,
        claim=claim,
        at=moment.at,
        received_at=moment.received_at,
    )


def _choose(session: Session, found: Sequence[Occasion], party: Party | None) -> Occasion:
    """Of several calls about one activity: the one the party signed up to, else the one for whoever comes."""
    if party is not None:
        own = [one for one in found if (row := find_signup(session, one.call_id, party)) and row.status in HOLDING]
        found = own or found
    return next((one for one in found if one.is_by_link), found[0])


def _receive(
    session: Session, occasion: Occasion, account: Account, visit: Visit, method: Method, moment: Moment
) -> Arrival:
    """Answer a claim whose worth is known; a right one is recorded, on a seat of its own or one given now."""
    party = guests.party_of(session, speaker=account.speaker, telegram_id=account.telegram_id)
    row = _own(session, occasion, account, party)
    if row is not None and row.arrived_at is not None and not isinstance(visit, WrongCode):
        receipt = receipt_of(session, occasion.activity_id, row.id)
        return CameBefore(view_of(occasion), row.id, party.name if party else "", row.arrived_at, receipt)
    if not isinstance(visit, Welcome):
        return visit
    guesses.forget(session, who=f"account:{account.telegram_id}", what=GUESS_KIND)
    seated = _seated(session, occasion, account, party, row, moment)
    if isinstance(seated, NoSeat | NotWithoutSignUp):
        return seated
    actor = account.speaker.actor if account.speaker else Actor(name=GUEST)
    came = record(session, occasion, seated, visit, method, actor, moment)
    is_new = row is None or row.status not in HOLDING
    return replace(came, is_walk_in=True) if is_new and isinstance(came, Came) and _listens(seated) else came


def _seated(
    session: Session, occasion: Occasion, account: Account, party: Party | None, row: Any, moment: Moment
) -> Any:
    """The sign-up that the arrival is kept on; a seat is taken for it where it holds none."""
    if row is not None and row.status in HOLDING:
        return _take_offer(session, row, moment.now) if row.status == SignUpStatus.OFFERED else row
    if row is not None and row.part == Part.SPEAKER and row.status in WAITING:
        return row  # who waits to speak is there to step in, whether or not there is a seat
    is_waiting = row is not None and row.status in WAITING
    if row is None and not occasion.is_by_link:
        return NotWithoutSignUp(occasion)
    if not pools.hold(session, occasion.call_id, Part.LISTENER):
        return NoSeat(occasion, is_waiting)
    if (known := _own(session, occasion, account, party)) is not None and known.status in HOLDING:
        pools.free(session, occasion.call_id, Part.LISTENER)
        return known
    seated = _sit_down(session, occasion, party or _enrol(session, occasion, account, moment.now), moment.now)
    log(session, occasion, seated, "walk in", account.speaker.actor if account.speaker else Actor(name=GUEST), moment)
    return seated


def _own(session: Session, occasion: Occasion, account: Account, party: Party | None) -> Any | None:
    """The account's sign-up, also one made as a guest before the account was linked to a person."""
    row = find_signup(session, occasion.call_id, party) if party is not None else None
    if row is None and account.speaker is not None:
        guest_id = guests.guest_of(session, account.telegram_id)
        mine = select(SIGNUP).where(SIGNUP.c.call_id == occasion.call_id, SIGNUP.c.guest_id == guest_id)
        row = session.connection().execute(mine).first() if guest_id is not None else None
    return row


def _sit_down(session: Session, occasion: Occasion, party: Party, now: datetime) -> Any:
    """Confirm the party as a listener, for which a seat is held already."""
    confirmed = _CONFIRMED | {"settled_at": now}
    who = {"call_id": occasion.call_id, "person_id": party.person_id, "guest_id": party.guest_id, "signed_at": now}
    new = _EMPTY | confirmed | who
    if not insert_missing(session, SIGNUP, [new]):
        row = find_signup(session, occasion.call_id, party)
        assert row is not None  # noqa: S101 - it is what stood in the way
        session.connection().execute(update(SIGNUP).where(SIGNUP.c.id == row.id).values(**confirmed))
    return find_signup(session, occasion.call_id, party)


def _take_offer(session: Session, row: Any, now: datetime) -> Any:
    """Whoever is offered a seat and comes has accepted it."""
    pools.confirm(session, row, now)
    return pools.get_signup(session, row.id)


def _enrol(session: Session, occasion: Occasion, account: Account, now: datetime) -> Party:
    return guests.enrol(
        session,
        organisation_id=occasion.organisation_id,
        telegram_id=account.telegram_id,
        name=account.name,
        unit="",
        phone=None,
        language=account.language,
        now=now,
    )


def _listens(row: Any) -> bool:
    return bool(row.part == Part.LISTENER)
