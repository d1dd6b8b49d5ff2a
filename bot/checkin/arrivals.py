"""Recording that somebody has come: judge the claim, write one attendance and one line of the log.

The common way is one statement, and two more a batch. Why a claim fails is found out only after it has failed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from sqlmodel import Session

from bot import codes
from bot.audit import service as audit
from bot.checkin import queries, rules
from bot.checkin.models import Method
from bot.checkin.outcomes import (
    AlreadyIn,
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


@dataclass(frozen=True, slots=True)
class _Attempt:
    session: Session
    speaker: Speaker
    at: datetime
    received_at: datetime
    now: datetime
    source: str

    @property
    def person_id(self) -> int:
        return self.speaker.person_id

    @property
    def accepted(self) -> frozenset[int]:
        return rules.accepted_steps(self.at, self.received_at)


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
    attempt = _Attempt(session, speaker, at, received_at, now, source)
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
    rows = [row for row in queries.own_open(session, speaker.person_id) if _is_open(row, now)]
    waiting = tuple(view_of(row) for row in rows if row.recorded_at is None)
    done = tuple(_already_in(row, speaker.person_id) for row in rows if row.arrived_at is not None)
    return OpenNow(waiting, done, None if waiting or done else queries.following(session, speaker.person_id, now))


def _by_code(attempt: _Attempt, code: str) -> Outcome:
    rows = queries.own_open(attempt.session, attempt.person_id)
    if rows and (until := _must_wait(rows[0], attempt.now)):
        return SlowDown(until)
    for row in rows:
        if rules.is_current(row.secret, row.id, code, attempt.accepted):
            if row.failures:
                guesses.forget(attempt.session, who=queries.guesser(attempt.person_id), what=queries.GUESS_KIND)
            return _admit(attempt, row, Method.CODE)
    return _explain(attempt, code, rows)


def _explain(attempt: _Attempt, code: str, own: Sequence[Found]) -> Outcome:
    for row in queries.recent(attempt.session, attempt.person_id, attempt.at - REMEMBERED):
        freshness = rules.judge_code(row.secret, row.id, code, attempt.accepted)
        if freshness is not Freshness.WRONG:
            return _settle(attempt, row, freshness, Method.CODE)
    still_open = [row for row in own if _is_open(row, attempt.now)]
    if not still_open:
        return NothingOpen(queries.following(attempt.session, attempt.person_id, attempt.now))
    return _count_failure(attempt, still_open[0])


def _by_scan(attempt: _Attempt, payload: str) -> Outcome:
    scan = rules.read_payload(payload)
    row = queries.one(attempt.session, attempt.person_id, scan.activity_id) if scan else None
    if scan is None or row is None:
        return WrongCode()
    freshness = rules.judge_scan(row.secret, scan, attempt.accepted)
    return WrongCode() if freshness is Freshness.WRONG else _settle(attempt, row, freshness, Method.SCAN)


def _by_button(attempt: _Attempt, activity_id: int, mac: str) -> Outcome:
    row = queries.one(attempt.session, attempt.person_id, activity_id)
    if row is None or not rules.is_button_of(mac, row.secret, row.id, attempt.person_id):
        return NotYours()
    return _settle(attempt, row, Freshness.VALID, Method.BUTTON)


def _settle(attempt: _Attempt, row: Found, freshness: Freshness, method: Method) -> Outcome:
    """Answer a claim that is, or was, right for the row's activity."""
    if row.member is None:
        return _turn_away(attempt, row)
    if freshness is Freshness.VALID or row.recorded_at is not None or not _is_open(row, attempt.at):
        return _admit(attempt, row, method)
    return OldCode(view_of(row))


def _turn_away(attempt: _Attempt, row: Found) -> Outcome:
    rows = queries.own_open(attempt.session, attempt.person_id)
    own = tuple(view_of(one) for one in rows if _is_open(one, attempt.now) and one.recorded_at is None)
    return OtherActivity(view_of(row), own) if own else NotEnrolled(view_of(row))


def _admit(attempt: _Attempt, row: Found, method: Method) -> Outcome:
    if row.recorded_at is not None:
        return MarkedMissing(view_of(row)) if row.arrived_at is None else _already_in(row, attempt.person_id)
    if row.cancelled_at is not None:
        return Cancelled(view_of(row))
    if not _is_open(row, attempt.at):
        return Closed(view_of(row))
    opens_at = rules.opens_at(row.starts_at)
    if attempt.at < opens_at:
        return TooEarly(view_of(row), opens_at, rules.button_mac(row.secret, row.id, attempt.person_id))
    return _write(attempt, row, method)


def _write(attempt: _Attempt, row: Found, method: Method) -> Arrived:
    person_id, activity_id = attempt.person_id, row.id
    queries.record(
        attempt.session,
        {
            "activity_id": activity_id,
            "person_id": person_id,
            "arrived_at": attempt.at,
            "method": method.value,
            "marked_by": None,
            "recorded_at": attempt.now,
        },
    )
    audit.record_later(
        attempt.session,
        audit.entry(
            actor=attempt.speaker.actor,
            now=attempt.now,
            action="arrive",
            subject="attendance",
            subject_id=activity_id,
            cohort_id=row.cohort_id,
            person_id=person_id,
            after={"arrived_at": attempt.at, "method": method, "source": attempt.source},
        ),
    )
    receipt = rules.receipt_of(row.secret, activity_id, person_id)
    return Arrived(view_of(row), attempt.at, receipt, rules.status_of(attempt.at, row.starts_at))


def _already_in(row: Found, person_id: int) -> AlreadyIn:
    return AlreadyIn(view_of(row), row.arrived_at, rules.receipt_of(row.secret, row.id, person_id))


def _is_open(row: Found, at: datetime) -> bool:
    return row.cancelled_at is None and at < rules.closes_at(row.ends_at, row.closed_at)


def _must_wait(row: Found, now: datetime) -> datetime | None:
    return rules.waits_until(row.failures, row.last_at, now) if row.failures else None


def _count_failure(attempt: _Attempt, row: Found) -> Outcome:
    who, kind = queries.guesser(attempt.person_id), queries.GUESS_KIND
    lately = row.failures if row.failures and attempt.now - row.last_at <= rules.FORGIVEN_AFTER else 0
    if row.failures and not lately:
        guesses.forget(attempt.session, who=who, what=kind)
    guesses.count_failure(attempt.session, who=who, what=kind, now=attempt.now)
    until = rules.waits_until(lately + 1, attempt.now, attempt.now)
    return SlowDown(until) if until else WrongCode(rules.FREE_TRIES - lately - 1)
