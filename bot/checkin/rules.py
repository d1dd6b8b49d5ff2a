"""What is decided about check-in: codes, payloads, times, statuses. Pure: no session, no clock, no Telegram.

Sources: the rotation of 15 seconds with the step before it still accepted follows Moodle's attendance module; the 96
bits of the payload's digest keep a forger busy for longer than any camp lasts.
"""

import hmac
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from bot import codes

STEP_SECONDS = 15
OPENS_BEFORE = timedelta(minutes=60)
LATE_AFTER = timedelta(minutes=10)
CLOSES_AFTER = timedelta(hours=2)
"""How long after its end an activity's check-in closes by itself."""
CHECKOUT_BEFORE = timedelta(minutes=15)
REMEMBERED_STEPS = 20
"""How many past steps a typed code is recognised as old rather than wrong: five minutes."""

FREE_TRIES = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=10)
FORGIVEN_AFTER = timedelta(hours=1)

MAC_LENGTH = 24
TOKEN_LENGTH = 32
RECEIPT_LENGTH = 5
PAYLOAD_PREFIX = "c-"
_PAYLOAD = re.compile(r"c-([0-9a-z]{1,12})-([0-9a-z]{1,10})-([0-9a-f]{24})")
_TOKEN = re.compile(r"([0-9a-z]{1,12})-([0-9a-f]{32})")


class Freshness(StrEnum):
    """What a code or scan is worth at an instant."""

    VALID = "valid"
    OLD = "old"
    WRONG = "wrong"


class Phase(StrEnum):
    """What an arrival at an instant would be: too early, on time, late; or a check-out."""

    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    LEAVING = "leaving"


class Status(StrEnum):
    """What the record says of a person at an activity; derived from the arrival, never stored."""

    PRESENT = "present"
    LATE = "late"
    MISSING = "missing"
    EXCUSED = "excused"


class Policy(Struct, frozen=True):
    """The rules of one activity's check-in; a change of them re-runs every status, since arrivals keep their minute.

    ``checkout`` says that whoever leaves checks out.
    """

    opens_before: timedelta = OPENS_BEFORE
    late_after: timedelta = LATE_AFTER
    closes_after: timedelta = CLOSES_AFTER
    checkout: bool = False


USUAL = Policy()


class Scan(Struct, frozen=True):
    """A deep link's payload, understood but not yet believed."""

    activity_id: int
    step: int
    mac: str


