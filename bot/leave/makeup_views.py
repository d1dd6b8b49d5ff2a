"""Make-ups as they are read: one of them, one's own, those that wait to be confirmed. Writes nothing."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, select
from sqlmodel import Session

from bot.errors import Gone, NotLinked
from bot.leave.models import OPEN, MakeUp, Step
from bot.people import access
from bot.people.models import Cohort
from bot.people.service import PERSON, Speaker
from bot.timetable import service as timetable

MAKE_UP = MakeUp.__table__  # type: ignore[attr-defined]
COHORT = Cohort.__table__  # type: ignore[attr-defined]
MISSED = timetable.TABLE.alias("missed")
OTHER = timetable.TABLE.alias("other")
_OFFERER = PERSON.alias("offerer")


class MakeUpView(Struct, frozen=True):
    """A make-up as it is read. ``other`` is the title of the activity to attend instead, empty for a task."""

    id: int
    cohort_id: int
    cohort_name: str
    time_zone: str
    person_id: int
    name: str
    activity_id: int
    title: str
    starts_at: datetime
    other_id: int | None
    other: str
    other_starts_at: datetime | None
    task: str
    minutes: int
    step: Step
    offered_by: str
    note: str
    line: str

    @property
    def is_open(self) -> bool:
        """Whether anything is still to be done about it."""
        return self.step in OPEN

    @property
    def source(self) -> str:
        """What the ledger shows: where the hours come from."""
        return self.other or self.task


def get_make_up(session: Session, make_up_id: int) -> MakeUpView:
    """The make-up of that number.

    Raises:
        Gone: there is none.
    """
    found = _all(session, _READ.where(MAKE_UP.c.id == make_up_id))
    if not found:
        raise Gone
    return found[0]


def show_make_up(session: Session, *, speaker: Speaker | None, make_up_id: int) -> MakeUpView:
    """A make-up, for whom it was offered to, or for those who may read everything of the cohort.

    Raises:
        Gone: there is none.
        NotAllowed: it is not the speaker's to see.
    """
    seen = get_make_up(session, make_up_id)
    if speaker is None or speaker.person_id != seen.person_id:
        access.require_reader(session, speaker, seen.cohort_id)
    return seen


def require_own_make_up(session: Session, *, speaker: Speaker | None, make_up_id: int) -> MakeUpView:
    """A make-up that was offered to the speaker.

    Raises:
        NotLinked: the account belongs to nobody.
        Gone: there is none of theirs.
    """
    if speaker is None:
        raise NotLinked
    seen = get_make_up(session, make_up_id)
    if seen.person_id != speaker.person_id:
        raise Gone
    return seen


def require_coordinated(session: Session, *, speaker: Speaker | None, make_up_id: int) -> MakeUpView:
    """A make-up, for a coordinator of its cohort; raises ``Gone``, ``NotAllowed``."""
    seen = get_make_up(session, make_up_id)
    access.require_coordinator(session, speaker, seen.cohort_id)
    return seen


def open_for(session: Session, person_id: int, activity_id: int) -> MakeUpView | None:
    """What is open to make up this activity for this person, if anything is."""
    found = _all(
        session,
        _READ.where(MAKE_UP.c.person_id == person_id, MAKE_UP.c.activity_id == activity_id, MAKE_UP.c.step.in_(OPEN)),
    )
    return found[0] if found else None


def own_make_ups(session: Session, *, speaker: Speaker | None, cohort_id: int) -> list[MakeUpView]:
    """What is open for the speaker to make up, the oldest first."""
    if speaker is None:
        raise NotLinked
    mine = (MAKE_UP.c.cohort_id == cohort_id, MAKE_UP.c.person_id == speaker.person_id, MAKE_UP.c.step.in_(OPEN))
    return _all(session, _READ.where(*mine).order_by(MAKE_UP.c.id))


def to_confirm(session: Session, cohort_id: int) -> list[MakeUpView]:
    """What people say they have done and nobody has confirmed yet."""
    done = (MAKE_UP.c.cohort_id == cohort_id, MAKE_UP.c.step == Step.DONE)
    return _all(session, _READ.where(*done).order_by(MAKE_UP.c.id))


_READ = select(
    MAKE_UP,
    COHORT.c.name.label("cohort_name"),
    COHORT.c.time_zone,
    PERSON.c.name,
    MISSED.c.title,
    MISSED.c.starts_at,
    OTHER.c.title.label("other"),
    OTHER.c.starts_at.label("other_starts_at"),
    _OFFERER.c.name.label("offerer"),
).select_from(
    MAKE_UP.join(COHORT, COHORT.c.id == MAKE_UP.c.cohort_id)
    .join(PERSON, PERSON.c.id == MAKE_UP.c.person_id)
    .join(MISSED, MISSED.c.id == MAKE_UP.c.activity_id)
    .join(_OFFERER, _OFFERER.c.id == MAKE_UP.c.offered_by)
    .outerjoin(OTHER, OTHER.c.id == MAKE_UP.c.other_id)
)


def _all(session: Session, query: Select[Any]) -> list[MakeUpView]:
    return [_view(row) for row in session.connection().execute(query)]


def _view(row: Any) -> MakeUpView:
    return MakeUpView(
        id=row.id,
        cohort_id=row.cohort_id,
        cohort_name=row.cohort_name,
        time_zone=row.time_zone,
        person_id=row.person_id,
        name=row.name,
        activity_id=row.activity_id,
        title=row.title,
        starts_at=row.starts_at,
        other_id=row.other_id,
        other=row.other or "",
        other_starts_at=row.other_starts_at,
        task=row.task,
        minutes=row.minutes,
        step=Step(row.step),
        offered_by=row.offerer,
        note=row.note,
        line=row.line,
    )
