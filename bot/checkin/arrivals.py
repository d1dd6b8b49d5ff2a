"""Recording that somebody has come: judge the claim, write one attendance and one line of the log.

The common way is one statement, and three more a batch. Why a claim fails is found out only after it has failed. Every
way in ends in ``admit``, so that windows, the first time that stands, and the log are the same for all of them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, assert_never

from sqlmodel import Session

from bot import codes
from bot.audit import service as audit
from bot.checkin import departures, policies, queries, rules
from bot.checkin.attempt import Attempt
from bot.checkin.models import Method
from bot.checkin.outcomes import (
    AlreadyIn,
    AlreadyOut,
    Arrived,
    Cancelled,
    Claim,
    Closed,
    MarkedMissing,
    NotACode,
    NotEnrolled,
    NothingOpen,
    NotYours,
    OldCode,
    OpenNow,
    OtherActivity,
    Outcome,
    Pressed,
    Scanned,
    SlowDown,
    TooEarly,
    Typed,
    WrongCode,
)
from bot.checkin.queries import Found, view_of
from bot.checkin.rules import Freshness
from bot.errors import NotLinked
from bot.people import guesses
from bot.people.service import Speaker

REMEMBERED = timedelta(hours=1)
"""How long after its closing a window's codes are still recognised, to say so."""
NOTHING: Mapping[str, Any] = {}


def record_arrival(
    session: Session,
    *,
    speaker: Speaker | None,
    claim: Claim,
    at: datetime,
    received_at: datetime,
    now: datetime,
    source: str = "",
) -> Outcome:
    """Judge what somebody typed, scanned or pressed, and record the arrival if it is right.

    A code is good if it was on the projector at the update's own time ``at`` (what a backlog must not change) or when
    intake received the update (whose clock is the projector's). The arrival is recorded as of ``at``.

    Raises:
        NotLinked: the account belongs to nobody.
    """
    if speaker is None:
        raise NotLinked
    attempt = Attempt(session, speaker.person_id, speaker.actor, at, received_at, now, source)
    match claim:
        case Typed(text):
            return _by_code(attempt, codes.normalise(text)) if codes.is_code(text, codes.CHECKIN_LENGTH) else NotACode()
        case Scanned(payload):
            return _by_scan(attempt, payload)
        case Pressed(activity_id, mac):
            return _by_button(attempt, activity_id, mac)
        case _:
            assert_never(claim)


def open_now(session: Session, *, speaker: Speaker | None, now: datetime) -> OpenNow:
    """What the person can check in to now.

    Raises:
        NotLinked: the account belongs to nobody.
    """
    if speaker is None:
        raise NotLinked
    rows = [row for row in queries.own_open(session, speaker.person_id) if is_open(session, row, now)]
    waiting = tuple(view_of(row) for row in rows if row.recorded_at is None)
    done = tuple(_state(session, row, speaker.person_id) for row in rows if row.arrived_at is not None)
    nothing = NothingOpen(None) if waiting or done else _nothing_open(session, speaker.person_id, now)
    ids = [activity.id for activity in waiting]
    return OpenNow(
        waiting,
        done,
        nothing.following,
        nothing.opens_at,
        tuple(view_of(row) for row in rows if departures.is_due(session, row, now)),
        queries.excused_among(session, speaker.person_id, ids) if ids else frozenset(),
        queries.with_site(session, ids) if ids else frozenset(),
    )


def admit(
    attempt: Attempt, row: Found, method: Method, *, is_fresh: bool = True, more: Mapping[str, Any] = NOTHING
) -> Outcome:
    """Record the arrival if the activity takes it; ``more`` are further columns of the attendance.

    ``is_fresh`` says that the claim shows the person to be in the room now, so that it may also check them out.
    """
    if row.recorded_at is not None:
        return _again(attempt, row, is_fresh)
    if row.cancelled_at is not None:
        return Cancelled(view_of(row))
    if not is_open(attempt.session, row, attempt.at):
        return Closed(view_of(row))
    opens_at = rules.opens_at(row.starts_at, policies.policy_of(attempt.session, row))
    if attempt.at < opens_at:
        return TooEarly(view_of(row), opens_at, rules.button_mac(row.secret, row.id, attempt.person_id))
    return _write(attempt, row, method, more)


def is_open(session: Session, row: Found, at: datetime) -> bool:
    """Whether the row's window takes arrivals at that time, or will once the doors open."""
    policy = policies.policy_of(session, row)
    return row.cancelled_at is None and at < rules.closes_at(row.ends_at, row.closed_at, policy)


def _by_code(attempt: Attempt, code: str) -> Outcome:
    rows = queries.own_open(attempt.session, attempt.person_id)
    if rows and (until := _must_wait(rows[0], attempt.now)):
        return SlowDown(until)
    for row in rows:
        if rules.is_current(row.secret, row.id, code, attempt.accepted):
            if row.failures:
                guesses.forget(attempt.session, who=queries.guesser(attempt.person_id), what=queries.GUESS_KIND)
            return admit(attempt, row, Method.CODE)
    return _explain(attempt, code, rows)


