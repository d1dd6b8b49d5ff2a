"""Calendar addresses and what is read at them: made, shown, revoked. The only writer of the table.

An address is derived from its row's number and a secret of the installation, so that it can be shown again without
being kept. It shows its owner's own activities and nothing else of anybody.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot import codes
from bot.audit import service as audit
from bot.audit.models import Change
from bot.calendars.models import CalendarFeed
from bot.calendars.rules import ALARM_MINUTES, Agenda, Entry, is_kept, is_own
from bot.errors import Gone, NotLinked
from bot.ids import ActivityId
from bot.people import access
from bot.people import service as people
from bot.people.models import Cohort, Membership
from bot.people.service import Speaker
from bot.timetable.models import Activity

SECRET = "calendar"  # noqa: S105 - the name of a key
TOKEN_LENGTH = 32
CHANGE = Change.__table__  # type: ignore[attr-defined]


AlarmsOf = Callable[[Session, int], Callable[[str], int]]
"""``(session, cohort_id)`` gives how many minutes before an activity of a kind a calendar rings."""


def usual_alarms(session: Session, cohort_id: int) -> Callable[[str], int]:
    """A quarter of an hour before everything."""
    return lambda kind: ALARM_MINUTES


class FeedFault(StrEnum):
    """Why nothing can be read at an address."""

    UNKNOWN = "unknown"
    REVOKED = "revoked"


class Calendar(Struct, frozen=True):
    """A person's calendar of one camp, as its screen shows it; ``since`` is when the present address was made."""

    cohort: Cohort
    activities: int
    since: datetime | None


def show_calendar(session: Session, *, cohort_id: int, speaker: Speaker | None, now: datetime) -> Calendar:
    """What somebody of the camp sees before choosing between a file and an address."""
    speaker = require_member(session, speaker, cohort_id)
    cohort = people.get_cohort(session, cohort_id)
    feed = _standing(session, speaker.person_id)
    entries = _entries(session, cohort, speaker.person_id, speaker.name)
    return Calendar(
        cohort, sum(not entry.is_cancelled for entry in entries), feed.created_at if feed is not None else None
    )


def open_feed(session: Session, *, speaker: Speaker | None, language: str, now: datetime) -> CalendarFeed:
    """The person's address, made where there is none."""
    speaker = require_linked(speaker)
    feed = _standing(session, speaker.person_id)
    if feed is not None:
        return feed
    feed = CalendarFeed(person_id=speaker.person_id, language=language, created_at=now)
    feed.digest = ""
    session.add(feed)
    session.flush()
    feed.digest = codes.fingerprint(token_of(session, feed.id or 0))
    session.flush()
    _log(session, "open", feed, speaker, now)
    return feed


def revoke_feed(session: Session, *, speaker: Speaker | None, now: datetime) -> bool:
    """Make the person's address lead nowhere; whether there was one."""
    speaker = require_linked(speaker)
    feed = _standing(session, speaker.person_id)
    if feed is None:
        return False
    feed.revoked_at = now
    session.add(feed)
    session.flush()
    _log(session, "revoke", feed, speaker, now)
    return True


def token_of(session: Session, feed_id: int) -> str:
    """What stands in the address; never store or log it."""
    return codes.derive(people.secret(session, SECRET), f"feed:{feed_id}", TOKEN_LENGTH)


def feed_of(session: Session, token: str) -> CalendarFeed | FeedFault:
    """The feed at an address."""
    if not codes.is_code(token, TOKEN_LENGTH):
        return FeedFault.UNKNOWN
    query = find(CalendarFeed).where(CalendarFeed.digest == codes.fingerprint(codes.normalise(token)))
    feed = session.exec(query).first()
    if feed is None:
        return FeedFault.UNKNOWN
    return feed if feed.revoked_at is None else FeedFault.REVOKED


