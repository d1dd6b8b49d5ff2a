"""What must always hold of leave and make-up, as queries that find what does not; ``doctor`` runs them."""

from typing import Any

from sqlalchemy import Select, Text, and_, cast, exists, literal, select

from bot.checkin.models import Excused
from bot.hours.models import HoursReturn
from bot.leave.models import Kind, LeaveItem, LeaveRequest, MakeUp, Status, Step

REQUEST = LeaveRequest.__table__  # type: ignore[attr-defined]
ITEM = LeaveItem.__table__  # type: ignore[attr-defined]
EXCUSED = Excused.__table__  # type: ignore[attr-defined]
MAKE_UP = MakeUp.__table__  # type: ignore[attr-defined]
RETURN = HoursReturn.__table__  # type: ignore[attr-defined]
_BACK, _BACK_ITEM = REQUEST.alias("back"), ITEM.alias("back_item")

_ITEMS = select(REQUEST.c.id, ITEM.c.activity_id).select_from(REQUEST.join(ITEM, ITEM.c.request_id == REQUEST.c.id))
_KNOWN = exists().where(EXCUSED.c.activity_id == ITEM.c.activity_id, EXCUSED.c.person_id == REQUEST.c.person_id)
_CAME_BACK = exists().where(
    and_(
        _BACK_ITEM.c.request_id == _BACK.c.id,
        _BACK_ITEM.c.activity_id == ITEM.c.activity_id,
        _BACK.c.person_id == REQUEST.c.person_id,
        _BACK.c.kind == Kind.RETURN,
        _BACK.c.status == Status.APPROVED,
        _BACK.c.id > REQUEST.c.id,
    )
)
_CAUSE = literal("makeup:").concat(cast(MAKE_UP.c.id, Text))

UNKNOWN_TO_CHECKIN: Select[Any] = _ITEMS.where(
    REQUEST.c.kind == Kind.LEAVE, REQUEST.c.status == Status.APPROVED, ~_KNOWN, ~_CAME_BACK
)
"""Leave that was approved, and the check-in does not excuse the person."""

UNSIGNED: Select[Any] = select(REQUEST.c.id).where(
    REQUEST.c.status.in_((Status.APPROVED, Status.DECLINED)), REQUEST.c.decided_by.is_(None)
)
"""Requests that were decided by nobody."""

WITHOUT_RETURN: Select[Any] = select(MAKE_UP.c.id).where(
    MAKE_UP.c.step == Step.CONFIRMED, ~exists().where(RETURN.c.cause == _CAUSE)
)
"""Make-ups that were confirmed and gave no hours back."""
