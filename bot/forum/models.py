"""The tables of forums: a call about one activity, its pools of places, sign-ups, slots, draws, the stage, feedback."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from bot.tables import BigKey, Row, big, key, long_text, reference


class Part(StrEnum):
    """As what somebody takes part."""

    SPEAKER = "speaker"
    LISTENER = "listener"


class CallStatus(StrEnum):
    """Where a call stands. Whether it takes sign-ups follows from its window; ``settled`` is after draw or choice."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class Audience(StrEnum):
    """Who may sign up: the cohort's roster, some units of it, or whoever has the link."""

    COHORT = "cohort"
    UNITS = "units"
    LINK = "link"


class Choice(StrEnum):
    """How speakers are chosen. Listeners are always first come, first served."""

    FIRST = "first"
    COORDINATOR = "coordinator"
    DRAW = "draw"


class SignUpStatus(StrEnum):
    """How a sign-up stands. ``confirmed`` and ``offered`` hold a place of their pool; the others hold none."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    OFFERED = "offered"
    RESERVE = "reserve"
    NOT_CHOSEN = "not_chosen"
    WITHDRAWN = "withdrawn"


HOLDING = (SignUpStatus.CONFIRMED, SignUpStatus.OFFERED)
ACTIVE = (*HOLDING, SignUpStatus.PENDING, SignUpStatus.RESERVE)


class Call(Row, table=True):
    """A call for sign-ups to one activity of the timetable, which says when and where.

    ``minutes`` is the length of a slot; ``answer_minutes`` how long an offered place waits for its answer. The
    listeners have been reminded a day and an hour ahead of the beginnings ``day_told_for`` and ``hour_told_for``;
    ``told`` is what those signed up know of the activity. The coordinators were asked to choose at ``asked_at``.
    """

    __tablename__ = "forum_call"
    __table_args__ = (
        Index("ix_forum_call_cohort_id", "cohort_id"),
        Index("ix_forum_call_activity_id", "activity_id"),
        Index("ix_forum_call_status_closes_at", "status", "closes_at"),
        CheckConstraint("closes_at > opens_at", name="window"),
    )

    id: int | None = key()
    cohort_id: int = reference("cohort.id")
    activity_id: int = reference("activity.id")
    template: str
    title: str
    status: str = CallStatus.DRAFT
    audience: str = Audience.COHORT
    units: str = long_text(default="[]")
    choice: str = Choice.FIRST
    minutes: int = 10
    answer_minutes: int = 120
    opens_at: datetime
    closes_at: datetime
    made_by: int = reference("person.id")
    created_at: datetime
    announced_at: datetime | None = Field(default=None)
    settled_at: datetime | None = Field(default=None)
    day_told_for: datetime | None = Field(default=None)
    hour_told_for: datetime | None = Field(default=None)
    visitors_thanked_at: datetime | None = Field(default=None)
    told: str = ""
    asked_at: datetime | None = Field(default=None)


class Topic(Row, table=True):
    """One of the set questions or cases of a call."""

    __tablename__ = "forum_topic"
    __table_args__ = (UniqueConstraint("call_id", "position"),)

    id: int | None = key()
    call_id: int = reference("forum_call.id")
    position: int
    text: str = long_text()
    file_id: str = ""


class Pool(Row, table=True):
    """The places of one part in a call. ``taken`` counts confirmed and offered sign-ups and never passes ``capacity``.

    ``wanted`` is smaller than ``capacity`` after a coordinator lowered it below what was taken and kept everybody: then
    each place that becomes free lowers the capacity instead of being offered.
    """

    __tablename__ = "forum_pool"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= capacity", name="taken"),
        CheckConstraint("wanted >= 0 AND wanted <= capacity", name="wanted"),
    )

    call_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="forum_call.id", sa_column_kwargs={"autoincrement": False}
    )
    part: str = Field(primary_key=True)
    capacity: int
    wanted: int
    taken: int = 0


class SignUp(Row, table=True):
    """One person's or guest's sign-up to a call; the same row comes back when somebody withdraws and signs up again.

    ``rank`` orders the reserve list (and is the place in the draw); ``mark`` is what a coordinator has in mind before
    everybody is answered; ``reason`` is why "not this time", or why a coordinator overrode the order. ``slides`` are
    kept by Telegram's file id, ``slides_message_id`` is the message they came with, which can be copied where a bot
    cannot download it.
    """

    __tablename__ = "forum_signup"
    __table_args__ = (
        UniqueConstraint("call_id", "person_id"),
        UniqueConstraint("call_id", "guest_id"),
        Index("ix_forum_signup_call_id_part_status_rank", "call_id", "part", "status", "rank"),
        Index("ix_forum_signup_status_offer_until", "status", "offer_until"),
        Index("ix_forum_signup_person_id", "person_id"),
        Index("ix_forum_signup_guest_id", "guest_id"),
        CheckConstraint("(person_id IS NULL) <> (guest_id IS NULL)", name="who"),
    )

    id: int | None = key()
    call_id: int = reference("forum_call.id")
    person_id: int | None = reference("person.id", default=None, nullable=True)
    guest_id: int | None = reference("guest.id", default=None, nullable=True)
    part: str = Part.SPEAKER
    status: str = SignUpStatus.PENDING
    topic_id: int | None = reference("forum_topic.id", default=None, nullable=True)
    title: str = ""
    outline: str = long_text(default="")
    needs: str = long_text(default="")
    slides_file_id: str = ""
    slides_name: str = ""
    slides_size: int | None = big(default=None, nullable=True)
    slides_chat_id: int | None = big(default=None, nullable=True)
    slides_message_id: int | None = big(default=None, nullable=True)
    slides_kind: str | None = Field(default=None)
    slides_chased_at: datetime | None = Field(default=None)
    no_slides_at: datetime | None = Field(default=None)
    may_name: bool = False
    rank: int = 0
    mark: str | None = Field(default=None)
    reason: str = long_text(default="")
    signed_at: datetime
    settled_at: datetime | None = Field(default=None)
    offered_at: datetime | None = Field(default=None)
    offer_until: datetime | None = Field(default=None)
    arrived_at: datetime | None = Field(default=None)
    arrived_way: str = ""


class SignUpDraft(Row, table=True):
    """What an account has said so far on its way to signing up, as JSON; also that it came by the call's link."""

    __tablename__ = "forum_draft"
    __table_args__ = (Index("ix_forum_draft_moved_at", "moved_at"),)

    call_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="forum_call.id", sa_column_kwargs={"autoincrement": False}
    )
    telegram_id: int = Field(primary_key=True, sa_type=BigKey, sa_column_kwargs={"autoincrement": False})
    notes: str = long_text(default="{}")
    moved_at: datetime


