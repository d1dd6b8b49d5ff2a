"""Requests as they are read: one of them, one's own, those that wait; and who may read them. Writes nothing."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, func, select
from sqlmodel import Session

from bot.errors import Gone, NotAllowed, NotLinked
from bot.hours import service as hours
from bot.leave.models import WAITING, Kind, LeaveItem, LeaveRequest, Status
from bot.people import access
from bot.people.models import Cohort, Role
from bot.people.service import MEMBERSHIP, PERSON, Speaker
from bot.timetable import service as timetable

REQUEST = LeaveRequest.__table__  # type: ignore[attr-defined]
ITEM = LeaveItem.__table__  # type: ignore[attr-defined]
COHORT = Cohort.__table__  # type: ignore[attr-defined]
ACTIVITY = timetable.TABLE
_HEAD = PERSON.alias("head")
_DECIDER = PERSON.alias("decider")


class Item(Struct, frozen=True):
    """One activity of a request."""

    activity_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    speaker: str = ""
    is_cancelled: bool = False


class RequestView(Struct, frozen=True):
    """A request as it is read. ``head`` and ``decider`` are the names of who decided, empty before."""

    id: int
    cohort_id: int
    cohort_name: str
    time_zone: str
    person_id: int
    name: str
    group: str
    kind: Kind
    reason: str
    photo: str | None
    minutes: int
    status: Status
    made_at: datetime
    items: tuple[Item, ...]
    head: str = ""
    decider: str = ""
    line: str = ""
    told: str = "[]"

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has yet to decide."""
        return self.status in WAITING


def get_request(session: Session, request_id: int) -> RequestView:
    """The request of that number.

    Raises:
        Gone: there is none.
    """
    found = _all(session, _READ.where(REQUEST.c.id == request_id))
    if not found:
        raise Gone
    return found[0]


def own_requests(session: Session, *, speaker: Speaker | None, cohort_id: int, limit: int = 8) -> list[RequestView]:
    """The speaker's own requests in a cohort, the newest first.

    Raises:
        NotLinked: the account belongs to nobody.
    """
    if speaker is None:
        raise NotLinked
    mine = _READ.where(REQUEST.c.cohort_id == cohort_id, REQUEST.c.person_id == speaker.person_id)
    return _all(session, mine.order_by(REQUEST.c.id.desc()).limit(limit))


def waiting(session: Session, cohort_id: int) -> list[RequestView]:
    """The requests of a cohort that nobody has decided yet, the oldest first."""
    return _all(session, _waiting(cohort_id).order_by(REQUEST.c.id))


def list_waiting(session: Session, *, speaker: Speaker | None, cohort_id: int) -> list[RequestView]:
    """The same for whoever may read them: coordinators, auditors, the department.

    Raises:
        NotAllowed: they are not the speaker's to see.
    """
    require_sight(session, speaker, cohort_id)
    return waiting(session, cohort_id)


def count_waiting(session: Session, cohort_id: int) -> int:
    """How many requests of a cohort wait."""
    query = select(func.count()).select_from(REQUEST).where(*_is_waiting(cohort_id))
    return session.connection().execute(query).scalar_one()


def department_name(session: Session, cohort_id: int) -> str:
    """Who decides longer leave for the department; empty where nobody does."""
    department = hours.rules_of(session, cohort_id).department_id
    query = select(PERSON.c.name).where(PERSON.c.id == (department or 0))
    return session.connection().execute(query).scalar() or ""


def is_decider(session: Session, speaker: Speaker, request: RequestView) -> bool:
    """Whether it is this person's turn to decide the request: never one's own."""
    if speaker.person_id == request.person_id or not request.is_waiting:
        return False
    if speaker.is_operator:
        return True
    department = hours.rules_of(session, request.cohort_id).department_id
    if request.status is Status.DEPARTMENT and department is not None:
        return speaker.person_id == department
    return Role.COORDINATOR in access.roles_in(session, speaker.person_id, request.cohort_id)


def require_sight(session: Session, speaker: Speaker | None, cohort_id: int) -> Speaker:
    """Let only those pass who may read a cohort's requests.

    Raises:
        NotAllowed: anybody else.
    """
    department = hours.rules_of(session, cohort_id).department_id
    if speaker is not None and department == speaker.person_id:
        return speaker
    return access.require_reader(session, speaker, cohort_id)