def _explain(attempt: Attempt, code: str, own: Sequence[Found]) -> Outcome:
    for row in queries.recent(attempt.session, attempt.person_id, attempt.at - REMEMBERED):
        freshness = rules.judge_code(row.secret, row.id, code, attempt.accepted)
        if freshness is not Freshness.WRONG:
            return _settle(attempt, row, freshness, Method.CODE)
    still_open = [row for row in own if is_open(attempt.session, row, attempt.now)]
    if not still_open:
        return _nothing_open(attempt.session, attempt.person_id, attempt.now)
    return _count_failure(attempt, still_open[0])


def _by_scan(attempt: Attempt, payload: str) -> Outcome:
    scan = rules.read_payload(payload)
    row = queries.one(attempt.session, attempt.person_id, scan.activity_id) if scan else None
    if scan is None or row is None:
        return WrongCode()
    freshness = rules.judge_scan(row.secret, scan, attempt.accepted)
    return WrongCode() if freshness is Freshness.WRONG else _settle(attempt, row, freshness, Method.SCAN)


def _by_button(attempt: Attempt, activity_id: int, mac: str) -> Outcome:
    row = queries.one(attempt.session, attempt.person_id, activity_id)
    if row is None or not rules.is_button_of(mac, row.secret, row.id, attempt.person_id):
        return NotYours()
    return _settle(attempt, row, Freshness.VALID, Method.BUTTON)


def _settle(attempt: Attempt, row: Found, freshness: Freshness, method: Method) -> Outcome:
    """Answer a claim that is, or was, right for the row's activity."""
    if row.member is None:
        return _turn_away(attempt, row)
    if freshness is Freshness.VALID or row.recorded_at is not None or not is_open(attempt.session, row, attempt.at):
        is_fresh = freshness is Freshness.VALID and method is not Method.BUTTON
        return admit(attempt, row, method, is_fresh=is_fresh)
    return OldCode(view_of(row))


def _turn_away(attempt: Attempt, row: Found) -> Outcome:
    rows = queries.own_open(attempt.session, attempt.person_id)
    waiting = (one for one in rows if is_open(attempt.session, one, attempt.now) and one.recorded_at is None)
    own = tuple(view_of(one) for one in waiting)
    return OtherActivity(view_of(row), own) if own else NotEnrolled(view_of(row))


def _again(attempt: Attempt, row: Found, is_fresh: bool) -> Outcome:
    if row.arrived_at is None:
        return MarkedMissing(view_of(row))
    if is_fresh and is_open(attempt.session, row, attempt.at):
        return departures.come_again(attempt, row)
    return _state(attempt.session, row, attempt.person_id)


def _write(attempt: Attempt, row: Found, method: Method, more: Mapping[str, Any]) -> Arrived:
    person_id, activity_id, session = attempt.person_id, row.id, attempt.session
    queries.record(
        session,
        {
            "activity_id": activity_id,
            "person_id": person_id,
            "arrived_at": attempt.at,
            "method": method.value,
            "marked_by": attempt.marked_by,
            "recorded_at": attempt.now,
            "way": more.get("way"),
            "inside": more.get("inside"),
        },
    )
    audit.record_later(
        session,
        audit.entry(
            actor=attempt.actor,
            now=attempt.now,
            action="arrive",
            subject="attendance",
            subject_id=activity_id,
            cohort_id=row.cohort_id,
            person_id=person_id,
            after={"arrived_at": attempt.at, "method": method, "source": attempt.source, **more},
        ),
    )
    policy = policies.policy_of(session, row)
    receipt = rules.receipt_of(row.secret, activity_id, person_id)
    status = rules.status_of(attempt.at, row.starts_at, policy)
    leave = departures.button_for(session, row, person_id)
    return Arrived(view_of(row), attempt.at, receipt, status, leave, more.get("inside"))


def _state(session: Session, row: Found, person_id: int) -> AlreadyIn | AlreadyOut:
    return departures.state_of(session, row, person_id)


def _nothing_open(session: Session, person_id: int, now: datetime) -> NothingOpen:
    following = queries.following(session, person_id, now)
    if following is None:
        return NothingOpen(None)
    return NothingOpen(following, rules.opens_at(following.starts_at, policies.policy_of(session, following)))


def _must_wait(row: Found, now: datetime) -> datetime | None:
    return rules.waits_until(row.failures, row.last_at, now) if row.failures else None


def _count_failure(attempt: Attempt, row: Found) -> Outcome:
    who, kind = queries.guesser(attempt.person_id), queries.GUESS_KIND
    lately = row.failures if row.failures and attempt.now - row.last_at <= rules.FORGIVEN_AFTER else 0
    if row.failures and not lately:
        guesses.forget(attempt.session, who=who, what=kind)
    guesses.count_failure(attempt.session, who=who, what=kind, now=attempt.now)
    until = rules.waits_until(lately + 1, attempt.now, attempt.now)
    return SlowDown(until) if until else WrongCode(rules.FREE_TRIES - lately - 1)
