"""Starting a notice and steering it: its recipients frozen, paused, gone on with, cancelled, corrected, recalled.

Decides what each copy's state is to be; ``dispatch`` carries it to the outbox. No update and no clock in here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select, update
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.database import insert_missing
from bot.errors import Refusal
from bot.ids import PersonId
from bot.notices import drafting, rules
from bot.notices.audiences import Listener, read_criteria
from bot.notices.models import Amendment, Notice, Part, Post, Recipient, Repeat, Room, State, Status
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
HAS_IT = (State.SENT, State.UNKNOWN)
AT_ONCE = 500


class CannotGo(Refusal):
    """This notice cannot be sent as it is. Please look at the points on its screen."""


class NeedsReason(Refusal):
    """This week has already had enough notices. Please say why one more must go."""


class CampEnded(Refusal):
    """The camp of this notice has ended. Keep it as a template to use it in another."""


class PastTime(Refusal):
    """That time has already passed."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many copies are in each state, and how many have been seen and answered."""

    states: dict[str, int]
    held: int
    seen: int
    answered: int

    @property
    def total(self) -> int:
        """All recipients, as frozen at the start."""
        return sum(self.states.values())

    @property
    def open(self) -> int:
        """Copies of which nothing is known yet."""
        return rules.counted(self.states, State.WAITING, State.QUEUED)

    def of(self, *states: State) -> int:
        """How many copies are in one of these states."""
        return rules.counted(self.states, *states)


def foresee(session: Session, notice: Notice, now: datetime) -> Outlook:
    """What sending the notice now would mean."""
    held = 0 if notice.is_urgent else len(_quiet_now(session, notice, now))
    rooms = session.connection().execute(select(func.count()).where(POST.c.notice_id == notice.id)).scalar_one()
    return overlook(session, notice, held=held, rooms=rooms, now=now)


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
    outlook = _require_ready(session, notice, now)
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
    _require_ready(session, notice, now)
    notice.status, notice.starts_at = Status.SCHEDULED, at
    session.add(notice)
    drafting.log(session, notice, speaker, "schedule", now, after={"at": at}, reason=notice.reason)


def unschedule(session: Session, notice: Notice, speaker: Speaker, now: datetime) -> None:
    """Make a scheduled notice a draft again."""
    drafting.log(session, notice, speaker, "unschedule", now, before={"at": notice.starts_at})
    notice.status, notice.starts_at = Status.DRAFT, None
    session.add(notice)


def _require_ready(session: Session, notice: Notice, now: datetime) -> Outlook:
    cohort = people.get_cohort(session, notice.cohort_id)
    if (people.local_day(cohort, now) - cohort.ends_on).days > drafting.AFTER_CAMP.days:
        raise CampEnded
    outlook = foresee(session, notice, now)
    if not outlook.can_go:
        raise CannotGo
    if outlook.needs_reason and not notice.is_urgent:
        raise NeedsReason
    return outlook


def due(session: Session, now: datetime, limit: int) -> Sequence[Notice]:
    """The scheduled notices whose hour has come."""
    query = find(Notice).where(Notice.status == Status.SCHEDULED, col(Notice.starts_at) <= now)
    return session.exec(query.order_by(col(Notice.starts_at)).limit(limit)).all()


def start_scheduled(session: Session, notice: Notice, now: datetime) -> Outlook | None:
    """Start a scheduled notice; ``None`` where it may no longer go, and is a draft again.

    That is so when its author is no coordinator any more, the camp has ended, or nobody would get it.
    """
    author = people.get_person(session, notice.author_id)
    speaker = Speaker(PersonId(notice.author_id), author.telegram_id or 0, author.name, author.language)
    still = Role.COORDINATOR in access.roles_in(session, notice.author_id, notice.cohort_id)
    try:
        if not still and not is_operators(session, notice):
            raise CannotGo
        outlook = _require_ready(session, notice, now)
    except Refusal:
        notice.status, notice.starts_at = Status.DRAFT, None
        session.add(notice)
        return None
    _repeat(session, notice, now)
    _start(session, notice, outlook, now)
    drafting.log(session, notice, speaker, "send", now, after={"people": len(outlook.audience.reached)})
    return outlook


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
    copy = drafting.copy_notice(session, notice, author_id=notice.author_id, chat_id=notice.author_chat, now=now)
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


def pause(session: Session, notice: Notice, speaker: Speaker, now: datetime) -> bool:
    """Hold back what has not gone; whether it was under way."""
    return _switch(session, notice, Status.SENDING, Status.PAUSED, "pause", speaker, now)


