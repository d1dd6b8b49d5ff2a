"""What sending a notice now would mean: whom it reaches, what it costs, what does not fit. Writes nothing."""

from collections.abc import Container, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot import i18n
from bot.notices import rules
from bot.notices.audiences import Audience, Listener, find_audience, find_listeners, read_criteria
from bot.notices.drafting import languages_of, parts_of
from bot.notices.habits import manners_of
from bot.notices.messages import copies
from bot.notices.models import Notice, Part, Status
from bot.notices.rules import Known
from bot.people import service as people
from bot.people.models import Person
from bot.timetable import service as timetable

NOTICE = Notice.__table__  # type: ignore[attr-defined]
NOTHING = Known("")
WEEK = timedelta(days=7)
Versions = Mapping[str, Sequence[Part]]


class Overflow(Struct, frozen=True):
    """A part that would be too long for somebody once its fields are filled."""

    position: int
    name: str
    length: int
    limit: int


class Gap(Struct, frozen=True):
    """A field that would be empty for some people."""

    field: str
    names: tuple[str, ...]


class Twin(Struct, frozen=True):
    """A notice of a colleague's that says nearly the same and is about as old."""

    notice_id: int
    author_id: int
    author: str
    at: datetime


class Outlook(Struct, frozen=True):
    """What sending a notice now would mean; ``this_week`` counts what the cohort has had, ``weekly`` what is enough."""

    notice: Notice
    parts: Sequence[Part]
    audience: Audience
    held: int
    this_week: int
    weekly: int
    overflows: Sequence[Overflow] = ()
    gaps: Sequence[Gap] = ()
    unknown_fields: Sequence[str] = ()
    twins: Sequence[Twin] = ()
    rooms: int = 0

    @property
    def needs_reason(self) -> bool:
        """Whether the week's measure is full and nobody has said yet why one more must go."""
        return self.this_week >= self.weekly and not self.notice.reason

    @property
    def can_go(self) -> bool:
        """Whether there is something to say, somebody to say it to, and all of it fits."""
        return bool(self.parts and (self.audience.reached or self.rooms)) and not self.overflows


def known_of_people(session: Session, notice: Notice, people_ids: Sequence[int], now: datetime) -> dict[int, Known]:
    """What the fields are filled with, for these people."""
    return known_of(session, notice, find_listeners(session, notice.cohort_id, people_ids), now)


def known_of(session: Session, notice: Notice, listeners: Sequence[Listener], now: datetime) -> dict[int, Known]:
    """What the fields are filled with, for each person."""
    zone = ZoneInfo(people.get_cohort(session, notice.cohort_id).time_zone)
    coming = [one for one in timetable.activities_of(session, notice.cohort_id) if one.starts_at > now]

    def following(group: str) -> str:
        found = next((one for one in coming if one.group_name in (None, "", group)), None)
        return f"{found.starts_at.astimezone(zone):%m-%d %H:%M} {found.title}" if found else ""

    by_group = {group: following(group) for group in {one.group for one in listeners}}
    return {one.person_id: Known(one.name, one.group, one.unit, by_group[one.group]) for one in listeners}


def overlook(session: Session, notice: Notice, *, quiet: Container[int], rooms: int, at: datetime) -> Outlook:
    """Say what sending the notice at this instant would mean; those in ``quiet`` are in their quiet hours."""
    audience = find_audience(session, notice.cohort_id, read_criteria(notice), at)
    parts = parts_of(session, notice.id or 0)
    outlook = Outlook(
        notice,
        parts,
        audience,
        sum(one.person_id in quiet for one in audience.reached),
        count_week(session, notice, at),
        manners_of(session, notice.cohort_id).weekly,
        rooms=rooms,
    )
    versions = versions_of(session, notice)
    known = known_where_needed(session, notice, versions, audience.reached, at)
    return replace(
        outlook,
        overflows=overflows(notice, versions, audience.reached, known),
        gaps=_gaps(parts, audience, known),
        unknown_fields=[word for part in parts for word in rules.unknown_fields(part.text)],
        twins=_twins(session, notice, parts, at),
    )


