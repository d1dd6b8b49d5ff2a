"""A call, its places and a sign-up as the screens show them: plain values, read once. Writes nothing."""

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlmodel import Session

from bot.forum import queries
from bot.forum.models import Audience, Call, CallStatus, Choice, Part, SignUp, SignUpStatus
from bot.forum.templates import Template, template_of
from bot.people import service as people
from bot.people.models import Cohort
from bot.timetable import service as timetable
from bot.timetable.models import Activity

_COUNTED = ("confirmed", "offered", "pending", "reserve")


class Phase(StrEnum):
    """Where a call stands at an instant."""

    DRAFT = "draft"
    COMING = "coming"
    """Published; its window has not opened."""
    OPEN = "open"
    CLOSED = "closed"
    """The window is over; speakers may still be chosen or drawn."""
    SETTLED = "settled"
    """Drawn or chosen."""
    OVER = "over"
    """The activity has ended."""
    CANCELLED = "cancelled"


class TopicView(Struct, frozen=True):
    """One of the questions or cases."""

    id: int
    position: int
    text: str
    file_id: str


class PoolView(Struct, frozen=True):
    """The places of one part; ``left`` are those that a sign-up would get now."""

    capacity: int
    wanted: int
    taken: int

    @property
    def left(self) -> int:
        """How many places are free."""
        return max(0, min(self.capacity, self.wanted) - self.taken)


class CallView(Struct, frozen=True):
    """A call with its activity, topics and places. ``language`` is the cohort's, for whoever chose none."""

    id: int
    cohort_id: int
    cohort_name: str
    organisation_id: int
    time_zone: str
    language: str
    activity_id: int
    activity_title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    template: Template
    title: str
    status: CallStatus
    phase: Phase
    audience: Audience
    units: tuple[str, ...]
    choice: Choice
    minutes: int
    answer_minutes: int
    opens_at: datetime
    closes_at: datetime
    announced_at: datetime | None
    topics: tuple[TopicView, ...]
    speakers: PoolView | None
    listeners: PoolView | None
    is_activity_off: bool

    @property
    def takes_speakers(self) -> bool:
        """Whether somebody can sign up to speak; invited speakers do not."""
        return self.speakers is not None and not self.template.is_by_invitation

    @property
    def is_open(self) -> bool:
        """Whether sign-ups are taken now."""
        return self.phase is Phase.OPEN


class PartCount(Struct, frozen=True):
    """How many sign-ups of one part stand how."""

    confirmed: int = 0
    offered: int = 0
    pending: int = 0
    reserve: int = 0

    @property
    def active(self) -> int:
        """All that stand."""
        return self.confirmed + self.offered + self.pending + self.reserve


class Count(Struct, frozen=True):
    """How many have signed up to a call."""

    speakers: PartCount = PartCount()
    listeners: PartCount = PartCount()

    @property
    def active(self) -> int:
        """All that stand."""
        return self.speakers.active + self.listeners.active


class ActivityChoice(Struct, frozen=True):
    """An activity that a call could be about."""

    activity_id: int
    starts_at: datetime
    title: str
    has_call: bool


class SignUpView(Struct, frozen=True):
    """One sign-up as its owner, the coordinator or the others see it."""

    id: int
    call_id: int
    person_id: int | None
    guest_id: int | None
    part: Part
    status: SignUpStatus
    topic: TopicView | None
    title: str
    outline: str
    needs: str
    slides_name: str
    slides_size: int | None
    has_slides: bool
    may_name: bool
    rank: int
    reason: str
    offer_until: datetime | None


def view_of(session: Session, call_id: int, now: datetime) -> CallView:
    """A call as it stands at ``now``; raises Gone where there is none."""
    call = queries.get_call(session, call_id)
    return _view(session, call, people.get_cohort(session, call.cohort_id), now)


