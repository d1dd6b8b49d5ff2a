"""Signing up, changing what was said, withdrawing: for persons of the roster and for guests alike.

Places are ``seats``' affair and who may ask for one is ``visiting``'s; this writes down what they said.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import update
from sqlmodel import Session

from bot.errors import Refusal
from bot.forum import drafting, queries, seats
from bot.forum.drafting import Sketch
from bot.forum.models import ACTIVE, Part, SignUp, SignUpStatus
from bot.forum.queries import SIGNUP
from bot.forum.seats import Moved
from bot.forum.views import CallView, Phase, SignUpView, view_of
from bot.forum.visiting import NotSignedUp, Own, Visitor, look, own_of, require_own, require_way
from bot.guests.service import Party


class Unfinished(Refusal):
    """Something is still missing. Please press “Sign up” once more and go on from there."""


class TooLateToChange(Refusal):
    """It is over, so nothing can be changed any more."""


class Clash(Struct, frozen=True):
    """The visitor has signed up to something else at the same hour; nothing was done."""

    call: CallView
    part: Part
    others: tuple[Own, ...]


class Signed(Struct, frozen=True):
    """The sign-up is in, or was before; ``moved`` is what giving up others set going."""

    own: Own
    is_news: bool
    moved: tuple[Moved, ...] = ()


def sign_up(
    session: Session,
    *,
    visitor: Visitor,
    call_id: int,
    part: Part,
    at: datetime,
    now: datetime,
    sketch: Sketch | None = None,
    instead_of: Collection[int] = (),
) -> Signed | Clash:
    """Sign the visitor up; a second time changes nothing. ``instead_of`` are sign-ups given up for this one.

    Raises:
        As ``require_way``; Unfinished where a speaker has not said what is needed, or the visitor is not known.
    """
    own = require_way(session, visitor=visitor, call_id=call_id, part=part, at=at)
    if visitor.party is None or (part is Part.SPEAKER and not is_complete(own.call, sketch)):
        raise Unfinished
    if own.signup is not None and _stays(own.signup, part):
        return Signed(own, is_news=False)
    clashes = _clashes(session, own, visitor.party)
    if not set(clashes) <= set(instead_of):
        return Clash(own.call, part, tuple(_other(session, signup_id, visitor, now) for signup_id in clashes))
    given_up = [*clashes, *([own.signup.id] if own.signup is not None and own.is_active else [])]
    moved = tuple(seats.withdraw(session, signup_id=signup_id, now=now) for signup_id in given_up)
    signup_id = _enter(session, call_id, visitor.party, part, sketch or Sketch(), now)
    seats.settle(session, signup_id=signup_id, now=now)
    drafting.clear(session, call_id, visitor.telegram_id, now)
    return Signed(look(session, visitor=visitor, call_id=call_id, now=now), is_news=True, moved=moved)


def change(session: Session, *, visitor: Visitor, call_id: int, sketch: Sketch, now: datetime) -> Own:
    """Write down what a speaker says differently now; the place and its order stay.

    Raises:
        Gone, NotMeantForYou: as ``look``. NotSignedUp: there is nothing to change. TooLateToChange: it is over.
        Unfinished: something is missing.
    """
    own = require_own(session, visitor=visitor, call_id=call_id, now=now)
    if own.call.phase in (Phase.OVER, Phase.CANCELLED):
        raise TooLateToChange
    if own.signup is None or own.signup.part is not Part.SPEAKER:
        raise NotSignedUp
    if not is_complete(own.call, sketch):
        raise Unfinished
    changed = update(SIGNUP).where(SIGNUP.c.id == own.signup.id).values(**_said(sketch))
    session.connection().execute(changed)
    drafting.clear(session, call_id, visitor.telegram_id, now)
    return look(session, visitor=visitor, call_id=call_id, now=now)


def withdraw(session: Session, *, visitor: Visitor, call_id: int, now: datetime) -> tuple[Own, Moved]:
    """Give the place up, or the wish for one; the next in reserve is asked. A second time changes nothing.

    Raises:
        Gone, NotMeantForYou: as ``look``. NotSignedUp: there never was a sign-up. TooLateToChange: it is over.
    """
    own = look(session, visitor=visitor, call_id=call_id, now=now)
    if own.signup is None:
        raise NotSignedUp
    if own.call.phase is Phase.OVER:
        raise TooLateToChange
    moved = seats.withdraw(session, signup_id=own.signup.id, now=now)
    return look(session, visitor=visitor, call_id=call_id, now=now), moved


def sketch_of(session: Session, own: Own) -> Sketch:
    """What a speaker said, as a draft that changes it; raises NotSignedUp for a listener."""
    if own.signup is None or own.signup.part is not Part.SPEAKER:
        raise NotSignedUp
    return drafting.sketch_of(queries.get_signup(session, own.signup.id))


def earlier(session: Session, own: Own, part: Part) -> Sketch:
    """What somebody who has withdrawn wrote then, to begin with; an empty draft for everybody else."""
    if own.signup is None or own.signup.part is not part or part is not Part.SPEAKER or not own.signup.title:
        return Sketch()
    return replace(drafting.sketch_of(queries.get_signup(session, own.signup.id)), is_edit=False)


def is_complete(call: CallView, sketch: Sketch | None) -> bool:
    """Whether everything has been said that a speaker must say, and the topic is one of the call's."""
    if sketch is None or not sketch.title or sketch.outline is None or sketch.may_name is None:
        return False
    topics = {topic.id for topic in call.topics}
    return sketch.topic_id in topics if topics else sketch.topic_id is None