class Slot(Row, table=True):
    """One item of the running order: a speech (perhaps held by a sign-up), or a break or opening with only a label.

    ``began_at`` and ``done_at`` are kept by the stage; ``skipped_at`` is set where the speaker was not there.
    """

    __tablename__ = "forum_slot"
    __table_args__ = (UniqueConstraint("signup_id"), Index("ix_forum_slot_call_id_position", "call_id", "position"))

    id: int | None = key()
    call_id: int = reference("forum_call.id")
    position: int
    minutes: int
    label: str = ""
    is_speech: bool = True
    signup_id: int | None = reference("forum_signup.id", default=None, nullable=True)
    began_at: datetime | None = Field(default=None)
    done_at: datetime | None = Field(default=None)
    skipped_at: datetime | None = Field(default=None)
    results_told_at: datetime | None = Field(default=None)


class Draw(Row, table=True):
    """One draw: what went in with its weight, the seed, and what came out, so that anybody can run it again."""

    __tablename__ = "forum_draw"
    __table_args__ = (Index("ix_forum_draw_call_id", "call_id"),)

    id: int | None = key()
    call_id: int = reference("forum_call.id")
    seed: str
    entries: str = long_text()
    result: str = long_text()
    drawn_at: datetime
    drawn_by: int | None = reference("person.id", default=None, nullable=True)


class TurnTaken(Row, table=True):
    """The ledger of who has spoken, over all cohorts of the organisation; never rewritten."""

    __tablename__ = "forum_turn"
    __table_args__ = (
        UniqueConstraint("signup_id"),
        Index("ix_forum_turn_organisation_id_unit", "organisation_id", "unit"),
        Index("ix_forum_turn_person_id", "person_id"),
    )

    id: int | None = key()
    organisation_id: int = reference("organisation.id")
    call_id: int = reference("forum_call.id")
    signup_id: int = reference("forum_signup.id")
    person_id: int | None = reference("person.id", default=None, nullable=True)
    unit: str = ""
    spoke_on: date


class InvitationStatus(StrEnum):
    """How an invitation stands; ``held`` keeps the slot while the speaker has yet to decide."""

    WAITING = "waiting"
    SENT = "sent"
    HELD = "held"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Invitation(Row, table=True):
    """An invited speaker, who needs no place on any roster. ``waiting`` is the reserve list, by ``rank``.

    The link's token is derived from the row and a secret of the installation and never stored. An accepted invitation
    has a confirmed sign-up of the guest (or person) behind it. The first account that answers is the speaker's; before
    that, ``opened_by`` is the first one that opened the link. ``held_until`` is the day a speaker asked for, within
    ``answer_until``. While an answer is awaited, the place may be set aside: it is then out of the pool.
    """

    __tablename__ = "forum_invitation"
    __table_args__ = (
        Index("ix_forum_invitation_call_id", "call_id"),
        Index("ix_forum_invitation_status_answer_until", "status", "answer_until"),
    )

    id: int | None = key()
    call_id: int = reference("forum_call.id")
    slot_id: int | None = reference("forum_slot.id", default=None, nullable=True, ondelete="SET NULL")
    is_set_aside: bool = False
    name: str
    post: str = ""
    note: str = long_text(default="")
    status: str = InvitationStatus.WAITING
    rank: int = 0
    issue: int = 0
    answer_until: datetime | None = Field(default=None)
    invited_by: int = reference("person.id")
    invited_at: datetime | None = Field(default=None)
    answered_at: datetime | None = Field(default=None)
    reason: str = long_text(default="")
    signup_id: int | None = reference("forum_signup.id", default=None, nullable=True)
    person_id: int | None = reference("person.id", default=None, nullable=True)
    guest_id: int | None = reference("guest.id", default=None, nullable=True)
    opened_at: datetime | None = Field(default=None)
    opened_by: int | None = big(default=None, nullable=True)
    held_until: datetime | None = Field(default=None)
    reminded_at: datetime | None = Field(default=None)
    thanked_at: datetime | None = Field(default=None)
