"""The tables of the day itself: the stage, what speakers were told, questions from the room, feedback.

Nothing here says whose a question or an answer is. Numbers of such rows are drawn by lot and the rows have no time, so
that they cannot be laid beside what else is on record.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field

from bot.tables import BigKey, Row, big, key, long_text, reference


class SpeakerTime(Row, table=True):
    """When a speaker was told they begin, and what has become of that since.

    ``next_at`` and ``since`` are a change that has not rested long enough to be told.
    """

    __tablename__ = "forum_speaker_time"

    signup_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="forum_signup.id", sa_column_kwargs={"autoincrement": False}
    )
    starts_at: datetime
    next_at: datetime | None = Field(default=None)
    since: datetime | None = Field(default=None)


class SpeakerReminder(Row, table=True):
    """Of which beginning a speaker has been reminded so many minutes ahead; without a word where it was too late."""

    __tablename__ = "forum_speaker_reminder"

    signup_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="forum_signup.id", sa_column_kwargs={"autoincrement": False}
    )
    minutes: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    starts_at: datetime
    settled_at: datetime
    told: bool = True


class Stage(Row, table=True):
    """What happens on the stage of a call now: the slot, since when, and which quiet signals have gone out.

    ``extra`` are minutes given to the present slot. The panel is the message that whoever keeps the stage works with;
    ``questions_shown`` and ``over_shown`` are what it says of questions that wait and of minutes over time.
    ``asked_at`` is when those who were there were asked for feedback.
    """

    __tablename__ = "forum_stage"

    call_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="forum_call.id", sa_column_kwargs={"autoincrement": False}
    )
    slot_id: int | None = reference("forum_slot.id", default=None, nullable=True)
    started_at: datetime | None = Field(default=None)
    warned_at: datetime | None = Field(default=None)
    rung_at: datetime | None = Field(default=None)
    extra: int = 0
    opened_at: datetime
    ended_at: datetime | None = Field(default=None)
    asked_at: datetime | None = Field(default=None)
    keeper_id: int | None = reference("person.id", default=None, nullable=True)
    panel_chat_id: int | None = big(default=None, nullable=True)
    panel_message_id: int | None = big(default=None, nullable=True)
    questions_shown: int = 0
    over_shown: int = 0


class QuestionStatus(StrEnum):
    """Where a question from the room stands."""

    NEW = "new"
    RELEASED = "released"
    ANSWERED = "answered"
    HIDDEN = "hidden"


class RoomQuestion(Row, table=True):
    """A question from the room. ``position`` is the order of release."""

    __tablename__ = "forum_question"
    __table_args__ = (Index("ix_forum_question_call_id_status", "call_id", "status"),)

    id: int | None = key()
    call_id: int = reference("forum_call.id")
    slot_id: int | None = reference("forum_slot.id", default=None, nullable=True)
    text: str = long_text()
    status: str = QuestionStatus.NEW
    position: int = 0


class Asked(Row, table=True):
    """How many questions an account has put in a call, so that nobody floods the moderator; not which."""

    __tablename__ = "forum_asked"

    call_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="forum_call.id", sa_column_kwargs={"autoincrement": False}
    )
    telegram_id: int = Field(primary_key=True, sa_type=BigKey, sa_column_kwargs={"autoincrement": False})
    count: int = 0


class FeedbackPart(StrEnum):
    """What feedback consists of. Each part is kept by itself: not even the answers of one person lie together."""

    CLEAR = "clear"
    USEFUL = "useful"
    SENTENCE = "sentence"


class FeedbackGiven(Row, table=True):
    """That somebody has given one part of the feedback on a slot; not what."""

    __tablename__ = "forum_feedback_given"

    slot_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="forum_slot.id", sa_column_kwargs={"autoincrement": False}
    )
    telegram_id: int = Field(primary_key=True, sa_type=BigKey, sa_column_kwargs={"autoincrement": False})
    part: str = Field(primary_key=True)


class Feedback(Row, table=True):
    """One part of what somebody said of a slot, without who and when: a tap from 1 to 5, or a sentence."""

    __tablename__ = "forum_feedback"
    __table_args__ = (Index("ix_forum_feedback_slot_id", "slot_id"),)

    id: int | None = key()
    slot_id: int = reference("forum_slot.id")
    part: str
    points: int | None = Field(default=None)
    sentence: str = long_text(default="")


class FeedbackTally(Row, table=True):
    """What may be shown of one question about a slot: a sum over full fives of answers, so that none shows alone."""

    __tablename__ = "forum_feedback_tally"

    slot_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="forum_slot.id", sa_column_kwargs={"autoincrement": False}
    )
    part: str = Field(primary_key=True)
    answers: int
    points: int
