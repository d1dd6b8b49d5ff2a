"""Objecting to a record: make an appeal, accept it (the record changes), decline it with a line, take it back.

The record itself is only ever changed by ``roll.mark``, so that an accepted appeal is a mark like any other, in the log
with its reason. Words and reminders are sent elsewhere.
"""

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlmodel import Session

from bot.audit import service as audit
from bot.checkin import roll
from bot.checkin.appeal_models import Appeal, AppealStatus
from bot.checkin.appeal_views import (
    AppealView,
    appeals_of,
    due_appeals,
    has_due,
    open_appeal,
    open_appeals,
    show_appeal,
    view,
)
from bot.checkin.rules import Status
from bot.errors import Gone, NotAllowed, Refusal
from bot.people import access
from bot.people.service import Speaker

__all__ = [
    "AlreadyObjected",
    "Answered",
    "AppealView",
    "NothingSaid",
    "OwnAppeal",
    "accept",
    "answer_by",
    "appeals_of",
    "decline",
    "has_due",
    "make_appeal",
    "note_told",
    "open_appeal",
    "open_appeals",
    "require_answerable",
    "show_appeal",
    "take_due",
    "withdraw",
]

LONGEST = 500
"""Characters of what somebody says, or of an answer."""
ANSWERED_BY = time(18, 0)
"""Local hour of the day after, until which an appeal is to be answered."""
REMINDED_BEFORE = timedelta(hours=6)


class AlreadyObjected(Refusal):
    """You have already said that this record is wrong, and the answer is still to come."""


class NothingSaid(Refusal):
    """Please say in one line what is wrong, with at most 500 characters."""


class OwnAppeal(Refusal):
    """This appeal is your own: please let another coordinator answer it."""


class Answered(Struct, frozen=True):
    """What answering did; ``news`` is false where somebody else had answered before, and nothing was changed."""

    appeal: AppealView
    news: bool


def make_appeal(session: Session, *, speaker: Speaker | None, activity_id: int, said: str, now: datetime) -> AppealView:
    """Object to one's own record at an activity.

    Raises:
        NotLinked: the account belongs to nobody.
        Gone: there is no such activity, or the person is no trainee of its cohort.
        NothingSaid: the line is empty or too long.
        AlreadyObjected: an appeal about this record is open.
    """
    mark = roll.show_own(session, speaker=speaker, activity_id=activity_id)
    line = _line(said)
    if open_appeal(session, activity_id=activity_id, person_id=mark.attendee.person_id) is not None:
        raise AlreadyObjected
    due_at = answer_by(now, ZoneInfo(mark.activity.time_zone))
    appeal = Appeal(
        cohort_id=mark.activity.cohort_id,
        activity_id=activity_id,
        person_id=mark.attendee.person_id,
        said=line,
        before=mark.attendee.status,
        made_at=now,
        due_at=due_at,
        remind_at=due_at - REMINDED_BEFORE,
    )
    session.add(appeal)
    session.flush()
    _log(session, appeal, mark.attendee.person_id, now, "appeal", after={"said": line, "status": mark.attendee.status})
    return view(session, appeal.id or 0)


def accept(session: Session, *, speaker: Speaker | None, appeal_id: int, to: Status, now: datetime) -> Answered:
    """Agree: the record becomes ``to``, as an audited mark whose reason is what the person said.

    Raises:
        Gone: there is no such appeal.
        NotAllowed: the speaker does not coordinate its cohort.
        OwnAppeal: the speaker is the one who made it.
    """
    appeal, coordinator = _require(session, speaker, appeal_id)
    if appeal.status != AppealStatus.OPEN:
        return Answered(view(session, appeal.id or 0), news=False)
    roll.mark(
        session,
        speaker=coordinator,
        activity_id=appeal.activity_id,
        person_id=appeal.person_id,
        to=to,
        now=now,
        reason=appeal.said,
    )
    return _answer(session, appeal, coordinator, AppealStatus.ACCEPTED, to, now)


