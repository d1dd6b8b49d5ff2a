"""The tables of group discussions: what is discussed, the groups and who sits in them, what was written and voted."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.tables import BigKey, Row, key, long_text, reference


class Status(StrEnum):
    """Where a discussion stands. From ``announced`` on the groups go their own ways."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    ENDED = "ended"
    DELETED = "deleted"


class Stage(StrEnum):
    """Where a group stands; ``done`` is after leader and recorder have confirmed the minutes."""

    GATHERING = "gathering"
    WRITING = "writing"
    MERGING = "merging"
    VOTING = "voting"
    CAUSES = "causes"
    MINUTES = "minutes"
    DONE = "done"


class Grouping(StrEnum):
    """How groups come about: so many groups, groups of so many people, or those of the roster."""

    COUNT = "count"
    SIZE = "size"
    OWN = "own"


class Who(StrEnum):
    """Who takes part: everybody whom the activity is for, or those of them who are recorded as there."""

    ROSTER = "roster"
    PRESENT = "present"


class Kind(StrEnum):
    """What is said about a point: where it comes from, or what to do."""

    CAUSE = "cause"
    MEASURE = "measure"


class Entry(StrEnum):
    """What a line of the minutes is."""

    POINT = "point"
    CAUSE = "cause"
    MEASURE = "measure"
    REMARK = "remark"


class Discussion(Row, table=True):
    """A discussion about one activity of the timetable, which says when and where.

    The columns of minutes say how long each stage should take; 0 means that no clock runs. ``seed`` is what the
    groups were last drawn from, so that anybody may draw them again.
    """

    __tablename__ = "discussion"
    __table_args__ = (
        Index("ix_discussion_cohort_id", "cohort_id"),
        Index("ix_discussion_activity_id", "activity_id"),
        Index("ix_discussion_status", "status"),
    )

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    activity_id: int = reference("activity.id")
    status: str = Status.DRAFT
    grouping: str = Grouping.SIZE
    amount: int = 10
    who: str = Who.ROSTER
    writing_minutes: int = 8
    merging_minutes: int = 5
    voting_minutes: int = 3
    causes_minutes: int = 15
    minutes_minutes: int = 10
    seed: str = ""
    made_by: int = reference("person.id")
    created_at: datetime
    announced_at: datetime | None = Field(default=None)
    ended_at: datetime | None = Field(default=None)


class Question(Row, table=True):
    """One of the set questions."""

    __tablename__ = "discussion_question"
    __table_args__ = (UniqueConstraint("discussion_id", "position"),)

    id: int | None = key()
    discussion_id: int = reference("discussion.id")
    position: int
    text: str = long_text()


class Group(Row, table=True):
    """One group, where it stands and since when. ``name`` is empty where it has only its number.

    ``version`` counts the changes of the minutes; each of the two confirms what stood when they read it, so a change
    empties both instants.
    """

    __tablename__ = "discussion_group"
    __table_args__ = (
        UniqueConstraint("discussion_id", "number"),
        Index("ix_discussion_group_stage_nudged_at", "stage", "nudged_at"),
    )

    id: int | None = key()
    discussion_id: int = reference("discussion.id")
    number: int
    name: str = ""
    stage: str = Stage.GATHERING
    stage_at: datetime | None = Field(default=None)
    nudged_at: datetime | None = Field(default=None)
    leader_id: int | None = reference("person.id", default=None, nullable=True)
    recorder_id: int | None = reference("person.id", default=None, nullable=True)
    version: int = 0
    leader_confirmed_at: datetime | None = Field(default=None)
    recorder_confirmed_at: datetime | None = Field(default=None)
    is_edited: bool = False


class Seat(Row, table=True):
    """Who sits in which group. ``may_name`` is the person's own consent to stand in the minutes by name.

    ``screen`` is the message in which the person follows the group (Telegram's number, or the outbox key where it has
    none yet); ``at_home`` says whether it still shows where the group stands.
    """

    __tablename__ = "discussion_seat"
    __table_args__ = (
        Index("ix_discussion_seat_group_id", "group_id"),
        Index("ix_discussion_seat_person_id", "person_id"),
    )

    discussion_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="discussion.id", sa_column_kwargs={"autoincrement": False}
    )
    person_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="person.id", sa_column_kwargs={"autoincrement": False}
    )
    group_id: int = reference("discussion_group.id")
    may_name: bool = False
    is_late: bool = False
    screen: str = ""
    at_home: bool = False


class Point(Row, table=True):
    """A numbered point of a group: what one or several people wrote alike. Its words are those of its notes."""

    __tablename__ = "discussion_point"
    __table_args__ = (UniqueConstraint("group_id", "question_id", "number"),)

    id: int | None = key()
    group_id: int = reference("discussion_group.id")
    question_id: int = reference("discussion_question.id")
    number: int


class Note(Row, table=True):
    """What one person wrote on a question, seen by nobody else until the group has numbered its points."""

    __tablename__ = "discussion_note"
    __table_args__ = (
        Index("ix_discussion_note_group_id_question_id", "group_id", "question_id"),
        Index("ix_discussion_note_point_id", "point_id"),
    )

    id: int | None = key()
    group_id: int = reference("discussion_group.id")
    question_id: int = reference("discussion_question.id")
    person_id: int = reference("person.id")
    text: str = long_text()
    written_at: datetime
    point_id: int | None = reference("discussion_point.id", default=None, nullable=True)


class Dot(Row, table=True):
    """A person's dot on a point; one a point, so that none is pushed up by a single hand."""

    __tablename__ = "discussion_dot"
    __table_args__ = (Index("ix_discussion_dot_person_id", "person_id"),)

    point_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="discussion_point.id", sa_column_kwargs={"autoincrement": False}
    )
    person_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="person.id", sa_column_kwargs={"autoincrement": False}
    )


class Finding(Row, table=True):
    """A cause of a point, or a measure for it."""

    __tablename__ = "discussion_finding"
    __table_args__ = (Index("ix_discussion_finding_point_id", "point_id"),)

    id: int | None = key()
    point_id: int = reference("discussion_point.id")
    person_id: int = reference("person.id")
    kind: str = Kind.CAUSE
    text: str = long_text()
    written_at: datetime


class MinuteLine(Row, table=True):
    """A line of a group's minutes, in their order. ``number`` and ``dots`` belong to a point, and stay as drafted."""

    __tablename__ = "discussion_minute"
    __table_args__ = (Index("ix_discussion_minute_group_id_position", "group_id", "position"),)

    id: int | None = key()
    group_id: int = reference("discussion_group.id")
    question_id: int = reference("discussion_question.id")
    position: int
    entry: str = Entry.POINT
    text: str = long_text()
    number: int = 0
    dots: int = 0
    is_top: bool = False
