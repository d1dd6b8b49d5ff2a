"""The tables of leave and of make-up."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from bot.tables import BigKey, Row, key, long_text, reference


class Kind(StrEnum):
    """What is asked for: to be away, or to come after all although leave was approved."""

    LEAVE = "leave"
    RETURN = "return"


class Status(StrEnum):
    """Where a request stands; only the first two change any more."""

    HEAD = "head"
    DEPARTMENT = "department"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


WAITING = (Status.HEAD, Status.DEPARTMENT)


class LeaveRequest(Row, table=True):
    """One request. ``photo`` is Telegram's file id; ``minutes`` what the activities counted when it was made.

    ``line`` is what the last approver said. ``told`` lists the messages that show it to approvers, as JSON.
    """

    __tablename__ = "leave_request"
    __table_args__ = (
        Index("ix_leave_request_cohort_id_status", "cohort_id", "status"),
        Index("ix_leave_request_person_id", "person_id"),
        CheckConstraint("status IN ('head', 'department', 'approved', 'declined', 'withdrawn')", name="status"),
        CheckConstraint("kind IN ('leave', 'return')", name="kind"),
    )

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    person_id: int = reference("person.id")
    kind: str = Kind.LEAVE
    reason: str = long_text()
    photo: str | None = Field(default=None)
    minutes: int
    status: str = Status.HEAD
    made_at: datetime
    head_by: int | None = Field(default=None, sa_type=BigKey, foreign_key="person.id")
    head_at: datetime | None = Field(default=None)
    decided_by: int | None = Field(default=None, sa_type=BigKey, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None)
    line: str = long_text(default="")
    told: str = long_text(default="[]")


class LeaveItem(Row, table=True):
    """One activity that a request is about."""

    __tablename__ = "leave_item"
    __table_args__ = (Index("ix_leave_item_activity_id", "activity_id"),)

    request_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="leave_request.id", sa_column_kwargs={"autoincrement": False}
    )
    activity_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="activity.id", sa_column_kwargs={"autoincrement": False}
    )


class Step(StrEnum):
    """Where a make-up stands; only the first three change any more."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DONE = "done"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN = (Step.OFFERED, Step.ACCEPTED, Step.DONE)
_OPEN = text("step IN ('offered', 'accepted', 'done')")


class MakeUp(Row, table=True):
    """How a missed activity may be made up: by a ``task``, or by attending ``other_id`` instead.

    ``note`` is what the person said on having done it, ``line`` what the coordinator answered. One stands open for a
    person and missed activity.
    """

    __tablename__ = "make_up"
    __table_args__ = (
        Index("ix_make_up_cohort_id_step", "cohort_id", "step"),
        Index("ix_make_up_person_id", "person_id"),
        Index("uq_make_up_open", "activity_id", "person_id", unique=True, sqlite_where=_OPEN),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    person_id: int = reference("person.id")
    activity_id: int = reference("activity.id")
    other_id: int | None = Field(default=None, sa_type=BigKey, foreign_key="activity.id")
    task: str = long_text(default="")
    minutes: int
    step: str = Step.OFFERED
    offered_by: int = reference("person.id")
    offered_at: datetime
    note: str = long_text(default="")
    line: str = long_text(default="")
    moved_at: datetime
    settled_by: int | None = Field(default=None, sa_type=BigKey, foreign_key="person.id")
