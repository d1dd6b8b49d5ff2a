"""The tables of imported holidays and of units' blackouts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from bot.tables import Row, key, reference


class SpecialDay(Row, table=True):
    """A day off, or a weekend day on which people work, as an imported table says; it outranks what is built in."""

    __tablename__ = "special_day"

    on: date = Field(primary_key=True)
    is_off: bool
    name: str
    imported_at: datetime
    imported_by: int = reference("person.id")


class Blackout(Row, table=True):
    """Days on which a unit can spare nobody. ``removed_at`` keeps the row of one that was taken back."""

    __tablename__ = "blackout"
    __table_args__ = (
        Index("ix_blackout_organisation_id_ends_on", "organisation_id", "ends_on"),
        CheckConstraint("ends_on >= starts_on", name="dates"),
    )

    id: int | None = key()
    organisation_id: int = reference("organisation.id")
    unit: str
    starts_on: date
    ends_on: date
    reason: str = ""
    made_by: int = reference("person.id")
    made_at: datetime
    removed_at: datetime | None = Field(default=None)
