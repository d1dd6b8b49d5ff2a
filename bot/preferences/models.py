"""The tables of what people chose. Nothing here means everything comes, at its hour, with a sound."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from bot.tables import Row, big, key, reference


class Topic(StrEnum):
    """A kind of push that a person can pause."""

    MORNING = "morning"
    EVENING = "evening"
    BEFORE = "before"
    DAILY_QUESTION = "daily_question"
    RECALL = "recall"
    NOTICE = "notice"
    CLOSING = "closing"
    """For those who run a camp: what a day has left open, and who was missing."""


class Preference(Row, table=True):
    """What a person chose. Quiet hours are in minutes after the cohort's local midnight, and may pass midnight.

    ``before`` is how many minutes before an activity the person wants to be reminded, where the camp has no rule for
    its kind; empty means as the camp has it.
    """

    __tablename__ = "preference"
    __table_args__ = (
        CheckConstraint("quiet_from BETWEEN 0 AND 1439 AND quiet_until BETWEEN 0 AND 1439", name="quiet"),
        CheckConstraint("before BETWEEN 1 AND 240", name="before"),
    )

    person_id: int = reference("person.id", primary_key=True)
    is_silent: bool = False
    quiet_from: int | None = Field(default=None)
    quiet_until: int | None = Field(default=None)
    before: int | None = Field(default=None)


class Pause(Row, table=True):
    """A topic that a person wants to be spared, in one cohort (``cohort_id`` 0: in all), until then or for good."""

    __tablename__ = "pause"
    __table_args__ = (
        UniqueConstraint("person_id", "cohort_id", "topic"),
        Index("ix_pause_cohort_id_topic", "cohort_id", "topic"),
    )

    id: int | None = key()
    person_id: int = reference("person.id")
    cohort_id: int = big()
    topic: str
    until: datetime | None = Field(default=None)
    since: datetime
