"""Judging the claim of somebody who is on no roster: the codes, windows and rules are those of the trainees.

Nothing is recorded here. Who has a seat, and where the arrival is kept, is for a higher feature to know.
"""

import hmac
from datetime import datetime

from msgspec import Struct
from sqlmodel import Session

from bot import codes
from bot.checkin import policies, queries, rules
from bot.checkin.outcomes import (
    ActivityView,
    Cancelled,
    Claim,
    Closed,
    NothingOpen,
    OldCode,
    Pressed,
    Scanned,
    TooEarly,
    Typed,
    WrongCode,
)
from bot.checkin.queries import Found, view_of
from bot.checkin.rules import Freshness, Status


class Welcome(Struct, frozen=True):
    """The claim is right and the doors are open: an arrival ``at`` that instant would count as ``status``."""

    activity: ActivityView
    at: datetime
    status: Status


Visit = Welcome | TooEarly | Closed | Cancelled | OldCode | WrongCode | NothingOpen


def activity_of(claim: Claim) -> int | None:
    """The activity that a scan or a press is about; ``None`` for a typed code, and for what is none of ours."""
    match claim:
        case Scanned(payload):
            scan = rules.read_payload(payload)
            return scan.activity_id if scan else None
        case Pressed(activity_id):
            return activity_id
        case Typed():
            return None


def judge_visit(
    session: Session, *, activity_id: int, visitor: str, claim: Claim, at: datetime, received_at: datetime
) -> Visit:
    """What a claim of ``visitor`` (any name that stays the same) is worth at that activity, by the trainees' rules."""
    row = queries.activity(session, activity_id)
    if row is None or row.secret is None:
        return WrongCode()
    freshness = _freshness(row, visitor, claim, rules.accepted_steps(at, received_at))
    if freshness is Freshness.WRONG:
        return WrongCode()
    found = _admit(session, row, visitor, at)
    return OldCode(view_of(row)) if freshness is Freshness.OLD and isinstance(found, Welcome | TooEarly) else found


def vouch_for(session: Session, *, activity_id: int, at: datetime, may_be_over: bool = False) -> Visit:
    """The same where one of the staff vouches; ``may_be_over`` takes an arrival also after the check-in has closed.

    Such an arrival counts as of the beginning, as a mark by hand does.
    """
    row = queries.activity(session, activity_id)
    if row is None or row.secret is None:
        return NothingOpen(view_of(row) if row is not None else None)
    found = _admit(session, row, "", at)
    if isinstance(found, Closed) and may_be_over:
        return Welcome(view_of(row), min(at, row.starts_at), Status.PRESENT)
    return found


def visit_status(session: Session, activity: ActivityView, arrived_at: datetime) -> Status:
    """Whether an arrival counts as late, by the present start and the present rules."""
    return rules.status_of(arrived_at, activity.starts_at, policies.policy_of(session, activity))


def visit_receipt(session: Session, *, activity_id: int, visitor: str) -> str:
    """The short number that a visitor can tell the coordinator; empty where the check-in was never opened."""
    row = queries.activity(session, activity_id)
    if row is None or row.secret is None:
        return ""
    return codes.derive(row.secret, f"visit receipt:{activity_id}:{visitor}", rules.RECEIPT_LENGTH)


def _freshness(row: Found, visitor: str, claim: Claim, accepted: frozenset[int]) -> Freshness:
    match claim:
        case Typed(text):
            return rules.judge_code(row.secret, row.id, codes.normalise(text), accepted)
        case Scanned(payload):
            scan = rules.read_payload(payload)
            is_here = scan is not None and scan.activity_id == row.id
            return rules.judge_scan(row.secret, scan, accepted) if scan and is_here else Freshness.WRONG
        case Pressed(_, mac):
            is_made_for = hmac.compare_digest(mac.encode(), _button_mac(row, visitor).encode())
            return Freshness.VALID if is_made_for else Freshness.WRONG


def _admit(session: Session, row: Found, visitor: str, at: datetime) -> Visit:
    policy = policies.policy_of(session, row)
    if row.cancelled_at is not None:
        return Cancelled(view_of(row))
    if at >= rules.closes_at(row.ends_at, row.closed_at, policy):
        return Closed(view_of(row))
    opens_at = rules.opens_at(row.starts_at, policy)
    if at < opens_at:
        return TooEarly(view_of(row), opens_at, _button_mac(row, visitor))
    return Welcome(view_of(row), at, rules.status_of(at, row.starts_at, policy))


def _button_mac(row: Found, visitor: str) -> str:
    """What makes an early visitor's button work for that visitor and no other."""
    return codes.digest(row.secret, f"visit:{row.id}:{visitor}").hex()[: rules.MAC_LENGTH]