def agenda_of(
    session: Session,
    *,
    person_id: int,
    language: str,
    now: datetime,
    cohort_id: int | None = None,
    alarms_of: AlarmsOf = usual_alarms,
) -> Agenda:
    """A person's own activities, also the cancelled ones: of one camp, or of all that are still kept."""
    person = people.get_person(session, person_id)
    cohorts = [
        cohort
        for cohort in people.cohorts_of(session, person_id)
        if cohort_id in (None, cohort.id) and is_kept(cohort.ends_on, people.local_day(cohort, now))
    ]
    entries = [entry for cohort in cohorts for entry in _entries(session, cohort, person_id, person.name, alarms_of)]
    changed = [entry.changed_at for entry in entries] + [cohort.created_at for cohort in cohorts]
    changed += _own_changes(session, person_id)
    return Agenda(
        person_id,
        language,
        cohorts[0].name if cohort_id is not None and cohorts else "",
        tuple(sorted(entries, key=lambda entry: (entry.starts_at, entry.activity_id))),
        max(changed, default=now),
    )


def installation_key(session: Session) -> str:
    """What makes our UIDs differ from those of every other installation; the same for ever."""
    return codes.digest(people.secret(session, SECRET), "uid").hex()[:16]


def require_linked(speaker: Speaker | None) -> Speaker:
    """Let only a person of ours pass.

    Raises:
        NotLinked: the account belongs to nobody.
    """
    if speaker is None:
        raise NotLinked
    return speaker


def require_member(session: Session, speaker: Speaker | None, cohort_id: int) -> Speaker:
    """Let only somebody of the camp pass: a calendar is for those who have something in it.

    Raises:
        NotLinked: the account belongs to nobody.
        Gone: the person is not in this camp, or no longer.
    """
    speaker = require_linked(speaker)
    if not access.roles_in(session, speaker.person_id, cohort_id):
        raise Gone
    return speaker


def _standing(session: Session, person_id: int) -> CalendarFeed | None:
    query = find(CalendarFeed).where(CalendarFeed.person_id == person_id, col(CalendarFeed.revoked_at).is_(None))
    return session.exec(query.order_by(col(CalendarFeed.id).desc())).first()


def _entries(
    session: Session, cohort: Cohort, person_id: int, name: str, alarms_of: AlarmsOf = usual_alarms
) -> list[Entry]:
    roles = access.roles_in(session, person_id, cohort.id or 0)
    groups = _groups(session, cohort.id or 0, person_id)
    activities = session.exec(find(Activity).where(Activity.cohort_id == cohort.id)).all()
    own = [one for one in activities if is_own(one.group_name, one.speaker, name=name, roles=roles, groups=groups)]
    changed = _last_changes(session, [one.id or 0 for one in own])
    alarm = alarms_of(session, cohort.id or 0)
    return [_entry(one, cohort, changed.get(one.id or 0, cohort.created_at), alarm(one.kind)) for one in own]


def _groups(session: Session, cohort_id: int, person_id: int) -> Sequence[str | None]:
    query = find(Membership.group_name).where(
        Membership.cohort_id == cohort_id, Membership.person_id == person_id, col(Membership.left_at).is_(None)
    )
    return session.exec(query).all()


def _last_changes(session: Session, activity_ids: Sequence[int]) -> Mapping[int, datetime]:
    """When each activity was last changed, as the change log has it."""
    query = (
        select(CHANGE.c.subject_id, func.max(CHANGE.c.at).label("at"))
        .where(CHANGE.c.subject == "activity", CHANGE.c.subject_id.in_(activity_ids))
        .group_by(CHANGE.c.subject_id)
    )
    return {row.subject_id: row.at for row in session.connection().execute(query)}


def _own_changes(session: Session, person_id: int) -> list[datetime]:
    """When the person last joined, left or was put into another group."""
    query = select(func.max(CHANGE.c.at)).where(CHANGE.c.person_id == person_id)
    at = session.connection().execute(query).scalar()
    return [at] if at is not None else []


def _entry(activity: Activity, cohort: Cohort, changed_at: datetime, alarm_minutes: int) -> Entry:
    return Entry(
        ActivityId(activity.id or 0),
        activity.starts_at,
        activity.ends_at,
        cohort.time_zone,
        activity.title,
        activity.kind,
        activity.speaker,
        activity.place,
        activity.notes,
        cohort.name,
        activity.version,
        changed_at,
        activity.cancelled_at is not None,
        alarm_minutes,
    )


def _log(session: Session, action: str, feed: CalendarFeed, speaker: Speaker, now: datetime) -> None:
    audit.record(
        session,
        audit.entry(
            actor=speaker.actor,
            now=now,
            action=action,
            subject="calendar",
            subject_id=feed.id or 0,
            person_id=feed.person_id,
        ),
    )