def decline(session: Session, *, speaker: Speaker | None, appeal_id: int, line: str, now: datetime) -> Answered:
    """Disagree with a line that the person reads; the record stays.

    Raises:
        Gone: there is no such appeal.
        NotAllowed: the speaker does not coordinate its cohort.
        OwnAppeal: the speaker is the one who made it.
        NothingSaid: the line is empty or too long.
    """
    appeal, coordinator = _require(session, speaker, appeal_id)
    if appeal.status != AppealStatus.OPEN:
        return Answered(view(session, appeal.id or 0), news=False)
    return _answer(session, appeal, coordinator, AppealStatus.DECLINED, _line(line), now)


def withdraw(session: Session, *, speaker: Speaker | None, appeal_id: int, now: datetime) -> Answered:
    """Take one's own appeal back; the record stays.

    Raises:
        Gone: the speaker has made no such appeal.
    """
    appeal = session.get(Appeal, appeal_id)
    if appeal is None or speaker is None or appeal.person_id != speaker.person_id:
        raise Gone
    if appeal.status != AppealStatus.OPEN:
        return Answered(view(session, appeal.id or 0), news=False)
    return _answer(session, appeal, speaker, AppealStatus.WITHDRAWN, "", now)


def require_answerable(session: Session, *, speaker: Speaker | None, appeal_id: int) -> AppealView:
    """The appeal, for a coordinator who is about to answer it; raises what ``decline`` raises."""
    appeal, _ = _require(session, speaker, appeal_id)
    return view(session, appeal.id or 0)


def take_due(session: Session, *, now: datetime, limit: int = 100) -> Sequence[AppealView]:
    """The appeals whose coordinators are to be reminded now; each comes again at its deadline, and then no more."""
    due = due_appeals(session, now, limit)
    for one in due:
        appeal = session.get_one(Appeal, one.id)
        appeal.remind_at = appeal.due_at if now < appeal.due_at else None
        session.add(appeal)
    session.flush()
    return due


def note_told(session: Session, appeal_id: int, chats: Sequence[int]) -> None:
    """Remember which chats have a message about the appeal, so that it can be brought up to date there."""
    appeal = session.get_one(Appeal, appeal_id)
    appeal.told = json.dumps(list(chats))
    session.add(appeal)
    session.flush()


def answer_by(now: datetime, zone: ZoneInfo) -> datetime:
    """Until when an appeal made now is to be answered: six in the evening of the next local day."""
    following = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(following, ANSWERED_BY, tzinfo=zone).astimezone(now.tzinfo)


def _line(text: str) -> str:
    line = " ".join(text.split())
    if not 0 < len(line) <= LONGEST:
        raise NothingSaid
    return line


def _require(session: Session, speaker: Speaker | None, appeal_id: int) -> tuple[Appeal, Speaker]:
    appeal = session.get(Appeal, appeal_id)
    if appeal is None:
        if speaker is None:
            raise NotAllowed
        raise Gone
    coordinator = access.require_coordinator(session, speaker, appeal.cohort_id)
    if coordinator.person_id == appeal.person_id:
        raise OwnAppeal
    return appeal, coordinator


def _answer(
    session: Session, appeal: Appeal, speaker: Speaker, status: AppealStatus, answer: str, now: datetime
) -> Answered:
    appeal.status, appeal.answer, appeal.remind_at = status, answer, None
    appeal.answered_at, appeal.answered_by = now, speaker.person_id
    session.add(appeal)
    session.flush()
    before = {"status": AppealStatus.OPEN, "said": appeal.said}
    _log(session, appeal, speaker.person_id, now, status, before=before, after={"status": status, "answer": answer})
    return Answered(view(session, appeal.id or 0), news=True)


def _log(
    session: Session, appeal: Appeal, actor_id: int, now: datetime, action: str, *, before: Any = None, after: Any
) -> None:
    audit.record(
        session,
        audit.entry(
            actor=audit.Actor(person_id=actor_id),
            now=now,
            action=action,
            subject="appeal",
            subject_id=appeal.activity_id,
            cohort_id=appeal.cohort_id,
            person_id=appeal.person_id,
            before=before,
            after=after,
        ),
    )