def _other(session: Session, signup_id: int, visitor: Visitor, now: datetime) -> Own:
    return own_of(session, view_of(session, queries.get_signup(session, signup_id).call_id, now), visitor)


def _stays(signup: SignUpView, part: Part) -> bool:
    """Whether a sign-up that is there is the answer: it stands in that part, or has been decided about."""
    if signup.status is SignUpStatus.NOT_CHOSEN:
        return signup.part is part
    return signup.status in ACTIVE and signup.part is part


def _clashes(session: Session, own: Own, party: Party) -> Sequence[int]:
    call = queries.get_call(session, own.call.id)
    return queries.clashing(session, call, own.call.starts_at, own.call.ends_at, party)


def _enter(session: Session, call_id: int, party: Party, part: Part, sketch: Sketch, now: datetime) -> int:
    """Write the sign-up down as one that waits for its answer; under the pool's lock, so that it is one row only."""
    seats.lock(session, call_id, part)
    values: dict[str, Any] = {
        "part": part,
        "status": SignUpStatus.PENDING,
        "rank": 0,
        "reason": "",
        "signed_at": now,
        "settled_at": None,
        **_said(sketch),
    }
    there = queries.find_signup(session, call_id, party)
    if there is None:
        there = SignUp(call_id=call_id, person_id=party.person_id, guest_id=party.guest_id, **values)
        session.add(there)
        session.flush()
        return there.id or 0
    if there.status not in ACTIVE:
        session.connection().execute(update(SIGNUP).where(SIGNUP.c.id == there.id).values(**values))
        session.expire(there)
    return there.id or 0


def _said(sketch: Sketch) -> dict[str, Any]:
    file = sketch.slides
    return {
        "topic_id": sketch.topic_id,
        "title": sketch.title or "",
        "outline": sketch.outline or "",
        "needs": sketch.needs or "",
        "may_name": bool(sketch.may_name),
        "slides_file_id": file.file_id if file else "",
        "slides_name": file.name if file else "",
        "slides_size": file.size if file else None,
        "slides_chat_id": file.chat_id if file else None,
        "slides_message_id": file.message_id if file else None,
        "slides_kind": file.kind if file else None,
    }
