"""Asking for leave: what can be chosen, what it would do, sending it, taking it back. Later changes ask anew."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct
from sqlmodel import Session

from bot.audit import service as audit
from bot.errors import Refusal
from bot.hours import service as hours
from bot.hours.rules import Entry, Ledger, Standing, can_ask_for_leave
from bot.hours.viewing import Account
from bot.leave import rules
from bot.leave.models import Kind, LeaveItem, LeaveRequest, Status
from bot.leave.views import RequestView, asked_for, department_name, get_request, require_own
from bot.people.service import Speaker


class NothingChosen(Refusal):
    """Please choose at least one activity."""


class NoLongerPossible(Refusal):
    """One of the activities has begun, was cancelled, or you have already asked about it. Please choose again."""


class NoReason(Refusal):
    """Please say why in one line, with 2 to 500 characters."""


class Choices(Struct, frozen=True):
    """What a person may ask about: the ledger, the activities that can be chosen, and who would decide."""

    account: Account
    kind: Kind
    entries: tuple[Entry, ...]


class Preview(Struct, frozen=True):
    """What a request would do, before it is sent."""

    account: Account
    kind: Kind
    entries: tuple[Entry, ...]
    after: Ledger
    minutes: int
    ends_course: bool
    needs_department: bool
    department: str = ""


class TakenBack(Struct, frozen=True):
    """A request after it was taken back; ``news`` is false where it had been decided before."""

    request: RequestView
    news: bool


def list_choices(session: Session, *, speaker: Speaker | None, cohort_id: int, kind: Kind, now: datetime) -> Choices:
    """What the speaker may ask leave from, or may come to after all.

    Raises:
        NotLinked: the account belongs to nobody.
        Gone: the speaker is no trainee of such a cohort.
    """
    account = hours.show_own(session, speaker=speaker, cohort_id=cohort_id, now=now)
    asked = asked_for(session, cohort_id, account.trainee.person_id)
    free = (entry for entry in account.ledger.entries if entry.record.activity_id not in asked)
    return Choices(account, kind, tuple(entry for entry in free if _can_choose(entry, kind, now)))


def preview(
    session: Session,
    *,
    speaker: Speaker | None,
    cohort_id: int,
    kind: Kind,
    activity_ids: Collection[int],
    now: datetime,
) -> Preview:
    """What asking about these activities would do.

    Raises:
        NotLinked, Gone: as for ``list_choices``.
        NothingChosen, NoLongerPossible: it cannot be asked so.
    """
    choices = list_choices(session, speaker=speaker, cohort_id=cohort_id, kind=kind, now=now)
    chosen = tuple(entry for entry in choices.entries if entry.record.activity_id in activity_ids)
    if not activity_ids:
        raise NothingChosen
    if len(chosen) != len(set(activity_ids)) or len(chosen) > rules.MOST_AT_ONCE:
        raise NoLongerPossible
    before, minutes = choices.account.ledger, sum(entry.record.minutes for entry in chosen)
    after = before.excusing(activity_ids) if kind is Kind.LEAVE else before
    return Preview(
        account=choices.account,
        kind=kind,
        entries=chosen,
        after=after,
        minutes=minutes,
        ends_course=not before.endings and bool(after.endings),
        needs_department=before.rules.needs_department(minutes),
        department=department_name(session, cohort_id),
    )


def send_request(
    session: Session,
    *,
    speaker: Speaker | None,
    cohort_id: int,
    kind: Kind,
    activity_ids: Collection[int],
    reason: str,
    photo: str | None,
    now: datetime,
) -> RequestView:
    """Ask; whoever decides first is the coordinator.

    Raises:
        NotLinked, Gone, NothingChosen, NoLongerPossible: as for ``preview``.
        NoReason: the line is too short or too long.
    """
    seen = preview(session, speaker=speaker, cohort_id=cohort_id, kind=kind, activity_ids=activity_ids, now=now)
    if not rules.is_reason(reason):
        raise NoReason
    person_id = seen.account.trainee.person_id
    request = LeaveRequest(
        cohort_id=cohort_id,
        person_id=person_id,
        kind=kind,
        reason=rules.clean(reason),
        photo=photo,
        minutes=seen.minutes,
        made_at=now,
    )
    session.add(request)
    session.flush()
    session.add_all(
        LeaveItem(request_id=request.id or 0, activity_id=entry.record.activity_id) for entry in seen.entries
    )
    session.flush()
    log(session, request, person_id, now, "ask", after={"status": request.status, "activities": sorted(activity_ids)})
    return get_request(session, request.id or 0)


def withdraw_request(session: Session, *, speaker: Speaker | None, request_id: int, now: datetime) -> TakenBack:
    """Take back one's own request that nobody has decided yet.

    Raises:
        NotLinked: the account belongs to nobody.
        Gone: there is no such request of the speaker's.
    """
    seen = require_own(session, speaker, request_id)
    if not seen.is_waiting:
        return TakenBack(seen, news=False)
    request = session.get_one(LeaveRequest, request_id)
    before, request.status, request.decided_at = request.status, Status.WITHDRAWN, now
    session.add(request)
    session.flush()
    log(session, request, seen.person_id, now, "withdraw", before={"status": before}, after={"status": request.status})
    return TakenBack(get_request(session, request_id), news=True)


def log(
    session: Session,
    request: LeaveRequest,
    actor_id: int,
    now: datetime,
    action: str,
    *,
    before: object = None,
    after: object = None,
) -> None:
    """Append a step of a request to the change log."""
    audit.record(
        session,
        audit.entry(
            actor=audit.Actor(person_id=actor_id),
            now=now,
            action=action,
            subject="leave",
            subject_id=request.id or 0,
            cohort_id=request.cohort_id,
            person_id=request.person_id,
            before=before,
            after=after,
            reason=request.line or request.reason,
        ),
    )


def _can_choose(entry: Entry, kind: Kind, now: datetime) -> bool:
    if kind is Kind.LEAVE:
        return can_ask_for_leave(entry, now)
    return entry.standing is Standing.EXCUSED and entry.record.starts_at > now
