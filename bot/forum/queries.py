"""What several modules of forums read: calls, their topics and places, sign-ups. Writes nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.errors import Gone
from bot.forum.models import ACTIVE, Call, CallStatus, Pool, SignUp, SignUpDraft, Slot, Topic
from bot.guests.service import Party
from bot.timetable.models import Activity

CALL = Call.__table__  # type: ignore[attr-defined]
DRAFT = SignUpDraft.__table__  # type: ignore[attr-defined]
POOL = Pool.__table__  # type: ignore[attr-defined]
SIGNUP = SignUp.__table__  # type: ignore[attr-defined]
SLOT = Slot.__table__  # type: ignore[attr-defined]
TOPIC = Topic.__table__  # type: ignore[attr-defined]
ACTIVITY = Activity.__table__  # type: ignore[attr-defined]


def get_call(session: Session, call_id: int) -> Call:
    """The call of that id; raises Gone where there is none."""
    call = session.get(Call, call_id)
    if call is None:
        raise Gone
    return call


def get_signup(session: Session, signup_id: int) -> SignUp:
    """The sign-up of that id as it stands now; raises Gone where there is none."""
    session.flush()
    found = session.exec(find(SignUp).where(SignUp.id == signup_id).execution_options(populate_existing=True)).first()
    if found is None:
        raise Gone
    return found


def calls_of(session: Session, cohort_id: int) -> Sequence[Call]:
    """The calls of a cohort in the order of their activities."""
    query = find(Call).join(Activity, col(Activity.id) == Call.activity_id).where(Call.cohort_id == cohort_id)
    return session.exec(query.order_by(col(Activity.starts_at), col(Call.id))).all()


def has_published(session: Session, cohort_id: int) -> bool:
    """Whether a cohort has any call that its people can see."""
    query = select(CALL.c.id).where(CALL.c.cohort_id == cohort_id, CALL.c.status != CallStatus.DRAFT)
    return session.connection().execute(query.limit(1)).first() is not None


def calls_about(session: Session, activity_id: int) -> Sequence[Call]:
    """The calls about an activity that are not cancelled."""
    query = find(Call).where(Call.activity_id == activity_id, Call.status != CallStatus.CANCELLED)
    return session.exec(query.order_by(col(Call.id))).all()


def topics_of(session: Session, call_id: int) -> Sequence[Topic]:
    """The topics of a call in their order."""
    return session.exec(find(Topic).where(Topic.call_id == call_id).order_by(col(Topic.position))).all()


def pools_of(session: Session, call_id: int) -> dict[str, Any]:
    """The places of a call by part, as the database has them now."""
    session.flush()
    return {row.part: row for row in session.connection().execute(select(POOL).where(POOL.c.call_id == call_id))}


def slots_of(session: Session, call_id: int) -> Sequence[Any]:
    """The running order, as the database has it now."""
    session.flush()
    query = select(SLOT).where(SLOT.c.call_id == call_id).order_by(SLOT.c.position, SLOT.c.id)
    return session.connection().execute(query).all()


def is_of(party: Party) -> Any:
    """The condition that a sign-up is this party's."""
    return SIGNUP.c.person_id == party.person_id if party.person_id else SIGNUP.c.guest_id == party.guest_id


def find_signup(session: Session, call_id: int, party: Party | None) -> SignUp | None:
    """The party's sign-up to a call, however it stands."""
    if party is None:
        return None
    session.flush()
    query = find(SignUp).where(SIGNUP.c.call_id == call_id, is_of(party))
    return session.exec(query.execution_options(populate_existing=True)).first()


def signups_of(session: Session, call_id: int, *statuses: str, part: str | None = None) -> Sequence[SignUp]:
    """The sign-ups to a call (without ``statuses``: those that stand), in the order of rank and of signing up."""
    session.flush()
    query = find(SignUp).where(SIGNUP.c.call_id == call_id, SIGNUP.c.status.in_(statuses or ACTIVE))
    if part is not None:
        query = query.where(SIGNUP.c.part == part)
    query = query.order_by(SIGNUP.c.rank, SIGNUP.c.signed_at, SIGNUP.c.id)
    return session.exec(query.execution_options(populate_existing=True)).all()


def clashing(session: Session, call: Call, starts_at: datetime, ends_at: datetime, party: Party) -> Sequence[int]:
    """The party's standing sign-ups to other calls whose activity is at the same hour."""
    query = (
        select(SIGNUP.c.id)
        .join(CALL, CALL.c.id == SIGNUP.c.call_id)
        .join(ACTIVITY, ACTIVITY.c.id == CALL.c.activity_id)
        .where(
            is_of(party),
            SIGNUP.c.status.in_(ACTIVE),
            CALL.c.id != call.id,
            CALL.c.status.in_((CallStatus.PUBLISHED, CallStatus.SETTLED)),
            ACTIVITY.c.cancelled_at.is_(None),
            ACTIVITY.c.starts_at < ends_at,
            ACTIVITY.c.ends_at > starts_at,
        )
        .order_by(SIGNUP.c.id)
    )
    return session.connection().execute(query).scalars().all()


def signed_up(session: Session, call_ids: Iterable[int]) -> frozenset[int]:
    """The persons who are signed up to one of these calls, whatever part and however it stands."""
    query = select(SIGNUP.c.person_id).where(
        SIGNUP.c.call_id.in_(list(call_ids)), SIGNUP.c.status.in_(ACTIVE), SIGNUP.c.person_id.is_not(None)
    )
    return frozenset(session.connection().execute(query).scalars())


def counts(session: Session, call_id: int) -> Sequence[Any]:
    """How many sign-ups of which part (``part``) stand how (``status``): ``n``."""
    session.flush()
    query = select(SIGNUP.c.part, SIGNUP.c.status, func.count().label("n")).where(SIGNUP.c.call_id == call_id)
    return session.connection().execute(query.group_by(SIGNUP.c.part, SIGNUP.c.status)).all()
