"""The running order: items with their times and speakers, and the changes a coordinator makes to it.

Starts are never stored: they follow from the activity's beginning, the minutes, and what happens on the stage.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import select
from sqlmodel import Session

from bot.errors import Gone, Refusal
from bot.forum import plan, views
from bot.forum.models import CallStatus
from bot.forum.plan import OnStage, Piece, State, Timed
from bot.forum.queries import SIGNUP, SLOT, TOPIC
from bot.forum.stage_models import Stage
from bot.forum.views import CallView
from bot.guests import service as guests
from bot.guests.service import Party
from bot.people import access
from bot.people.models import Role
from bot.people.service import Speaker

STAGE = Stage.__table__  # type: ignore[attr-defined]
READING = (Role.COORDINATOR, Role.TEACHER, Role.AUDITOR)
MODERATING = (Role.COORDINATOR, Role.TEACHER)
LARGEST = 20 * 1024 * 1024
"""Larger files a bot cannot download (Bot API, getFile); they can be copied from chat to chat."""


class ForumOff(Refusal):
    """This forum has been cancelled."""


class Talk(Struct, frozen=True):
    """Who speaks in an item, on what, and whether their slides are here. ``slides`` is the file's name."""

    signup_id: int
    party: Party
    title: str
    topic: str
    needs: str
    slides_file_id: str = ""
    slides: str = ""
    slides_size: int | None = None
    slides_chat_id: int | None = None
    slides_message_id: int | None = None
    slides_kind: str | None = None
    chased_at: datetime | None = None
    no_slides_at: datetime | None = None
    settled_at: datetime | None = None

    @property
    def has_slides(self) -> bool:
        """Whether a file was sent."""
        return bool(self.slides_file_id)

    @property
    def lacks_slides(self) -> bool:
        """Whether a file is still to come: none was sent, and nobody said that there will be none."""
        return not self.slides_file_id and self.no_slides_at is None

    @property
    def is_large(self) -> bool:
        """Whether the file is too large for a bot to download."""
        return (self.slides_size or 0) > LARGEST


class Item(Struct, frozen=True):
    """One item of the running order; ``number`` counts the speeches, 0 for a break."""

    timed: Timed
    talk: Talk | None
    number: int = 0

    @property
    def piece(self) -> Piece:
        """The item as the table has it."""
        return self.timed.piece


class Order(Struct, frozen=True):
    """A call's whole running order at an instant."""

    call: CallView
    items: tuple[Item, ...]
    stage: OnStage | None
    now: datetime

    @property
    def current(self) -> Item | None:
        """What is on."""
        return next((item for item in self.items if item.timed.state is State.ON), None)

    @property
    def following(self) -> Item | None:
        """What comes next."""
        piece = plan.next_up((item.piece for item in self.items), self.stage)
        return self.item(piece.id) if piece else None

    @property
    def is_live(self) -> bool:
        """Whether the stage is open and the forum not over."""
        return self.stage is not None and self.stage.is_live

    @property
    def is_over(self) -> bool:
        """Whether the moderator, or the clock, has ended the forum."""
        return self.stage is not None and not self.stage.is_live

    @property
    def talks(self) -> tuple[Item, ...]:
        """The speeches that somebody gives."""
        return tuple(item for item in self.items if item.talk is not None)

    def item(self, slot_id: int) -> Item:
        """One item; raises Gone where it is none of these."""
        found = next((item for item in self.items if item.piece.id == slot_id), None)
        if found is None:
            raise Gone
        return found


def load(session: Session, call_id: int, now: datetime) -> Order:
    """A call's running order as it stands at ``now``; raises Gone where there is no such call."""
    call = views.view_of(session, call_id, now)
    pieces, stage = pieces_of(session, call_id), stage_of(session, call_id)
    talks = _talks(session, call)
    laid = plan.lay_out(pieces, begins=call.starts_at, now=now, stage=stage)
    items, number = [], 0
    for timed in laid:
        number += timed.piece.is_speech
        talk = talks.get(timed.piece.signup_id or 0)
        items.append(Item(timed, talk, number if timed.piece.is_speech else 0))
    return Order(call, tuple(items), stage, now)