def require_own(session: Session, speaker: Speaker | None, request_id: int) -> RequestView:
    """The speaker's own request.

    Raises:
        NotLinked: the account belongs to nobody.
        Gone: there is no such request of theirs.
    """
    if speaker is None:
        raise NotLinked
    request = get_request(session, request_id)
    if request.person_id != speaker.person_id:
        raise Gone
    return request


def require_photo(session: Session, speaker: Speaker | None, request_id: int) -> str:
    """The photo of a request, for whoever made it or may read it.

    Raises:
        Gone: there is no such request, or it has none.
        NotAllowed: it is not the speaker's to see.
    """
    request = get_request(session, request_id)
    if speaker is None:
        raise NotAllowed
    if speaker.person_id != request.person_id:
        require_sight(session, speaker, request.cohort_id)
    if request.photo is None:
        raise Gone
    return request.photo


def asked_for(session: Session, cohort_id: int, person_id: int) -> set[int]:
    """The activities of which a request of the person's is still undecided."""
    query = select(ITEM.c.activity_id).join(REQUEST, REQUEST.c.id == ITEM.c.request_id)
    query = query.where(*_is_waiting(cohort_id), REQUEST.c.person_id == person_id)
    return set(session.connection().execute(query).scalars())


_READ = select(
    REQUEST,
    COHORT.c.name.label("cohort_name"),
    COHORT.c.time_zone,
    PERSON.c.name,
    _HEAD.c.name.label("head"),
    _DECIDER.c.name.label("decider"),
    select(MEMBERSHIP.c.group_name)
    .where(
        MEMBERSHIP.c.cohort_id == REQUEST.c.cohort_id,
        MEMBERSHIP.c.person_id == REQUEST.c.person_id,
        MEMBERSHIP.c.role == Role.TRAINEE,
    )
    .scalar_subquery()
    .label("group_name"),
).select_from(
    REQUEST.join(COHORT, COHORT.c.id == REQUEST.c.cohort_id)
    .join(PERSON, PERSON.c.id == REQUEST.c.person_id)
    .outerjoin(_HEAD, _HEAD.c.id == REQUEST.c.head_by)
    .outerjoin(_DECIDER, _DECIDER.c.id == REQUEST.c.decided_by)
)


def _is_waiting(cohort_id: int) -> tuple[Any, ...]:
    return REQUEST.c.cohort_id == cohort_id, REQUEST.c.status.in_(WAITING)


def _waiting(cohort_id: int) -> Select[Any]:
    return _READ.where(*_is_waiting(cohort_id))


def _all(session: Session, query: Select[Any]) -> list[RequestView]:
    rows = session.connection().execute(query).all()
    items = _items(session, [row.id for row in rows])
    return [_view(row, items.get(row.id, ())) for row in rows]


def _view(row: Any, items: Sequence[Item]) -> RequestView:
    return RequestView(
        id=row.id,
        cohort_id=row.cohort_id,
        cohort_name=row.cohort_name,
        time_zone=row.time_zone,
        person_id=row.person_id,
        name=row.name,
        group=row.group_name or "",
        kind=Kind(row.kind),
        reason=row.reason,
        photo=row.photo,
        minutes=row.minutes,
        status=Status(row.status),
        made_at=row.made_at,
        items=tuple(items),
        head=row.head or "",
        decider=row.decider or "",
        line=row.line,
        told=row.told,
    )


def _items(session: Session, request_ids: Collection[int]) -> dict[int, list[Item]]:
    query = (
        select(ITEM.c.request_id, ACTIVITY)
        .join(ACTIVITY, ACTIVITY.c.id == ITEM.c.activity_id)
        .where(ITEM.c.request_id.in_(list(request_ids)))
        .order_by(ACTIVITY.c.starts_at, ACTIVITY.c.id)
    )
    found: dict[int, list[Item]] = {}
    for row in session.connection().execute(query):
        item = Item(row.id, row.title, row.starts_at, row.ends_at, row.speaker, row.cancelled_at is not None)
        found.setdefault(row.request_id, []).append(item)
    return found
