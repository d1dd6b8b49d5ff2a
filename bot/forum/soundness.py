"""What must always hold of places (I7), as queries: never oversold, never empty while somebody waits, in order.

A violation shows row numbers only.
"""

from sqlalchemy import and_, exists, func, or_, select

from bot.forum.closing import RUNNING
from bot.forum.models import HOLDING, CallStatus, Choice, Part, SignUpStatus
from bot.forum.offers import ACTIVITY
from bot.forum.pools import CALL, POOL, SIGNUP, SLOT

OTHER = SIGNUP.alias("other")

_HELD = (
    select(func.count())
    .where(SIGNUP.c.call_id == POOL.c.call_id, SIGNUP.c.part == POOL.c.part, SIGNUP.c.status.in_(HOLDING))
    .scalar_subquery()
)
_IN_POOL = and_(SIGNUP.c.call_id == POOL.c.call_id, SIGNUP.c.part == POOL.c.part)
_WAITS = exists().where(_IN_POOL, SIGNUP.c.status == SignUpStatus.RESERVE)

MISCOUNTED = select(POOL.c.call_id, POOL.c.part).where(POOL.c.taken != _HELD)
OVERSOLD = select(POOL.c.call_id, POOL.c.part).where(or_(POOL.c.capacity < _HELD, POOL.c.wanted > POOL.c.capacity))
EMPTY = (
    select(POOL.c.call_id, POOL.c.part)
    .join(CALL, CALL.c.id == POOL.c.call_id)
    .join(ACTIVITY, ACTIVITY.c.id == CALL.c.activity_id)
    .where(POOL.c.taken < POOL.c.wanted, _WAITS, CALL.c.status.in_(RUNNING), ACTIVITY.c.cancelled_at.is_(None))
)
WITHOUT_POOL = (
    select(SIGNUP.c.id).outerjoin(POOL, _IN_POOL).where(SIGNUP.c.status.in_(HOLDING), POOL.c.call_id.is_(None))
)
WITHOUT_TIME = select(SIGNUP.c.id).where(
    or_(
        and_(
            SIGNUP.c.status == SignUpStatus.OFFERED, or_(SIGNUP.c.offer_until.is_(None), SIGNUP.c.offered_at.is_(None))
        ),
        and_(SIGNUP.c.status != SignUpStatus.OFFERED, SIGNUP.c.offer_until.is_not(None)),
    )
)
OUT_OF_ORDER = (
    select(SIGNUP.c.id)
    .join(OTHER, and_(OTHER.c.call_id == SIGNUP.c.call_id, OTHER.c.part == SIGNUP.c.part))
    .where(
        SIGNUP.c.status == SignUpStatus.OFFERED,
        OTHER.c.status == SignUpStatus.RESERVE,
        OTHER.c.rank < SIGNUP.c.rank,
        OTHER.c.settled_at < SIGNUP.c.offered_at,
    )
)
SAME_NUMBER = (
    select(SIGNUP.c.call_id, SIGNUP.c.part, SIGNUP.c.rank)
    .where(SIGNUP.c.status == SignUpStatus.RESERVE)
    .group_by(SIGNUP.c.call_id, SIGNUP.c.part, SIGNUP.c.rank)
    .having(func.count() > 1)
)
WRONG_SLOT = (
    select(SLOT.c.id)
    .join(SIGNUP, SIGNUP.c.id == SLOT.c.signup_id)
    .where(
        or_(
            SIGNUP.c.status != SignUpStatus.CONFIRMED,
            SIGNUP.c.part != Part.SPEAKER,
            SIGNUP.c.call_id != SLOT.c.call_id,
            SLOT.c.is_speech.is_(False),
        )
    )
)
WITHOUT_REASON = select(SIGNUP.c.id).where(SIGNUP.c.status == SignUpStatus.NOT_CHOSEN, SIGNUP.c.reason == "")
UNANSWERED = (
    select(SIGNUP.c.id)
    .join(CALL, CALL.c.id == SIGNUP.c.call_id)
    .where(
        SIGNUP.c.status == SignUpStatus.PENDING,
        or_(
            SIGNUP.c.part == Part.LISTENER,
            CALL.c.choice == Choice.FIRST,
            and_(CALL.c.status == CallStatus.SETTLED, SIGNUP.c.signed_at <= CALL.c.settled_at),
        ),
    )
)
