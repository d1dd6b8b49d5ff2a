"""What an approver must know of a request: the ledger before and after it, earlier leave, clashes. Writes nothing."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select
from sqlmodel import Session

from bot.checkin import service as checkin
from bot.hours import service as hours
from bot.hours.rules import Ledger
from bot.leave import rules
from bot.leave.models import Kind, Status
from bot.leave.views import REQUEST, Item, RequestView, department_name, get_request, is_decider, require_sight
from bot.people.service import Speaker


class Clash(Struct, frozen=True):
    """What speaks against an activity: how many others are away then, and whether the person is its speaker."""

    item: Item
    others_away: int
    is_speaker: bool


class Briefing(Struct, frozen=True):
    """What an approver sees: the request, the ledger before and after, earlier leave, clashes.

    ``earlier`` counts the person's approved requests before, ``earlier_minutes`` what they took.
    """

    request: RequestView
    before: Ledger
    after: Ledger
    ends_course: bool
    earlier: int
    earlier_minutes: int
    clashes: tuple[Clash, ...]
    department: str = ""
    may_decide: bool = False

    @property
    def needs_department(self) -> bool:
        """Whether the department decides too."""
        return self.before.rules.needs_department(self.request.minutes)


def show_request(session: Session, *, speaker: Speaker | None, request_id: int, now: datetime) -> Briefing:
    """One request with everything an approver must know.

    Raises:
        Gone: there is no such request.
        NotAllowed: it is not the speaker's to see.
    """
    request = get_request(session, request_id)
    reader = require_sight(session, speaker, request.cohort_id)
    return brief(session, request, now, reader=reader)


def brief(session: Session, request: RequestView, now: datetime, reader: Speaker | None = None) -> Briefing:
    """What an approver must know of a request."""
    ids = [item.activity_id for item in request.items]
    foreseen = hours.forecast(
        session, cohort_id=request.cohort_id, person_id=request.person_id, activity_ids=ids, now=now
    )
    is_leave = request.kind is Kind.LEAVE
    earlier, minutes = _earlier(session, request)
    return Briefing(
        request=request,
        before=foreseen.before,
        after=foreseen.after if is_leave else foreseen.before,
        ends_course=is_leave and foreseen.ends_course,
        earlier=earlier,
        earlier_minutes=minutes,
        clashes=_clashes(session, request) if is_leave else (),
        department=department_name(session, request.cohort_id),
        may_decide=reader is not None and is_decider(session, reader, request),
    )


def _earlier(session: Session, request: RequestView) -> tuple[int, int]:
    query = select(func.count(), func.coalesce(func.sum(REQUEST.c.minutes), 0)).where(
        REQUEST.c.cohort_id == request.cohort_id,
        REQUEST.c.person_id == request.person_id,
        REQUEST.c.kind == Kind.LEAVE,
        REQUEST.c.status == Status.APPROVED,
        REQUEST.c.id < request.id,
    )
    count, minutes = session.connection().execute(query).one()
    return count, int(minutes)


def _clashes(session: Session, request: RequestView) -> tuple[Clash, ...]:
    clashes = (_clash(session, request, item) for item in request.items)
    return tuple(clash for clash in clashes if clash.others_away or clash.is_speaker)


def _clash(session: Session, request: RequestView, item: Item) -> Clash:
    others = checkin.excused_from(session, item.activity_id).keys() - {request.person_id}
    return Clash(item, len(others), rules.speaks(request.name, item.speaker))
