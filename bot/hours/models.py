"""The tables of hours."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from bot.tables import BigKey, Row, big, key, reference


class HoursRule(Row, table=True):
    """A cohort's rules, where they differ from the default; what each means stands in ``rules.Rules``."""

    __tablename__ = "hours_rule"
    __table_args__ = (CheckConstraint("share >= 0 AND of >= 0", name="fraction"),)

    cohort_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="cohort.id", sa_column_kwargs={"autoincrement": False}
    )
    share: int
    of: int
    absence_factor: int
    late_counts: bool
    absence_days: int
    run_length: int
    head_minutes: int
    department_id: int | None = Field(default=None, sa_type=BigKey, foreign_key="person.id")


class HoursReturn(Row, table=True):
    """Minutes of a missed activity that a person has made up, and by what. ``cause`` names that, and gives once."""

    __tablename__ = "hours_return"
    __table_args__ = (
        Index("ix_hours_return_cohort_id_person_id", "cohort_id", "person_id"),
        Index("ix_hours_return_cause", "cause", unique=True),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    person_id: int = reference("person.id")
    activity_id: int = reference("activity.id")
    minutes: int
    source: str
    cause: str
    given_by: int = reference("person.id")
    given_at: datetime


class HoursWarning(Row, table=True):
    """That a person was told of a level, once; ``activity_id`` is the activity that the warning named."""

    __tablename__ = "hours_warning"

    cohort_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="cohort.id", sa_column_kwargs={"autoincrement": False}
    )
    person_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="person.id", sa_column_kwargs={"autoincrement": False}
    )
    level: str = Field(primary_key=True)
    activity_id: int | None = big(default=None, nullable=True)
    told_at: datetime


class HoursReview(Row, table=True):
    """Up to which line of the change log, and to which instant, a cohort's ledgers have been looked through."""

    __tablename__ = "hours_review"

    cohort_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="cohort.id", sa_column_kwargs={"autoincrement": False}
    )
    change_id: int = big(default=0)
    reviewed_at: datetime
