"""Starting a notice: whether it may go, when, and to whom, frozen then. ``dispatch`` carries it to the outbox."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.database import insert_missing
from bot.errors import Refusal
from bot.ids import PersonId
from bot.notices import drafting, pieces, rules, templates
from bot.notices.audiences import Listener
from bot.notices.models import Amendment, Notice, Post, Recipient, Repeat, Room, State, Status
from bot.notices.outlook import Outlook, overlook
from bot.people import access
from bot.people import service as people
from bot.people.models import Role
from bot.people.service import Speaker
from bot.preferences import rules as quiet
from bot.preferences import service as preferences

RECIPIENT = Recipient.__table__  # type: ignore[attr-defined]
POST = Post.__table__  # type: ignore[attr-defined]
ROOM = Room.__table__  # type: ignore[attr-defined]
AT_ONCE = 500


class CannotGo(Refusal):
    """This notice cannot be sent as it is. Please look at the points on its screen."""


class NeedsReason(Refusal):
    """This week has already had enough notices. Please say why one more must go."""


class CampEnded(Refusal):
    """The camp of this notice has ended. Keep it as a template to use it in another."""


class PastTime(Refusal):
    """That time has already passed."""


class NotStarted(StrEnum):
    """Why a scheduled notice did not go."""

    AUTHOR = "author"
    ENDED = "ended"
    EMPTY = "empty"
    NOBODY = "nobody"
    TOO_LONG = "too_long"


def foresee(session: Session, notice: Notice, now: datetime) -> Outlook:
    """What sending the notice would mean: at its hour where it has one, else now."""
    at = max(now, notice.starts_at or now)
    quiet = {} if notice.is_urgent else _quiet_now(session, notice, at)
    rooms = session.connection().execute(select(func.count()).where(POST.c.notice_id == notice.id)).scalar_one()
    return overlook(session, notice, quiet=quiet, rooms=rooms, at=at)


def _quiet_now(session: Session, notice: Notice, now: datetime) -> dict[int, datetime]:
    """Until when those stay undisturbed who are in their quiet hours."""
    zone = ZoneInfo(people.get_cohort(session, notice.cohort_id).time_zone)
    hours = preferences.quiet_hours_in(session, notice.cohort_id)
    until = {person_id: quiet.quiet_until(one, zone, now) for person_id, one in hours.items()}
    return {person_id: at for person_id, at in until.items() if at is not None}


def send_now(session: Session, notice: Notice, speaker: Speaker, now: datetime) -> Outlook:
    """Start a notice at once.

    Raises:
        CampEnded, CannotGo, NeedsReason: it may not go as it is; nothing was written.
    """
    pieces.close_album(session, notice)
    outlook = _require_ready(session, notice, now)
    notice.author_id = speaker.person_id
    _start(session, notice, outlook, now)
    drafting.log(
        session, notice, speaker, "send", now, after={"people": len(outlook.audience.reached)}, reason=notice.reason
    )
    return outlook


def schedule(session: Session, notice: Notice, at: datetime, speaker: Speaker, now: datetime) -> None:
    """Start a notice later; who is its audience then is found then.

    Raises:
        CampEnded, CannotGo, NeedsReason, PastTime: it may not go as it is, or not then.
    """
    if at <= now:
        raise PastTime
    pieces.close_album(session, notice)
    _require_ready(session, notice, at)
    notice.status, notice.starts_at, notice.author_id = Status.SCHEDULED, at, speaker.person_id
    session.add(notice)
    drafting.log(session, notice, speaker, "schedule", now, after={"at": at}, reason=notice.reason)


def unschedule(session: Session, notice: Notice, speaker: Speaker, now: datetime) -> None:
    """Make a scheduled notice a draft again."""
    drafting.log(session, notice, speaker, "unschedule", now, before={"at": notice.starts_at})
    notice.status, notice.starts_at = Status.DRAFT, None
    session.add(notice)


def _require_ready(session: Session, notice: Notice, at: datetime) -> Outlook:
    if _is_over(session, notice, at):
        raise CampEnded
    outlook = foresee(session, notice, at)
    if not outlook.can_go:
        raise CannotGo
    if outlook.needs_reason:
        raise NeedsReason
    return outlook


def _is_over(session: Session, notice: Notice, at: datetime) -> bool:
    cohort = people.get_cohort(session, notice.cohort_id)
    return people.local_day(cohort, at) > cohort.ends_on + drafting.AFTER_CAMP


def due(session: Session, now: datetime, limit: int) -> Sequence[Notice]:
    """The scheduled notices whose hour has come."""
    query = find(Notice).where(Notice.status == Status.SCHEDULED, col(Notice.starts_at) <= now)
    return session.exec(query.order_by(col(Notice.starts_at)).limit(limit)).all()


def start_scheduled(session: Session, notice: Notice, now: datetime) -> Outlook | NotStarted:
    """Start a scheduled notice, or say why it may no longer go; it is a draft again then.

    The week's measure was agreed upon when it was scheduled, so it is not asked for again.
    """
    outlook = foresee(session, notice, now)
    hindrance = _hindrance(session, notice, outlook, now)
    if hindrance is not None:
        notice.status, notice.starts_at = Status.DRAFT, None
        session.add(notice)
        return hindrance
    author = people.get_person(session, notice.author_id)
    speaker = Speaker(PersonId(notice.author_id), author.telegram_id or 0, author.name, author.language)
    _repeat(session, notice, now)
    _start(session, notice, outlook, now)
    after = {"people": len(outlook.audience.reached)}
    drafting.log(session, notice, speaker, "send", now, after=after, reason=notice.reason)
    return outlook


def _hindrance(session: Session, notice: Notice, outlook: Outlook, now: datetime) -> NotStarted | None:
    still = Role.COORDINATOR in access.roles_in(session, notice.author_id, notice.cohort_id)
    if not still and not is_operators(session, notice):
        return NotStarted.AUTHOR
    if _is_over(session, notice, now):
        return NotStarted.ENDED
    if not outlook.parts:
        return NotStarted.EMPTY
    if outlook.overflows:
        return NotStarted.TOO_LONG
    return None if outlook.can_go else NotStarted.NOBODY


def is_operators(session: Session, notice: Notice) -> bool:
    """Whether the author never had a role in the cohort: then an operator wrote it."""
    members = people.MEMBERSHIP
    query = select(members.c.id).where(members.c.person_id == notice.author_id, members.c.cohort_id == notice.cohort_id)
    return session.connection().execute(query).first() is None


def _repeat(session: Session, notice: Notice, now: datetime) -> None:
    """Plan the next of a notice that comes again, at the same local time."""
    if notice.repeat == Repeat.NO or notice.starts_at is None:
        return
    zone = ZoneInfo(people.get_cohort(session, notice.cohort_id).time_zone)
    following = rules.following(notice.starts_at, 7 if notice.repeat == Repeat.WEEKLY else 1, zone, now)
    if notice.repeat_until is not None and following.astimezone(zone).date() > notice.repeat_until:
        return
    copy = templates.copy_notice(session, notice, author_id=notice.author_id, chat_id=notice.author_chat, now=now)
    copy.status, copy.starts_at, copy.reason = Status.SCHEDULED, following, notice.reason
    copy.repeat, copy.repeat_until = notice.repeat, notice.repeat_until
    session.add(copy)


def _start(session: Session, notice: Notice, outlook: Outlook, now: datetime) -> None:
    """Freeze the recipients."""
    waits = {} if notice.is_urgent else _quiet_now(session, notice, now)
    spared = set() if notice.is_urgent else _spared(session, notice, now)
    rows = [
        _recipient(notice, one, waits.get(one.person_id), one.person_id in spared, now)
        for one in outlook.audience.reached
    ]
    for first in range(0, len(rows), AT_ONCE):
        insert_missing(session, RECIPIENT, rows[first : first + AT_ONCE])
    notice.status, notice.started_at, notice.starts_at = Status.SENDING, now, notice.starts_at or now
    session.add(notice)
    session.flush()


def _spared(session: Session, notice: Notice, now: datetime) -> set[int]:
    query = preferences.paused(notice.cohort_id, preferences.Topic.NOTICE, now)
    return set(session.connection().execute(query).scalars())


def _recipient(
    notice: Notice, one: Listener, due_at: datetime | None, is_spared: bool, now: datetime
) -> dict[str, Any]:
    return {
        "notice_id": notice.id,
        "person_id": one.person_id,
        "telegram_id": one.telegram_id,
        "language": one.language,
        "state": State.SPARED if is_spared else State.WAITING,
        "due_at": due_at,
        "settled_at": now if is_spared else None,
        "error": "",
        "numbers": "[]",
        "revision": 0,
        "amendment": Amendment.NONE,
    }
