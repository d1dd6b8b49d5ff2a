"""The gate: staff scan the code on a trainee's phone, and that records the trainee.

The code is a person's own, made from a secret of the installation, and changes twice a day. Whoever scans it must be
a coordinator, or the leader of that very group; to everybody else it says nothing, not even whose it is.
"""

import hmac
import re
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select
from sqlmodel import Session

from bot import codes
from bot.checkin import arrivals, policies, queries, rules
from bot.checkin.attempt import Attempt
from bot.checkin.models import Method, Way
from bot.checkin.outcomes import ActivityView, Outcome
from bot.checkin.queries import MEMBERSHIP, Found, view_of
from bot.checkin.staff import Helper, find_helper
from bot.errors import NotLinked
from bot.people import access
from bot.people import service as people
from bot.people.models import Role
from bot.people.service import Speaker

PREFIX = "p-"
SECRET = "person_code"  # noqa: S105 - the name of a key
HALF_DAY = 12 * 3600
_PAYLOAD = re.compile(r"p-([0-9a-z]{1,12})-([0-9a-z]{1,8})-([0-9a-f]{24})")


class MyCode(Struct, frozen=True):
    """A person's code of the day, made for a half day and good for that one and the next."""

    person_id: int
    name: str
    step: int


class Gated(Struct, frozen=True):
    """What came of a scan, and of whom. ``group`` may be empty."""

    person_id: int
    name: str
    group: str
    outcome: Outcome


class WhichActivity(Struct, frozen=True):
    """Several check-ins are open for the person."""

    person_id: int
    name: str
    payload: str
    choices: tuple[ActivityView, ...]


class NoneOpen(Struct, frozen=True):
    """No check-in that the scanning person keeps is open for this one. ``coming`` can be opened by a coordinator."""

    name: str
    coming: tuple[ActivityView, ...]


class OldPersonCode(Struct, frozen=True):
    """A code of yesterday: a picture of it, perhaps."""


class BadPersonCode(Struct, frozen=True):
    """Cut off, changed, or nobody's."""


class OwnCode(Struct, frozen=True):
    """One's own code, which others are to scan."""


class NotAKeeper(Struct, frozen=True):
    """Whoever scanned does not keep this person's check-in."""


class OtherGroup(Struct, frozen=True):
    """A group leader scanned somebody of another group of the same cohort."""


GateOutcome = Gated | WhichActivity | NoneOpen | OldPersonCode | BadPersonCode | OwnCode | NotAKeeper | OtherGroup


def my_code(session: Session, *, speaker: Speaker | None, now: datetime) -> MyCode:
    """The speaker's own code; the secret is made when it is first asked for, inside a writing transaction.

    Raises:
        NotLinked: the account belongs to nobody.
    """
    if speaker is None:
        raise NotLinked
    people.secret(session, SECRET)
    return MyCode(speaker.person_id, speaker.name, _step(now))


def payload_of(secret: str, person_id: int, step: int) -> str:
    """What the deep link of a person's code carries."""
    number, period = codes.to_base36(person_id), codes.to_base36(step)
    return f"{PREFIX}{number}-{period}-{_mac(secret, person_id, step)}"


def scan_person(
    session: Session,
    *,
    speaker: Speaker | None,
    payload: str,
    at: datetime,
    received_at: datetime,
    now: datetime,
    source: str = "",
    activity_id: int | None = None,
) -> GateOutcome:
    """Record the person whose code was scanned; ``activity_id`` says for what where several check-ins are open.

    Raises:
        NotLinked: the account that scanned belongs to nobody.
    """
    if speaker is None:
        raise NotLinked
    found = _PAYLOAD.fullmatch(payload)
    person_id, step = (int(found[1], 36), int(found[2], 36)) if found else (0, 0)
    if found is None or not hmac.compare_digest(found[3], _mac(people.secret(session, SECRET), person_id, step)):
        return BadPersonCode()
    if person_id == speaker.person_id:
        return OwnCode()
    helpers = _helpers(session, speaker, person_id)
    if not helpers:
        return NotAKeeper()
    if step not in {_step(at), _step(at) - 1, _step(received_at)}:
        return OldPersonCode()
    attempt = Attempt(session, person_id, speaker.actor, at, received_at, now, source, speaker.person_id)
    return _choose(attempt, helpers, payload, activity_id)


def _choose(attempt: Attempt, helpers: dict[int, Helper], payload: str, activity_id: int | None) -> GateOutcome:
    session, person_id = attempt.session, attempt.person_id
    name = people.get_person(session, person_id).name
    rows = [row for row in queries.own_open(session, person_id) if row.cohort_id in helpers]
    rows = [row for row in rows if arrivals.is_open(session, row, attempt.at)]
    groups = {cohort_id: _group_of(session, person_id, cohort_id) for cohort_id in helpers}
    mine = [row for row in rows if helpers[row.cohort_id].may(groups[row.cohort_id])]
    if not mine:
        if not any(helper.may(groups[cohort_id]) for cohort_id, helper in helpers.items()):
            return OtherGroup()
        return NoneOpen(name, _coming(session, person_id, helpers, attempt.now))
    wanted = (
        [row for row in mine if row.id == activity_id] if activity_id is not None else _likely(session, mine, attempt)
    )
    if len(wanted) != 1:
        return WhichActivity(person_id, name, payload, tuple(view_of(row) for row in wanted or mine))
    outcome = arrivals.admit(attempt, wanted[0], Method.HAND, more={"way": Way.GATE.value})
    return Gated(person_id, name, groups[wanted[0].cohort_id], outcome)


def _likely(session: Session, rows: list[Found], attempt: Attempt) -> list[Found]:
    """What a scan is about where several are open: what takes arrivals at this hour and has none of this person."""
    new = [row for row in rows if row.recorded_at is None] or rows
    doors = [row for row in new if attempt.at >= rules.opens_at(row.starts_at, policies.policy_of(session, row))]
    return doors or new


def _helpers(session: Session, speaker: Speaker, person_id: int) -> dict[int, Helper]:
    """The cohorts of the person in which the speaker may record anybody."""
    cohorts = access.cohort_ids_of(session, person_id, Role.TRAINEE)
    found = {int(cohort_id): find_helper(session, speaker, cohort_id) for cohort_id in cohorts}
    return {cohort_id: helper for cohort_id, helper in found.items() if helper is not None}


def _group_of(session: Session, person_id: int, cohort_id: int) -> str:
    query = select(MEMBERSHIP.c.group_name).where(
        MEMBERSHIP.c.person_id == person_id,
        MEMBERSHIP.c.cohort_id == cohort_id,
        MEMBERSHIP.c.role == Role.TRAINEE,
        MEMBERSHIP.c.left_at.is_(None),
    )
    return session.connection().execute(query).scalar() or ""


def _coming(session: Session, person_id: int, helpers: dict[int, Helper], now: datetime) -> tuple[ActivityView, ...]:
    following = queries.following(session, person_id, now)
    may_open = following is not None and (helper := helpers.get(following.cohort_id)) and helper.group is None
    return (following,) if following is not None and may_open else ()


def _step(at: datetime) -> int:
    return int(at.timestamp() // HALF_DAY)


def _mac(secret: str, person_id: int, step: int) -> str:
    return codes.digest(secret, f"person:{person_id}:{step}").hex()[: rules.MAC_LENGTH]