def views_of(session: Session, cohort_id: int, now: datetime) -> list[CallView]:
    """All calls of a cohort in the order of time."""
    cohort = people.get_cohort(session, cohort_id)
    return [_view(session, call, cohort, now) for call in queries.calls_of(session, cohort_id)]


def count_of(session: Session, call_id: int) -> Count:
    """How many have signed up to a call."""
    rows = queries.counts(session, call_id)
    parts = {part: {row.status: row.n for row in rows if row.part == part} for part in Part}
    return Count(*(PartCount(**{name: parts[part].get(name, 0) for name in _COUNTED}) for part in Part))


def choices_of(session: Session, cohort_id: int, now: datetime) -> list[ActivityChoice]:
    """What a call could be about: everything of the timetable that is still to come."""
    taken = {call.activity_id for call in queries.calls_of(session, cohort_id) if call.status != CallStatus.CANCELLED}
    return [
        ActivityChoice(one.id or 0, one.starts_at, one.title, one.id in taken)
        for one in timetable.activities_of(session, cohort_id)
        if one.starts_at > now
    ]


def signup_view(signup: SignUp, topics: Sequence[TopicView]) -> SignUpView:
    """A sign-up as the screens show it."""
    return SignUpView(
        id=signup.id or 0,
        call_id=signup.call_id,
        person_id=signup.person_id,
        guest_id=signup.guest_id,
        part=Part(signup.part),
        status=SignUpStatus(signup.status),
        topic=next((topic for topic in topics if topic.id == signup.topic_id), None),
        title=signup.title,
        outline=signup.outline,
        needs=signup.needs,
        slides_name=signup.slides_name,
        slides_size=signup.slides_size,
        has_slides=bool(signup.slides_file_id),
        may_name=signup.may_name,
        rank=signup.rank,
        reason=signup.reason,
        offer_until=signup.offer_until,
    )


def phase_of(call: Call, activity: Activity, now: datetime) -> Phase:
    """Where a call stands at ``now``; an activity that is off takes its calls with it."""
    if call.status == CallStatus.CANCELLED or (activity.cancelled_at is not None and call.status != CallStatus.DRAFT):
        return Phase.CANCELLED
    if call.status == CallStatus.DRAFT:
        return Phase.DRAFT
    if now >= activity.ends_at:
        return Phase.OVER
    if call.status == CallStatus.SETTLED:
        return Phase.SETTLED
    if now < call.opens_at:
        return Phase.COMING
    return Phase.OPEN if now < call.closes_at else Phase.CLOSED


def units_of(call: Call) -> tuple[str, ...]:
    """The units that may sign up, where not everybody may."""
    return tuple(json.loads(call.units))


def _view(session: Session, call: Call, cohort: Cohort, now: datetime) -> CallView:
    activity = session.get_one(Activity, call.activity_id)
    pools = queries.pools_of(session, call.id or 0)
    topics = queries.topics_of(session, call.id or 0)
    return CallView(
        id=call.id or 0,
        cohort_id=call.cohort_id,
        cohort_name=cohort.name,
        organisation_id=cohort.organisation_id,
        time_zone=cohort.time_zone,
        language=cohort.language,
        activity_id=call.activity_id,
        activity_title=activity.title,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        place=activity.place,
        template=template_of(call.template),
        title=call.title,
        status=CallStatus(call.status),
        phase=phase_of(call, activity, now),
        audience=Audience(call.audience),
        units=units_of(call),
        choice=Choice(call.choice),
        minutes=call.minutes,
        answer_minutes=call.answer_minutes,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        announced_at=call.announced_at,
        topics=tuple(TopicView(one.id or 0, one.position, one.text, one.file_id) for one in topics),
        speakers=_pool(pools.get(Part.SPEAKER)),
        listeners=_pool(pools.get(Part.LISTENER)),
        is_activity_off=activity.cancelled_at is not None,
    )


def _pool(row: Any) -> PoolView | None:
    return PoolView(row.capacity, row.wanted, row.taken) if row is not None else None