def step_of(at: datetime) -> int:
    """The number of the 15-second period that ``at`` lies in."""
    return int(at.timestamp() // STEP_SECONDS)


def accepted_steps(*instants: datetime) -> frozenset[int]:
    """The periods whose codes are good at any of the instants: the current one and the one before, never later."""
    return frozenset(step for at in instants for step in (step_of(at), step_of(at) - 1))


@lru_cache(maxsize=256)
def code_of(secret: str, activity_id: int, step: int) -> str:
    """The six characters on the projector in that period."""
    return codes.derive(secret, f"{activity_id}:{step}", codes.CHECKIN_LENGTH)


def is_current(secret: str, activity_id: int, code: str, accepted: Iterable[int]) -> bool:
    """Whether a normalised typed code is this activity's in one of the accepted periods."""
    return _is_code_of(secret, activity_id, code, accepted)


def judge_code(secret: str, activity_id: int, code: str, accepted: Iterable[int]) -> Freshness:
    """What a normalised typed code is worth for this activity."""
    accepted = frozenset(accepted)
    if is_current(secret, activity_id, code, accepted):
        return Freshness.VALID
    newest = max(accepted)
    past = (step for step in range(newest - REMEMBERED_STEPS, newest) if step not in accepted)
    return Freshness.OLD if _is_code_of(secret, activity_id, code, past) else Freshness.WRONG


def payload_of(secret: str, activity_id: int, step: int) -> str:
    """What the deep link behind the QR code carries: at most 52 of the 64 characters that Telegram allows."""
    return (
        f"{PAYLOAD_PREFIX}{codes.to_base36(activity_id)}-{codes.to_base36(step)}-{_scan_mac(secret, activity_id, step)}"
    )


def read_payload(text: str) -> Scan | None:
    """Understand a deep link's payload; ``None`` for anything cut off, lengthened or otherwise not ours."""
    found = _PAYLOAD.fullmatch(text)
    return Scan(int(found[1], 36), int(found[2], 36), found[3]) if found else None


def judge_scan(secret: str, scan: Scan, accepted: Iterable[int]) -> Freshness:
    """What a scan is worth. A genuine one from a period not accepted is old, also when our clock stepped back."""
    genuine = hmac.compare_digest(scan.mac, _scan_mac(secret, scan.activity_id, scan.step))
    if not genuine:
        return Freshness.WRONG
    return Freshness.VALID if scan.step in frozenset(accepted) else Freshness.OLD


def button_mac(secret: str, activity_id: int, person_id: int) -> str:
    """What makes an early person's button work for that person and no other."""
    return codes.digest(secret, f"now:{activity_id}:{person_id}").hex()[:MAC_LENGTH]


def is_button_of(mac: str, secret: str, activity_id: int, person_id: int) -> bool:
    """Whether the button was made for this person and activity."""
    return hmac.compare_digest(mac.encode(), button_mac(secret, activity_id, person_id).encode())


def leave_mac(secret: str, activity_id: int, person_id: int) -> str:
    """What makes the button for leaving work for that person and no other."""
    return codes.digest(secret, f"out:{activity_id}:{person_id}").hex()[:MAC_LENGTH]


def is_leave_of(mac: str, secret: str, activity_id: int, person_id: int) -> bool:
    """Whether the button for leaving was made for this person and activity."""
    return hmac.compare_digest(mac.encode(), leave_mac(secret, activity_id, person_id).encode())


def receipt_of(secret: str, activity_id: int, person_id: int) -> str:
    """The short number that a person can tell the coordinator: the same for the same attendance always."""
    return codes.derive(secret, f"receipt:{activity_id}:{person_id}", RECEIPT_LENGTH)


def token_of(secret: str, activity_id: int) -> str:
    """The unguessable end of the projector's address: 128 bits under the window's secret."""
    return f"{codes.to_base36(activity_id)}-{codes.digest(secret, f'projector:{activity_id}').hex()[:TOKEN_LENGTH]}"


def read_token(text: str) -> int | None:
    """The activity that a projector's address names; believe it only after ``is_token_of``."""
    found = _TOKEN.fullmatch(text)
    return int(found[1], 36) if found else None


def is_token_of(text: str, secret: str, activity_id: int) -> bool:
    """Whether the address was made from this secret."""
    return hmac.compare_digest(text.encode(), token_of(secret, activity_id).encode())


def opens_at(starts_at: datetime, policy: Policy = USUAL) -> datetime:
    """From when arrivals are accepted."""
    return starts_at - policy.opens_before


def closes_at(ends_at: datetime, closed_at: datetime | None, policy: Policy = USUAL) -> datetime:
    """Until when arrivals are accepted: the coordinator's closing, or so long after the end as the rules say."""
    by_itself = ends_at + policy.closes_after
    return min(closed_at, by_itself) if closed_at else by_itself


def phase_of(starts_at: datetime, ends_at: datetime, policy: Policy, at: datetime) -> Phase:
    """What the code on the screen does at that instant."""
    if at < opens_at(starts_at, policy):
        return Phase.EARLY
    if policy.checkout and at >= checkout_from(ends_at):
        return Phase.LEAVING
    return Phase.LATE if at > starts_at + policy.late_after else Phase.ON_TIME


def checkout_from(ends_at: datetime) -> datetime:
    """From when the code in the room checks out whoever is in; before that, leaving is a button of its own."""
    return ends_at - CHECKOUT_BEFORE


def status_of(
    arrived_at: datetime | None, starts_at: datetime, policy: Policy = USUAL, *, is_excused: bool = False
) -> Status:
    """Present, late, excused or missing by the arrival, the present start and the present rules.

    Whoever came although excused is present or late.
    """
    if arrived_at is None:
        return Status.EXCUSED if is_excused else Status.MISSING
    return Status.LATE if arrived_at > starts_at + policy.late_after else Status.PRESENT


def minutes_late(arrived_at: datetime, starts_at: datetime) -> int:
    """Whole minutes after the start; 0 for whoever came before it."""
    return max(0, int((arrived_at - starts_at).total_seconds() // 60))


def minutes_there(
    arrived_at: datetime | None,
    left_at: datetime | None,
    starts_at: datetime,
    ends_at: datetime,
    policy: Policy = USUAL,
    away: int = 0,
) -> int:
    """How many minutes of the activity somebody was there.

    Whoever was not late was there from the start; whoever did not check out stayed to the end. ``away`` are the minutes
    between a leaving and a coming back.
    """
    if arrived_at is None:
        return 0
    is_late = status_of(arrived_at, starts_at, policy) is Status.LATE
    since, until = arrived_at if is_late else starts_at, min(left_at or ends_at, ends_at)
    return max(0, int((until - since).total_seconds() // 60) - away)


def arrival_for(
    status: Status, kept: datetime | None, starts_at: datetime, now: datetime, policy: Policy = USUAL
) -> datetime | None:
    """The arrival that a mark by hand records: the known one where it agrees with the mark, else the likeliest."""
    if status is Status.MISSING:
        return None
    if kept is not None and status_of(kept, starts_at, policy) is status:
        return kept
    if status is Status.PRESENT:
        return min(now, starts_at)
    return max(now, starts_at + policy.late_after + timedelta(minutes=1))


def waits_until(failures: int, last_at: datetime, now: datetime, free: int = FREE_TRIES) -> datetime | None:
    """Until when somebody with so many wrong tries must wait: 30 seconds, doubling to ten minutes."""
    if failures < free or now - last_at > FORGIVEN_AFTER:
        return None
    until = last_at + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures - free, 10))
    return until if until > now else None


def _scan_mac(secret: str, activity_id: int, step: int) -> str:
    return codes.digest(secret, f"scan:{activity_id}:{step}").hex()[:MAC_LENGTH]


def _is_code_of(secret: str, activity_id: int, code: str, steps: Iterable[int]) -> bool:
    typed = code.encode()
    return any(hmac.compare_digest(typed, code_of(secret, activity_id, step).encode()) for step in steps)
