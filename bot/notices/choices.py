"""What an audience can be narrowed by in this cohort: its roles, groups, units, activities, earlier notices.

A button names a choice by its place in the list; whoever presses sends the place back, and it is looked up anew.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col
from sqlmodel import select as find

from bot.changes import reading as changes
from bot.changes.models import Announcement
from bot.errors import Gone
from bot.forum import service as forum
from bot.i18n import Translator
from bot.notices import audiences, queries
from bot.notices.audiences import find_audience, read_criteria
from bot.notices.drafting import parts_of
from bot.notices.messages.audience import ROLES, Choice, Chooser, role_label
from bot.notices.messages.wording import headline
from bot.notices.models import Notice
from bot.people import listing, roles
from bot.people import service as people
from bot.timetable import service as timetable

KINDS = ("role", "group", "unit", "absent", "unseen", "unanswered", "change", "budget", "forum")
LATELY = timedelta(days=2)
NOTICES = 16


def chooser_of(session: Session, notice: Notice, t: Translator, now: datetime) -> Chooser:
    """The audience as it is chosen so far."""
    criteria = read_criteria(notice)
    labels = {
        choice.criterion: choice
        for kind in dict.fromkeys(kind for kind, _ in criteria)
        for choice in choices_of(session, notice, kind, t, now)
    }
    chosen = [labels.get(criterion) or Choice(criterion, criterion[1]) for criterion in criteria]
    return Chooser(notice, find_audience(session, notice.cohort_id, criteria, now), chosen, KINDS)


def choices_of(session: Session, notice: Notice, kind: str, t: Translator, now: datetime) -> Sequence[Choice]:
    """What can be chosen of one kind; raises Gone for a kind that does not exist."""
    cohort_id = notice.cohort_id
    if kind == "role":
        return [Choice((kind, role), role_label(role, t)) for role in ROLES]
    if kind == "group":
        named = [group.name for group in listing.groups_of(session, cohort_id) if group.name]
        return [Choice((kind, name), name) for name in named]
    if kind == "unit":
        return [Choice((kind, name), name) for name in roles.units_of(session, cohort_id)]
    if kind == "absent":
        return _activities(session, cohort_id, now)
    if kind in ("unseen", "unanswered"):
        return _notices(session, cohort_id, kind, t)
    if kind == "change":
        return _changes(session, cohort_id)
    if kind == "forum":
        return _forums(session, cohort_id, now)
    if kind == "budget":
        return [Choice((kind, audiences.HALF), t.plain("more than half of it"))]
    raise Gone


def choice_at(session: Session, notice: Notice, kind: str, index: int, t: Translator, now: datetime) -> Choice:
    """The choice at that place; raises Gone where the list has changed since."""
    choices = choices_of(session, notice, kind, t, now)
    if not 0 <= index < len(choices):
        raise Gone
    return choices[index]


def _activities(session: Session, cohort_id: int, now: datetime) -> Sequence[Choice]:
    """What lies about now, the nearest first."""
    zone = ZoneInfo(people.get_cohort(session, cohort_id).time_zone)
    around = [one for one in timetable.activities_of(session, cohort_id) if abs(one.starts_at - now) <= LATELY]
    nearest = sorted(around, key=lambda one: abs(one.starts_at - now))
    return [
        Choice(("absent", str(one.id)), f"{one.starts_at.astimezone(zone):%m-%d %H:%M} {one.title}") for one in nearest
    ]


def _changes(session: Session, cohort_id: int) -> Sequence[Choice]:
    zone = ZoneInfo(people.get_cohort(session, cohort_id).time_zone)
    found = changes.sent(session, cohort_id, NOTICES)
    return [Choice(("change", str(one.id)), _titles(session, one, zone)) for one in found]


def _forums(session: Session, cohort_id: int, now: datetime) -> Sequence[Choice]:
    """The forums that people have been able to sign up to, by when they are."""
    found = [one for one in forum.views_of(session, cohort_id, now) if one.status is not forum.CallStatus.DRAFT]
    return [
        Choice(("forum", str(one.id)), f"{one.starts_at.astimezone(ZoneInfo(one.time_zone)):%m-%d %H:%M} {one.title}")
        for one in found
    ]


def _titles(session: Session, announcement: Announcement, zone: ZoneInfo) -> str:
    titles = [one.after.title for one in changes.recorded(session, announcement.id or 0)]
    at = announcement.settled_at or announcement.opened_at
    return f"{at.astimezone(zone):%m-%d %H:%M} " + " ".join(titles)


def _notices(session: Session, cohort_id: int, kind: str, t: Translator) -> Sequence[Choice]:
    query = find(Notice).where(Notice.cohort_id == cohort_id, col(Notice.started_at).is_not(None))
    found = session.exec(query.order_by(col(Notice.id).desc()).limit(NOTICES)).all()
    return [
        Choice((kind, str(one.id)), headline(list(parts_of(session, one.id or 0)), t))
        for one in found
        if _can_tell(session, one, kind)
    ]


def _can_tell(session: Session, notice: Notice, kind: str) -> bool:
    asked = bool(queries.options_of(session, notice.id or 0))
    return asked if kind == "unanswered" else notice.wants_seen or asked
