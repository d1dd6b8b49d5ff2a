"""Walk-ins: somebody without a place on the roster is noted at the desk, and a coordinator says later who that is.

A noted walk-in is no attendance yet. It becomes one when it is found to be somebody of the roster, or is enrolled; it
expires after two days, so that no ghost stays in a list. Nothing is deleted: the row keeps how it ended.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import insert, select, update
from sqlmodel import Session

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.checkin import policies, queries, rules
from bot.checkin.attendees import activity_of
from bot.checkin.models import Method, Way
from bot.checkin.outcomes import ActivityCancelled, ActivityView
from bot.checkin.queries import ATTENDANCE, MEMBERSHIP, PERSON
from bot.checkin.walk_in_views import WALK_IN, WalkInView, read, view, waiting
from bot.database import insert_missing
from bot.errors import Gone, Refusal
from bot.people import access, enrolling
from bot.people import service as people
from bot.people.models import Role
from bot.people.roster_cells import Damage, read_phone
from bot.people.roster_shapes import Roster, RosterEntry
from bot.people.rules import LONGEST_NAME, clean_title
from bot.people.service import Speaker

EXPIRES_AFTER = timedelta(hours=48)


class Ending(StrEnum):
    """How a walk-in ended; empty while it waits."""

    MERGED = "merged"
    ENROLLED = "enrolled"
    DROPPED = "dropped"
    EXPIRED = "expired"


class NotAName(Refusal):
    """Please send a name of at most 60 characters, and perhaps a phone number after it."""


class WalkInSettled(Refusal):
    """This walk-in has already been settled, or has expired."""


class NamesakeOnRoster(Refusal):
    """Somebody of that name is on the roster already. Choose them, or note this one under a name that differs."""


class TooEarlyForWalkIns(Refusal):
    """Walk-ins are noted once the check-in of the activity may open."""


class Settled(Struct, frozen=True):
    """How a walk-in ended, and as whom; ``recorded`` says that an attendance was written."""

    walk_in: WalkInView
    ending: Ending
    name: str = ""
    recorded: bool = False


def add_walk_in(
    session: Session, *, speaker: Speaker | None, activity_id: int, name: str, phone: str = "", now: datetime
) -> WalkInView:
    """Note somebody who has come; the same name at the same activity once more is the same walk-in.

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker does not coordinate its cohort.
        NotAName, ActivityCancelled, TooEarlyForWalkIns: nobody can be noted so.
    """
    activity = activity_of(session, activity_id)
    coordinator = access.require_coordinator(session, speaker, activity.cohort_id)
    name = clean_title(name)
    if not 0 < len(name) <= LONGEST_NAME:
        raise NotAName
    _require_time(session, activity, now)
    known = session.connection().execute(waiting().where(WALK_IN.c.activity_id == activity.id)).all()
    same = next((row for row in known if row.walk_name == name and (row.walk_phone or "") == phone), None)
    if same is not None:
        return view(session, same)
    values = {
        "activity_id": activity.id,
        "name": name,
        "phone": phone or None,
        "arrived_at": now,
        "added_by": coordinator.person_id,
        "expires_at": now + EXPIRES_AFTER,
        "outcome": "",
    }
    number = int(session.connection().execute(insert(WALK_IN).values(values).returning(WALK_IN.c.id)).scalar_one())
    _log(session, activity, number, coordinator.actor, now, "note")
    return read(session, number)


def read_walk_in(text: str) -> tuple[str, str]:
    """A name, and the phone number after it where there is one; both empty where there is no name."""
    words = text.split()
    for size in (4, 3, 2, 1):
        phone = read_phone(" ".join(words[-size:])) if len(words) > size else None
        if isinstance(phone, str) and not isinstance(phone, Damage):
            return clean_title(" ".join(words[:-size])), phone
    return clean_title(text), ""


def show_walk_in(session: Session, *, speaker: Speaker | None, walk_in_id: int) -> WalkInView:
    """One walk-in, for a coordinator.

    Raises:
        Gone: there is none.
        NotAllowed: the speaker does not coordinate its cohort.
    """
    found = read(session, walk_in_id)
    access.require_coordinator(session, speaker, found.activity.cohort_id)
    return found


def merge_walk_in(
    session: Session, *, speaker: Speaker | None, walk_in_id: int, person_id: int, now: datetime
) -> Settled:
    """Say that a walk-in is somebody of the roster, and record them as of the hour at the desk.

    Raises:
        Gone: there is no such walk-in, or no such trainee in its cohort.
        NotAllowed: the speaker does not coordinate its cohort.
        WalkInSettled: it does not wait any more.
    """
    found, coordinator = _require_waiting(session, speaker, walk_in_id)
    if Role.TRAINEE not in access.roles_in(session, person_id, found.activity.cohort_id):
        raise Gone
    return _settle(session, found, Ending.MERGED, person_id, coordinator, now)


def enrol_walk_in(session: Session, *, speaker: Speaker | None, walk_in_id: int, now: datetime) -> Settled:
    """Put a walk-in on the roster of the cohort, and record them as of the hour at the desk.

    Whoever the office knows by that phone number becomes that person, nobody is made twice.

    Raises:
        Gone, NotAllowed, WalkInSettled: as for ``merge_walk_in``.
        NamesakeOnRoster: nobody could tell the two apart; nothing was written.
    """
    found, coordinator = _require_waiting(session, speaker, walk_in_id)
    if any(one.name.casefold() == found.name.casefold() for one in found.likely):
        raise NamesakeOnRoster
    cohort = people.get_cohort(session, found.activity.cohort_id)
    entry = RosterEntry(1, found.name, found.phone or None)
    roster = Roster("", (entry,), (), (), ())
    plan = enrolling.plan_roster(session, cohort=cohort, roster=roster)
    if plan.diff.questions:
        plan = enrolling.plan_roster(session, cohort=cohort, roster=roster, answers={1: enrolling.NEW})
    enrolling.carry_out(session, cohort=cohort, plan=plan, actor=coordinator.actor, now=now)
    return _settle(session, found, Ending.ENROLLED, _newest(session, found), coordinator, now)


def drop_walk_in(session: Session, *, speaker: Speaker | None, walk_in_id: int, now: datetime) -> Settled:
    """Say that a walk-in is nobody of ours.

    Raises:
        Gone, NotAllowed, WalkInSettled: as for ``merge_walk_in``.
    """
    found, coordinator = _require_waiting(session, speaker, walk_in_id)
    _end(session, found, Ending.DROPPED, None, now)
    _log(session, found.activity, found.id, coordinator.actor, now, Ending.DROPPED)
    return Settled(found, Ending.DROPPED)


def expire_walk_ins(session: Session, *, now: datetime, limit: int = 200) -> int:
    """End what nobody has settled in time; how many."""
    rows = session.connection().execute(waiting().where(WALK_IN.c.expires_at <= now).limit(limit)).all()
    for row in rows:
        found = view(session, row)
        _end(session, found, Ending.EXPIRED, None, now)
        _log(session, found.activity, found.id, Actor(name="schedule"), now, Ending.EXPIRED)
    return len(rows)


def _require_time(session: Session, activity: ActivityView, now: datetime) -> None:
    row = queries.activity(session, activity.id)
    if row is None or row.cancelled_at is not None:
        raise ActivityCancelled
    if now < rules.opens_at(activity.starts_at, policies.policy_of(session, activity)):
        raise TooEarlyForWalkIns


def _require_waiting(session: Session, speaker: Speaker | None, walk_in_id: int) -> tuple[WalkInView, Speaker]:
    found = read(session, walk_in_id)
    coordinator = access.require_coordinator(session, speaker, found.activity.cohort_id)
    if found.ending:
        raise WalkInSettled
    return found, coordinator


def _newest(session: Session, found: WalkInView) -> int:
    """The trainee whom the roster now has for the walk-in: by phone where there is one, else the latest of the name."""
    is_it = PERSON.c.phone == found.phone if found.phone else PERSON.c.name == found.name
    query = (
        select(PERSON.c.id)
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .where(
            MEMBERSHIP.c.cohort_id == found.activity.cohort_id,
            MEMBERSHIP.c.role == Role.TRAINEE,
            MEMBERSHIP.c.left_at.is_(None),
            is_it,
        )
        .order_by(MEMBERSHIP.c.joined_at.desc(), MEMBERSHIP.c.id.desc())
    )
    return int(session.connection().execute(query).scalars().first() or 0)


def _settle(
    session: Session, found: WalkInView, ending: Ending, person_id: int, coordinator: Speaker, now: datetime
) -> Settled:
    row = {
        "activity_id": found.activity.id,
        "person_id": person_id,
        "arrived_at": found.arrived_at,
        "method": Method.HAND.value,
        "way": Way.DESK.value,
        "marked_by": coordinator.person_id,
        "recorded_at": now,
    }
    queries.connect(session)
    recorded = insert_missing(session, ATTENDANCE, [row]) == 1
    if recorded:
        after = {"arrived_at": found.arrived_at, "way": Way.DESK}
        _log(session, found.activity, found.activity.id, coordinator.actor, now, "arrive", person_id, after)
    _end(session, found, ending, person_id, now)
    _log(session, found.activity, found.id, coordinator.actor, now, ending, person_id)
    return Settled(found, ending, people.get_person(session, person_id).name, recorded)


def _end(session: Session, found: WalkInView, ending: Ending, person_id: int | None, now: datetime) -> None:
    values = {"outcome": ending.value, "person_id": person_id, "settled_at": now}
    session.connection().execute(update(WALK_IN).where(WALK_IN.c.id == found.id).values(values))


def _log(
    session: Session,
    activity: ActivityView,
    number: int,
    actor: Actor,
    now: datetime,
    action: str,
    person_id: int | None = None,
    arrival: dict[str, object] | None = None,
) -> None:
    audit.record(
        session,
        audit.entry(
            actor=actor,
            now=now,
            action=action,
            subject="attendance" if arrival else "walk_in",
            subject_id=number,
            cohort_id=activity.cohort_id,
            person_id=person_id,
            after=arrival or {"activity": activity.id},
        ),
    )
