"""The tables of notices."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from bot.tables import BigKey, Row, big, key, long_text, reference


class Status(StrEnum):
    """Where a notice stands. A template is never sent itself; a copy of it is."""

    DRAFT = "draft"
    TEMPLATE = "template"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    DELETED = "deleted"


class Kind(StrEnum):
    """What a part is. ``copy`` is anything else that Telegram can copy from the sender's chat, such as a contact."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    VIDEO = "video"
    ANIMATION = "animation"
    AUDIO = "audio"
    VOICE = "voice"
    VIDEO_NOTE = "video_note"
    STICKER = "sticker"
    ALBUM = "album"
    COPY = "copy"
    QUESTION = "question"


CAPTIONED = frozenset({Kind.PHOTO, Kind.DOCUMENT, Kind.VIDEO, Kind.ANIMATION, Kind.AUDIO, Kind.VOICE, Kind.ALBUM})
"""What carries its words as a caption (Bot API, editMessageCaption)."""
WORDED = frozenset({Kind.TEXT, Kind.QUESTION}) | CAPTIONED
"""What can have words at all."""


class Repeat(StrEnum):
    """How a notice comes again."""

    NO = ""
    DAILY = "daily"
    WEEKLY = "weekly"


class State(StrEnum):
    """What became of one person's copy. Only ``waiting`` and ``queued`` change by themselves.

    ``spared`` are those who have paused notices and were not to be disturbed by an ordinary one.
    """

    WAITING = "waiting"
    QUEUED = "queued"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    BLOCKED = "blocked"
    SPARED = "spared"
    CANCELLED = "cancelled"


class Amendment(StrEnum):
    """How far the latest correction or the recall of one copy has got; ``too_late`` is Telegram's limit of 48 hours."""

    NONE = ""
    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"
    TOO_LATE = "too_late"


class Notice(Row, table=True):
    """Something a coordinator writes for many; its recipients are frozen when it starts.

    ``audience`` is a JSON list of criteria. ``revision`` counts corrections, of which the latest was at
    ``corrected_at``; ``recalled_at`` says that it is being taken back. ``progress_id`` is the message in
    ``author_chat`` that shows how far it is. ``cause`` names the notice that this one repeats or reminds of.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_cohort_id", "cohort_id"), Index("ix_notice_status", "status"))

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    author_id: int = reference("person.id")
    author_chat: int = big()
    name: str = ""
    status: str = Status.DRAFT
    audience: str = long_text(default="[]")
    wants_seen: bool = False
    is_urgent: bool = False
    is_pinned: bool = False
    repeat: str = Repeat.NO
    repeat_until: date | None = Field(default=None)
    created_at: datetime
    starts_at: datetime | None = Field(default=None)
    started_at: datetime | None = Field(default=None)
    ended_at: datetime | None = Field(default=None)
    reason: str = ""
    revision: int = 0
    correction: str = ""
    corrected_at: datetime | None = Field(default=None)
    recalled_at: datetime | None = Field(default=None)
    progress_id: int | None = big(default=None, nullable=True)
    shown_at: datetime | None = Field(default=None)
    reported_at: datetime | None = Field(default=None)
    gathering_until: datetime | None = Field(default=None)
    cause: int | None = Field(default=None, sa_type=BigKey)


class Part(Row, table=True):
    """One message of a notice in one language; an empty ``language`` serves everybody who has no version of their own.

    ``text`` is HTML and may hold fields such as ``{name}``. ``media`` is JSON: Telegram's file ids of a photo, a
    file or an album, or where the message to copy stands; ``options`` the answers of a question. ``album`` is
    Telegram's id of the album it came with.
    """

    __tablename__ = "notice_part"
    __table_args__ = (UniqueConstraint("notice_id", "position", "language"),)

    id: int | None = key()
    notice_id: int = reference("notice.id")
    position: int
    language: str = ""
    kind: str = Kind.TEXT
    text: str = long_text(default="")
    media: str = long_text(default="[]")
    options: str = long_text(default="[]")
    album: str = ""


class Recipient(Row, table=True):
    """One person's copy of a notice, from the moment it starts: who, in which language, and what became of it.

    ``numbers`` is the JSON list of the messages as Telegram numbered them; ``revision`` the version the person has.
    """

    __tablename__ = "notice_recipient"
    __table_args__ = (
        Index("ix_notice_recipient_state", "notice_id", "state"),
        Index("ix_notice_recipient_person_id", "person_id"),
        {"sqlite_with_rowid": False},
    )

    notice_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="notice.id", sa_column_kwargs={"autoincrement": False}
    )
    person_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="person.id", sa_column_kwargs={"autoincrement": False}
    )
    telegram_id: int = big()
    language: str
    state: str = State.WAITING
    due_at: datetime | None = Field(default=None)
    settled_at: datetime | None = Field(default=None)
    error: str = ""
    numbers: str = "[]"
    revision: int = 0
    amendment: str = Amendment.NONE
    seen_at: datetime | None = Field(default=None)
    answer: int | None = Field(default=None)
    answered_at: datetime | None = Field(default=None)


class Post(Row, table=True):
    """A copy of a notice in a group or channel."""

    __tablename__ = "notice_post"

    notice_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="notice.id", sa_column_kwargs={"autoincrement": False}
    )
    room_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="notice_room.id", sa_column_kwargs={"autoincrement": False}
    )
    state: str = State.WAITING
    error: str = ""
    numbers: str = "[]"
    revision: int = 0
    amendment: str = Amendment.NONE
    settled_at: datetime | None = Field(default=None)


class Room(Row, table=True):
    """A group or channel of a cohort; ``rights`` is what Telegram last said the bot may do there, as JSON."""

    __tablename__ = "notice_room"
    __table_args__ = (UniqueConstraint("cohort_id", "chat_id"),)

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    chat_id: int = big()
    title: str
    kind: str = "group"
    linked_by: int = reference("person.id")
    linked_at: datetime
    left_at: datetime | None = Field(default=None)
    rights: str = long_text(default="{}")


class Letter(Row, table=True):
    """A reply to a notice, or the office's answer to it (then ``author_id`` is not the person the thread is with)."""

    __tablename__ = "notice_letter"
    __table_args__ = (Index("ix_notice_letter_notice_id", "notice_id", "person_id"),)

    id: int | None = key()
    notice_id: int = reference("notice.id")
    person_id: int = reference("person.id")
    author_id: int = reference("person.id")
    text: str = long_text()
    at: datetime


class Manners(Row, table=True):
    """A cohort's habits: how many notices a week are enough, and when somebody is there to answer replies."""

    __tablename__ = "notice_manners"

    cohort_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="cohort.id", sa_column_kwargs={"autoincrement": False}
    )
    weekly: int = 5
    serves_from: time = time(8, 30)
    serves_until: time = time(18, 0)
    away: str = ""