def versions_of(session: Session, notice: Notice) -> Versions:
    """The parts as readers of each language get them."""
    own, usual = languages_of(session, notice.id or 0), parts_of(session, notice.id or 0)
    return {
        language: parts_of(session, notice.id or 0, language) if language in own else usual
        for language in i18n.LANGUAGES
    }


def known_where_needed(
    session: Session, notice: Notice, versions: Versions, listeners: Sequence[Listener], now: datetime
) -> dict[int, Known]:
    """What the fields are filled with, for each person; without any fields there is nothing to know."""
    has_fields = any(rules.fields_in(part.text) for parts in versions.values() for part in parts)
    return known_of(session, notice, listeners, now) if has_fields else {}


def overflows(
    notice: Notice,
    versions: Versions,
    listeners: Sequence[Listener],
    known: Mapping[int, Known],
    correction: str | None = None,
) -> list[Overflow]:
    """The parts that would be too long for somebody, each with whom it is worst for."""
    found: dict[int, Overflow] = {}
    why = notice.correction if correction is None else correction
    measured: dict[tuple[str, Known], list[int]] = {}
    for one in listeners:
        parts, about = versions[one.language], known.get(one.person_id, NOTHING)
        lengths = measured.get((one.language, about))
        if lengths is None:
            t = i18n.translator(one.language)
            lengths = [copies.length_of(notice, parts, number, about, why, t) for number in range(len(parts))]
            measured[one.language, about] = lengths
        for part, length in zip(parts, lengths, strict=True):
            worst = found.get(part.position)
            if length > rules.limit_of(part.kind) and (worst is None or length > worst.length):
                found[part.position] = Overflow(part.position, one.name, length, rules.limit_of(part.kind))
    return list(found.values())


def _gaps(parts: Sequence[Part], audience: Audience, known: dict[int, Known]) -> list[Gap]:
    wanted = sorted({field for part in parts for field in rules.fields_in(part.text)})
    empty = {
        field: tuple(one.name for one in audience.reached if not known[one.person_id].of(field)) for field in wanted
    }
    return [Gap(field, names) for field, names in empty.items() if names]


def _twins(session: Session, notice: Notice, parts: Sequence[Part], now: datetime) -> list[Twin]:
    text = " ".join(part.text for part in parts)
    query = find(Notice, Person).where(
        Notice.cohort_id == notice.cohort_id,
        Notice.author_id != notice.author_id,
        Notice.author_id == Person.id,
        col(Notice.created_at) > now - rules.SIMILAR_WITHIN,
        col(Notice.status).in_((Status.DRAFT, Status.SCHEDULED, Status.SENDING, Status.PAUSED, Status.DONE)),
    )
    return [
        Twin(other.id or 0, other.author_id, author.name, other.started_at or other.created_at)
        for other, author in session.exec(query)
        if rules.is_alike(text, " ".join(part.text for part in parts_of(session, other.id or 0)))
    ]


def count_week(session: Session, notice: Notice, at: datetime) -> int:
    """How many other notices the cohort gets in the week of that instant, by its own calendar.

    Those that are planned count like those that have gone, and urgent ones too.
    """
    zone = ZoneInfo(people.get_cohort(session, notice.cohort_id).time_zone)
    local = at.astimezone(zone)
    monday = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    planned = and_(NOTICE.c.status == Status.SCHEDULED, NOTICE.c.starts_at.between(monday, monday + WEEK))
    query = select(func.count()).where(
        NOTICE.c.cohort_id == notice.cohort_id,
        NOTICE.c.id != notice.id,
        or_(NOTICE.c.started_at.between(monday, monday + WEEK), planned),
    )
    total: int = session.connection().execute(query).scalar_one()
    return total
