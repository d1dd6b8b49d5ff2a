"""The change log as people may read it: whoever it is about what is about them, coordinators and auditors all of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, select
from sqlmodel import Session

from bot.audit import reading
from bot.audit.reading import Line
from bot.errors import Gone, NotAllowed, NotLinked
from bot.people import access
from bot.people import service as people
from bot.people.models import Cohort, Person
from bot.people.service import Speaker
from bot.timetable import service as timetable
from bot.timetable.models import Activity

PERSON = Person.__table__  # type: ignore[attr-defined]
ACTIVITY = Activity.__table__  # type: ignore[attr-defined]
SIZE = 6
AT_A_TIME = 500


class Named(Struct, frozen=True):
    """A line with the names behind its ids; each empty where there is nobody or nothing."""

    line: Line
    actor: str
    person: str
    activity: str


class Log(Struct, frozen=True):
    """A page of the log, the newest line first. ``about`` says whose or of what, empty for the whole cohort."""

    cohort: Cohort
    lines: Sequence[Named]
    number: int
    has_more: bool
    about: str = ""


def own_log(session: Session, *, speaker: Speaker | None, cohort_id: int, number: int) -> Log:
    """What was changed about the speaker.

    Raises:
        NotLinked: the account belongs to nobody.
        NotAllowed: the speaker is nothing in this cohort.
    """
    if speaker is None:
        raise NotLinked
    if not access.roles_in(session, speaker.person_id, cohort_id):
        raise NotAllowed
    return _page(session, cohort_id, reading.about_person(cohort_id, speaker.person_id), number, speaker.name)


def person_log(session: Session, *, speaker: Speaker | None, cohort_id: int, person_id: int, number: int) -> Log:
    """What was changed about one person, for whoever may see them.

    Raises:
        NotAllowed: the speaker may not.
        Gone: there is no such person in the cohort.
    """
    access.require_sight_of(session, speaker, cohort_id, person_id)
    if not access.roles_in(session, person_id, cohort_id):
        raise Gone
    name = people.get_person(session, person_id).name
    return _page(session, cohort_id, reading.about_person(cohort_id, person_id), number, name)


def activity_log(session: Session, *, speaker: Speaker | None, activity_id: int, number: int) -> Log:
    """What was changed about one activity and its attendance.

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker may not read everything of its cohort.
    """
    activity = timetable.get_activity(session, activity_id)
    access.require_reader(session, speaker, activity.cohort_id)
    query = reading.about_activity(activity.cohort_id, activity_id)
    return _page(session, activity.cohort_id, query, number, activity.title)


def cohort_log(session: Session, *, speaker: Speaker | None, cohort_id: int, number: int) -> Log:
    """Everything that was changed in a cohort.

    Raises:
        NotAllowed: the speaker may not read everything of it.
    """
    access.require_reader(session, speaker, cohort_id)
    return _page(session, cohort_id, reading.of_cohort(cohort_id), number, "")


def stream(session: Session, cohort_id: int) -> Iterator[Named]:
    """Everything that was changed in a cohort, in the order of time, for a file. The caller has asked who wants it."""
    lines = reading.stream(session, reading.of_cohort(cohort_id))
    while chunk := list(islice(lines, AT_A_TIME)):
        yield from named(session, chunk)


def named(session: Session, lines: Sequence[Line]) -> Sequence[Named]:
    """The lines with the names behind their ids."""
    ids = {one for line in lines for one in (line.actor_id, line.person_id) if one is not None}
    names = _look_up(session, select(PERSON.c.id, PERSON.c.name).where(PERSON.c.id.in_(ids)))
    activities = {line.activity_id for line in lines if line.activity_id is not None}
    titles = _look_up(session, select(ACTIVITY.c.id, ACTIVITY.c.title).where(ACTIVITY.c.id.in_(activities)))
    return [
        Named(
            line,
            names.get(line.actor_id or 0, line.actor),
            names.get(line.person_id or 0, ""),
            titles.get(line.activity_id or 0, ""),
        )
        for line in lines
    ]


def _look_up(session: Session, query: Select[Any]) -> Mapping[int, str]:
    rows: Iterable[Any] = session.connection().execute(query)
    return {row[0]: row[1] for row in rows}


def _page(session: Session, cohort_id: int, query: Select[Any], number: int, about: str) -> Log:
    number = max(0, number)
    lines, has_more = reading.page(session, query, number, SIZE)
    return Log(people.get_cohort(session, cohort_id), named(session, lines), number, has_more, about)
