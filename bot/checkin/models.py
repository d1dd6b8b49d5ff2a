"""The tables of check-in."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from bot.tables import BigKey, Row, key, reference


class Method(StrEnum):
    """What vouches for an attendance: a code typed or scanned, the button of somebody early, or another's hand."""

    CODE = "code"
    SCAN = "scan"
    BUTTON = "button"
    HAND = "hand"


class Way(StrEnum):
    """The way in, where the method alone does not tell it. ``PLACE`` is a person's own, all others are by hand."""

    GATE = "gate"
    ROLL = "roll"
    PAPER = "paper"
    DESK = "desk"
    PLACE = "place"


class Window(Row, table=True):
    """The open or closed check-in of one activity. ``secret`` feeds the rotating codes and the projector's address."""

    __tablename__ = "checkin_window"
    __table_args__ = (UniqueConstraint("show_code"), Index("ix_checkin_window_closed_at", "closed_at"))

    activity_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="activity.id", sa_column_kwargs={"autoincrement": False}
    )
    secret: str
    show_code: str | None = Field(default=None)
    opened_at: datetime
    opened_by: int = reference("person.id")
    closed_at: datetime | None = Field(default=None)


class Attendance(Row, table=True):
    """The one attendance of a person at an activity. ``arrived_at`` is empty when a coordinator marked them missing.

    The first accepted time never moves by itself. Present or late follows from it, the activity's present start and
    the present rules. Which update made it stands in the change log. ``left_at`` is the check-out, ``away`` the minutes
    between leaving and coming back. ``inside`` says whether a location lay within the site; where it was is not kept.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        Index("ix_attendance_person_id", "person_id"),
        CheckConstraint("method IN ('code', 'scan', 'button', 'hand')", name="method"),
        {"sqlite_with_rowid": False},
    )

    activity_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="activity.id", sa_column_kwargs={"autoincrement": False}
    )
    person_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="person.id", sa_column_kwargs={"autoincrement": False}
    )
    arrived_at: datetime | None = Field(default=None)
    method: str = Method.CODE
    marked_by: int | None = Field(default=None, sa_type=BigKey, foreign_key="person.id")
    recorded_at: datetime
    way: str | None = Field(default=None)
    left_at: datetime | None = Field(default=None)
    away: int | None = Field(default=None)
    inside: bool | None = Field(default=None)


def _activity_key() -> Any:
    return Field(primary_key=True, sa_type=BigKey, foreign_key="activity.id", sa_column_kwargs={"autoincrement": False})


def _person_key() -> Any:
    return Field(primary_key=True, sa_type=BigKey, foreign_key="person.id", sa_column_kwargs={"autoincrement": False})


class Rule(Row, table=True):
    """When check-ins open, count as late and close, in minutes; the narrowest rule that exists holds.

    ``scope`` is empty (the whole cohort), ``kind:`` and the kind of activity, or ``activity:`` and its number.
    """

    __tablename__ = "checkin_rule"

    cohort_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="cohort.id", sa_column_kwargs={"autoincrement": False}
    )
    scope: str = Field(primary_key=True, default="")
    opens_before: int
    late_after: int
    closes_after: int
    checkout: bool = False
    changed_at: datetime
    changed_by: int = reference("person.id")


class Excused(Row, table=True):
    """Somebody who need not come to an activity. ``reference`` says why, such as ``leave:12``; never shown as it is."""

    __tablename__ = "excused"
    __table_args__ = (Index("ix_excused_person_id", "person_id"),)

    activity_id: int = _activity_key()
    person_id: int = _person_key()
    reference: str = ""
    since: datetime
    excused_by: int | None = Field(default=None, sa_type=BigKey, foreign_key="person.id")


class HeadCount(Row, table=True):
    """How many of a group somebody has counted in the room; the last count stands, all stand in the change log."""

    __tablename__ = "head_count"

    activity_id: int = _activity_key()
    group_name: str = Field(primary_key=True, default="")
    counted: int
    counted_by: int = reference("person.id")
    counted_at: datetime


class Site(Row, table=True):
    """Where an activity takes place: a circle, in degrees and metres. Only a site is kept, never where anybody was."""

    __tablename__ = "checkin_site"

    activity_id: int = _activity_key()
    latitude: float
    longitude: float
    radius: int
    set_by: int = reference("person.id")
    set_at: datetime


class RollCall(Row, table=True):
    """One roll call: everybody of a group (none: of the cohort) who was not yet recorded, except those named."""

    __tablename__ = "roll_call"
    __table_args__ = (Index("ix_roll_call_activity_id", "activity_id"),)

    id: int | None = key()
    activity_id: int = reference("activity.id")
    group_name: str | None = Field(default=None)
    called_by: int = reference("person.id")
    called_at: datetime
    undone_at: datetime | None = Field(default=None)


class RollException(Row, table=True):
    """Somebody whom a caller has named as not there, until the roll is called."""

    __tablename__ = "roll_exception"

    activity_id: int = _activity_key()
    caller_id: int = _person_key()
    person_id: int = _person_key()


class WalkIn(Row, table=True):
    """Somebody who came without standing on the roster, until a coordinator says who that is or the row expires.

    ``outcome`` is empty while it waits.
    """

    __tablename__ = "walk_in"
    __table_args__ = (Index("ix_walk_in_outcome_expires_at", "outcome", "expires_at"),)

    id: int | None = key()
    activity_id: int = reference("activity.id")
    name: str
    phone: str | None = Field(default=None)
    arrived_at: datetime
    added_by: int = reference("person.id")
    expires_at: datetime
    outcome: str = ""
    person_id: int | None = Field(default=None, sa_type=BigKey, foreign_key="person.id")
    settled_at: datetime | None = Field(default=None)