def go_on(session: Session, notice: Notice, speaker: Speaker, now: datetime) -> bool:
    """Go on with a paused notice; whether it was paused."""
    return _switch(session, notice, Status.PAUSED, Status.SENDING, "resume", speaker, now)


def cancel(session: Session, notice: Notice, speaker: Speaker, now: datetime) -> bool:
    """Send nothing more of it; whether anything could still be kept back. What is on its way arrives."""
    if notice.status not in (Status.SENDING, Status.PAUSED):
        return False
    for table, columns in ((RECIPIENT, {"settled_at": now}), (POST, {"settled_at": now})):
        statement = update(table).where(table.c.notice_id == notice.id, table.c.state == State.WAITING)
        session.execute(statement.values(state=State.CANCELLED, **columns))
    notice.status = Status.CANCELLED
    session.add(notice)
    drafting.log(session, notice, speaker, "cancel", now)
    return True


def _switch(
    session: Session, notice: Notice, before: Status, after: Status, action: str, speaker: Speaker, now: datetime
) -> bool:
    if notice.status != before:
        return False
    notice.status = after
    session.add(notice)
    drafting.log(session, notice, speaker, action, now)
    return True


def correct(session: Session, notice: Notice, *, text: str, why: str, speaker: Speaker, now: datetime) -> None:
    """Give the notice's first words another wording for everybody who has it, and for everybody who will get it.

    Raises:
        Gone: it has no words to correct.
        CannotGo: the new text would be too long for somebody.
    """
    before = next((part.text for part in drafting.parts_of(session, notice.id or 0) if part.text), "")
    part = drafting.word_in(session, notice, language="", text=text)
    _drop_versions(session, part)
    notice.revision, notice.correction = notice.revision + 1, why
    if foresee(session, notice, now).overflows:
        raise CannotGo
    _reopen(session, notice)
    drafting.log(session, notice, speaker, "correct", now, before={"text": before}, after={"text": text}, reason=why)


def _drop_versions(session: Session, part: Part) -> None:
    """A corrected text is corrected in every language: an old version in another would say what is wrong."""
    parts = Part.__table__  # type: ignore[attr-defined]
    session.execute(
        parts.delete().where(
            parts.c.notice_id == part.notice_id, parts.c.position == part.position, parts.c.language != ""
        )
    )
    session.expire_all()


def recall(session: Session, notice: Notice, speaker: Speaker, now: datetime) -> bool:
    """Take the notice back from everybody who has it; ``False`` where that was asked already."""
    if notice.recalled_at is not None or notice.started_at is None:
        return False
    cancel(session, notice, speaker, now)
    notice.recalled_at, notice.revision = now, notice.revision + 1
    _reopen(session, notice)
    drafting.log(session, notice, speaker, "recall", now)
    return True


def _reopen(session: Session, notice: Notice) -> None:
    if notice.status == Status.DONE:
        notice.status = Status.SENDING
    notice.reported_at = None
    session.add(notice)
    session.flush()


def counts(session: Session, notice_id: int, now: datetime) -> Counts:
    """How far a notice is."""
    query = (
        select(
            RECIPIENT.c.state,
            func.count().label("n"),
            func.count(RECIPIENT.c.seen_at).label("seen"),
            func.count(RECIPIENT.c.answered_at).label("answered"),
        )
        .where(RECIPIENT.c.notice_id == notice_id)
        .group_by(RECIPIENT.c.state)
    )
    rows = session.connection().execute(query).all()
    held = select(func.count()).where(
        and_(RECIPIENT.c.notice_id == notice_id, RECIPIENT.c.state == State.WAITING, RECIPIENT.c.due_at > now)
    )
    return Counts(
        {row.state: row.n for row in rows},
        session.connection().execute(held).scalar_one(),
        sum(row.seen for row in rows),
        sum(row.answered for row in rows),
    )


def remind(session: Session, notice: Notice, *, speaker: Speaker, chat_id: int, now: datetime) -> Notice:
    """A draft of the same words for those who have not answered it, or not seen it where nothing was asked."""
    copy = drafting.copy_notice(session, notice, author_id=speaker.person_id, chat_id=chat_id, now=now)
    asked = any(json.loads(part.options) for part in drafting.parts_of(session, notice.id or 0))
    copy.audience = json.dumps([*read_criteria(notice), ("unanswered" if asked else "unseen", str(notice.id))])
    copy.wants_seen = notice.wants_seen
    session.add(copy)
    session.flush()
    return copy
