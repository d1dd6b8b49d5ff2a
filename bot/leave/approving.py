"""Deciding requests: the coordinator first, for longer leave then the department. Approval reaches the check-in."""

import json
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlmodel import Session

from bot.checkin import service as checkin
from bot.errors import NotAllowed, Refusal
from bot.hours import service as hours
from bot.leave import rules
from bot.leave.models import Kind, LeaveRequest, Status
from bot.leave.requests import log
from bot.leave.views import RequestView, get_request, is_decider, require_sight
from bot.people import service as people
from bot.people.audience import find_reader
from bot.people.models import Role
from bot.people.service import Reader, Speaker


class OwnRequest(Refusal):
    """This request is your own: please let somebody else decide it."""


class NotYourTurn(Refusal):
    """It is not your turn to decide this request."""


class LineTooLong(Refusal):
    """Please use at most 500 characters."""


class NoLine(Refusal):
    """Please say in one line why not, with at most 500 characters."""


class Decided(Struct, frozen=True):
    """A request after somebody decided; ``news`` is false where it had been decided before and nothing changed."""

    request: RequestView
    news: bool


def decide(
    session: Session, *, speaker: Speaker | None, request_id: int, approve: bool, line: str, now: datetime
) -> Decided:
    """Approve or decline, as the one whose turn it is. Declining needs a line.

    Raises:
        Gone: there is no such request.
        NotAllowed, OwnRequest, NotYourTurn: it is not the speaker's to decide.
        NoLine, LineTooLong: the line does not fit.
    """
    seen, decider = require_decidable(session, speaker, request_id)
    if not seen.is_waiting:
        return Decided(seen, news=False)
    said = _line(line, is_needed=not approve)
    request = session.get_one(LeaveRequest, request_id)
    before = request.status
    _settle(session, request, decider, approve, said, now)
    log(
        session,
        request,
        decider.person_id,
        now,
        "approve" if approve else "decline",
        before={"status": before},
        after={"status": request.status},
    )
    if request.status == Status.APPROVED:
        _carry_out(session, seen, decider, now)
    return Decided(get_request(session, request_id), news=True)


def require_decidable(session: Session, speaker: Speaker | None, request_id: int) -> tuple[RequestView, Speaker]:
    """The request and the one who is about to decide it; raises what ``decide`` raises, apart from the line.

    A request that was decided meanwhile is no refusal: its present state is what such a person must see.
    """
    request = get_request(session, request_id)
    if speaker is None:
        raise NotAllowed
    if speaker.person_id == request.person_id:
        raise OwnRequest
    decider = require_sight(session, speaker, request.cohort_id)
    if request.is_waiting and not is_decider(session, decider, request):
        raise NotYourTurn
    return request, decider


def deciders(session: Session, request: RequestView) -> Sequence[Reader]:
    """Who has to be told that a request waits for them."""
    department = hours.rules_of(session, request.cohort_id).department_id
    if request.status is Status.DEPARTMENT and department is not None:
        reader = find_reader(session, department, request.cohort_id)
        return [reader] if reader else []
    coordinators = people.readers(session, request.cohort_id, Role.COORDINATOR)
    return [one for one in coordinators if one.person_id != request.person_id]


def note_told(session: Session, request_id: int, told: Sequence[tuple[int, str]]) -> None:
    """Remember which messages show a request to approvers, so that they can be brought up to date."""
    request = session.get_one(LeaveRequest, request_id)
    request.told = json.dumps([*json.loads(request.told), *told])
    session.add(request)
    session.flush()


def _settle(session: Session, request: LeaveRequest, decider: Speaker, approve: bool, line: str, now: datetime) -> None:
    request.line = line
    if request.status == Status.HEAD:
        request.head_by, request.head_at = decider.person_id, now
    if approve and _goes_on(session, request, decider):
        request.status = Status.DEPARTMENT
    else:
        request.status = Status.APPROVED if approve else Status.DECLINED
        request.decided_by, request.decided_at = decider.person_id, now
    session.add(request)
    session.flush()


def _goes_on(session: Session, request: LeaveRequest, decider: Speaker) -> bool:
    """Whether the department decides after this; not where the one who has just decided is the department."""
    ruling = hours.rules_of(session, request.cohort_id)
    is_last = request.status == Status.DEPARTMENT or ruling.department_id in (decider.person_id, request.person_id)
    return request.kind == Kind.LEAVE and not is_last and ruling.needs_department(request.minutes)


def _carry_out(session: Session, request: RequestView, decider: Speaker, now: datetime) -> None:
    for item in request.items:
        if request.kind is Kind.LEAVE:
            checkin.excuse(
                session,
                activity_id=item.activity_id,
                person_id=request.person_id,
                actor=decider.actor,
                now=now,
                reference=f"leave:{request.id}",
            )
        else:
            checkin.withdraw_excuse(
                session, activity_id=item.activity_id, person_id=request.person_id, actor=decider.actor, now=now
            )


def _line(text: str, *, is_needed: bool) -> str:
    line = rules.clean(text)
    if len(line) > rules.LONGEST:
        raise LineTooLong
    if is_needed and not line:
        raise NoLine
    return line