def show(session: Session, *, speaker: Speaker | None, call_id: int, now: datetime) -> Order:
    """The running order for staff.

    Raises:
        Gone: there is no such call.
        NotAllowed: the speaker neither coordinates, teaches nor audits its cohort.
    """
    order = load(session, call_id, now)
    access.require_role(session, speaker, order.call.cohort_id, *READING)
    return order


def sees_calls(session: Session, speaker: Speaker | None, cohort_id: int) -> bool:
    """Whether somebody sees the calls of a cohort themselves, and not only their stages as a teacher does."""
    if speaker is None:
        return False
    return speaker.is_operator or bool(access.roles_in(session, speaker.person_id, cohort_id) & {*access.READING})


def require_editor(session: Session, speaker: Speaker | None, call_id: int, now: datetime) -> tuple[Order, Speaker]:
    """The running order for whoever may change it; raises Gone, NotAllowed or ForumOff."""
    order = load(session, call_id, now)
    editor = access.require_coordinator(session, speaker, order.call.cohort_id)
    require_on(order)
    return order, editor


def require_moderator(session: Session, speaker: Speaker | None, call_id: int, now: datetime) -> tuple[Order, Speaker]:
    """The running order for whoever may keep the stage; raises Gone, NotAllowed or ForumOff."""
    order = load(session, call_id, now)
    moderator = access.require_role(session, speaker, order.call.cohort_id, *MODERATING)
    require_on(order)
    return order, moderator


def require_on(order: Order) -> None:
    """Refuse what makes no sense for a forum that has been cancelled; raises ForumOff."""
    if order.call.status == CallStatus.CANCELLED or order.call.is_activity_off:
        raise ForumOff


def call_of(session: Session, slot_id: int) -> int:
    """Which call an item belongs to; raises Gone where there is none."""
    query = select(SLOT.c.call_id).where(SLOT.c.id == slot_id)
    found: int | None = session.connection().execute(query).scalar()
    if found is None:
        raise Gone
    return found


def pieces_of(session: Session, call_id: int) -> list[Piece]:
    """The items of a call as the table has them now."""
    session.flush()
    columns = [SLOT.c[name] for name in Piece.__struct_fields__]
    rows = session.connection().execute(select(*columns).where(SLOT.c.call_id == call_id))
    return [Piece(*row) for row in rows]


def stage_of(session: Session, call_id: int) -> OnStage | None:
    """What the stage of a call is doing; ``None`` where it was never opened."""
    session.flush()
    columns = [STAGE.c[name] for name in OnStage.__struct_fields__]
    row = session.connection().execute(select(*columns).where(STAGE.c.call_id == call_id)).first()
    return OnStage(*row) if row else None


def _talks(session: Session, call: CallView) -> dict[int, Talk]:
    """The speeches of a call by the number of their sign-up, as far as they stand in the running order."""
    query = (
        select(SIGNUP, TOPIC.c.text.label("topic"))
        .join(SLOT, SLOT.c.signup_id == SIGNUP.c.id)
        .outerjoin(TOPIC, TOPIC.c.id == SIGNUP.c.topic_id)
        .where(SLOT.c.call_id == call.id)
    )
    rows = session.connection().execute(query).all()
    parties = _parties(session, rows, call.language)
    return {row.id: _talk(row, party) for row in rows if (party := parties.of(row.person_id, row.guest_id))}


def _parties(session: Session, rows: Sequence[Any], language: str) -> guests.Parties:
    return guests.parties(
        session,
        person_ids=[row.person_id for row in rows],
        guest_ids=[row.guest_id for row in rows],
        language=language,
    )


def _talk(row: Any, party: Party) -> Talk:
    return Talk(
        signup_id=row.id,
        party=party,
        title=row.title,
        topic=row.topic or "",
        needs=row.needs,
        slides_file_id=row.slides_file_id,
        slides=row.slides_name,
        slides_size=row.slides_size,
        slides_chat_id=row.slides_chat_id,
        slides_message_id=row.slides_message_id,
        slides_kind=row.slides_kind,
        chased_at=row.slides_chased_at,
        no_slides_at=row.no_slides_at,
        settled_at=row.settled_at,
    )
