"""Making up what was missed: a task or another activity is offered, accepted, done, confirmed, and hours return."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlmodel import Session

from bot.audit import service as audit
from bot.errors import Gone, NotLinked, Refusal
from bot.hours import service as hours
from bot.hours.rules import Entry
from bot.leave import rules
from bot.leave.makeup_views import MakeUpView, get_make_up, open_for
from bot.leave.models import OPEN, MakeUp, Step
from bot.people import access
from bot.people.service import Speaker
from bot.timetable import service as timetable
from bot.timetable.models import Activity

MOST_OFFERED = 40


class NothingToMakeUp(Refusal):
    """Nothing of this activity is left to be made up."""


class AlreadyOffered(Refusal):
    """There is already something open to make this activity up."""


class NoTask(Refusal):
    """Please say in 2 to 500 characters what is to be done."""


class OtherSteps(Refusal):
    """This has gone on meanwhile. Send /start to see what is current."""


class Moved(Struct, frozen=True):
    """A make-up after a step; ``news`` is false where the step had been taken before."""

    view: MakeUpView
    news: bool


class Offering(Struct, frozen=True):
    """What can be offered to a person for one missed activity: the activities of the cohort still to come."""

    cohort_id: int
    person_id: int
    name: str
    entry: Entry
    time_zone: str
    others: tuple[Activity, ...]


def show_offering(
    session: Session, *, speaker: Speaker | None, cohort_id: int, person_id: int, activity_id: int, now: datetime
) -> Offering:
    """What a coordinator may offer for an activity that somebody missed.

    Raises:
        NotAllowed: the speaker does not coordinate the cohort.
        Gone: there is no such trainee, or the activity is none of theirs.
        NothingToMakeUp, AlreadyOffered: there is nothing to offer anything for.
    """
    access.require_coordinator(session, speaker, cohort_id)
    account = hours.account_of(session, cohort_id, person_id, now)
    entry = account.ledger.entry(activity_id)
    if entry is None:
        raise Gone
    if entry.missed <= 0:
        raise NothingToMakeUp
    if open_for(session, person_id, activity_id) is not None:
        raise AlreadyOffered
    own = {one.record.activity_id for one in account.ledger.entries}
    others = [one for one in timetable.activities_of(session, cohort_id) if one.starts_at > now and one.id not in own]
    zone = account.ledger.time_zone
    return Offering(cohort_id, person_id, account.trainee.name, entry, zone, tuple(others[:MOST_OFFERED]))


def offer(
    session: Session,
    *,
    speaker: Speaker | None,
    cohort_id: int,
    person_id: int,
    activity_id: int,
    task: str = "",
    other_id: int | None = None,
    now: datetime,
) -> MakeUpView:
    """Offer a task, or another activity, for what somebody missed.

    Raises:
        NotAllowed, Gone, NothingToMakeUp, AlreadyOffered: as for ``show_offering``.
        NoTask: the task says nothing, or too much.
    """
    offering = show_offering(
        session, speaker=speaker, cohort_id=cohort_id, person_id=person_id, activity_id=activity_id, now=now
    )
    if other_id is None and not rules.is_reason(task):
        raise NoTask
    if other_id is not None and other_id not in {one.id for one in offering.others}:
        raise Gone
    assert speaker is not None  # noqa: S101 - show_offering has asked
    row = MakeUp(
        cohort_id=cohort_id,
        person_id=person_id,
        activity_id=activity_id,
        other_id=other_id,
        task=rules.clean(task) if other_id is None else "",
        minutes=offering.entry.missed,
        offered_by=speaker.person_id,
        offered_at=now,
        moved_at=now,
    )
    session.add(row)
    session.flush()
    _log(session, row, speaker.person_id, now, None)
    return get_make_up(session, row.id or 0)


def answer_offer(session: Session, *, speaker: Speaker | None, make_up_id: int, accept: bool, now: datetime) -> Moved:
    """Take or refuse what was offered to oneself; raises ``Gone``, ``NotLinked``, ``OtherSteps``."""
    row = _own(session, speaker, make_up_id)
    return _move(session, row, (Step.OFFERED,), Step.ACCEPTED if accept else Step.REFUSED, row.person_id, now)


def report_done(session: Session, *, speaker: Speaker | None, make_up_id: int, note: str, now: datetime) -> Moved:
    """Say that it is done, with a line if there is one to say; raises ``Gone``, ``NotLinked``, ``OtherSteps``."""
    row = _own(session, speaker, make_up_id)
    said = rules.clean(note)[: rules.LONGEST] or row.note
    return _move(session, row, (Step.ACCEPTED,), Step.DONE, row.person_id, now, note=said)


def confirm(session: Session, *, speaker: Speaker | None, make_up_id: int, now: datetime) -> Moved:
    """Confirm that it is done: the hours return, with their source shown.

    Raises:
        NotAllowed: the speaker does not coordinate the cohort.
        Gone, OtherSteps: there is nothing to confirm.
        NothingMissed: the record has changed, and nothing is missed any more.
    """
    row, coordinator = _coordinated(session, speaker, make_up_id)
    seen = get_make_up(session, make_up_id)
    if row.step == Step.CONFIRMED:
        return Moved(seen, news=False)
    if row.step not in (Step.ACCEPTED, Step.DONE):
        raise OtherSteps
    returned = hours.return_hours(
        session,
        cohort_id=row.cohort_id,
        person_id=row.person_id,
        activity_id=row.activity_id,
        minutes=row.minutes,
        source=seen.source,
        cause=f"makeup:{make_up_id}",
        speaker=coordinator,
        now=now,
    )
    given = {"minutes": returned.minutes, "settled_by": coordinator.person_id}
    return _move(session, row, (Step.ACCEPTED, Step.DONE), Step.CONFIRMED, coordinator.person_id, now, **given)


def send_back(session: Session, *, speaker: Speaker | None, make_up_id: int, line: str, now: datetime) -> Moved:
    """Say that it is not done yet, with a line; raises ``NotAllowed``, ``Gone``, ``OtherSteps``."""
    row, coordinator = _coordinated(session, speaker, make_up_id)
    said = rules.clean(line)[: rules.LONGEST]
    return _move(session, row, (Step.DONE,), Step.ACCEPTED, coordinator.person_id, now, line=said)


def withdraw_offer(session: Session, *, speaker: Speaker | None, make_up_id: int, now: datetime) -> Moved:
    """Take an offer back before it is confirmed; raises ``NotAllowed``, ``Gone``, ``OtherSteps``."""
    row, coordinator = _coordinated(session, speaker, make_up_id)
    by = coordinator.person_id
    return _move(session, row, OPEN, Step.WITHDRAWN, by, now, settled_by=by)


def _own(session: Session, speaker: Speaker | None, make_up_id: int) -> MakeUp:
    if speaker is None:
        raise NotLinked
    row = session.get(MakeUp, make_up_id)
    if row is None or row.person_id != speaker.person_id:
        raise Gone
    return row


def _coordinated(session: Session, speaker: Speaker | None, make_up_id: int) -> tuple[MakeUp, Speaker]:
    row = session.get(MakeUp, make_up_id)
    if row is None:
        raise Gone
    return row, access.require_coordinator(session, speaker, row.cohort_id)


def _move(
    session: Session, row: MakeUp, allowed: Sequence[Step], to: Step, actor_id: int, now: datetime, **values: Any
) -> Moved:
    """Take a step, with what else changes by it. A step taken before is no news; any other is refused."""
    if row.step == to:
        return Moved(get_make_up(session, row.id or 0), news=False)
    if row.step not in allowed:
        raise OtherSteps
    before, row.step, row.moved_at = row.step, to, now
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    _log(session, row, actor_id, now, before)
    return Moved(get_make_up(session, row.id or 0), news=True)


def _log(session: Session, row: MakeUp, actor_id: int, now: datetime, before: str | None) -> None:
    audit.record(
        session,
        audit.entry(
            actor=audit.Actor(person_id=actor_id),
            now=now,
            action="offer" if before is None else row.step,
            subject="make_up",
            subject_id=row.id or 0,
            cohort_id=row.cohort_id,
            person_id=row.person_id,
            before={"step": before} if before else None,
            after={"step": row.step, "activity": row.activity_id, "minutes": row.minutes},
            reason=row.task or row.line,
        ),
    )
