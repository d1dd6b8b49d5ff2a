"""A camp for the tests of check-in: one cohort, its coordinator, some trainees and two activities on one morning."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlmodel import Session

from bot import schema
from bot.audit.models import Change
from bot.audit.service import Actor
from bot.checkin import queries, rules
from bot.checkin import service as checkin
from bot.checkin.boards import Desk
from bot.checkin.models import Attendance, Window
from bot.checkin.outcomes import Claim, Outcome, Scanned, Typed
from bot.database import Database
from bot.people import service as people
from bot.people.models import Cohort, Person, Role
from bot.people.service import Speaker
from bot.timetable.models import Activity
from tests.support.storage import lay_tables

assert schema  # the tables must be known before they are made

T = TypeVar("T")
START = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)
"""Nine o'clock in Shanghai; the beginning of a code's period."""
COORDINATOR = 800
FIRST_TRAINEE = 101


@dataclass
class Camp:
    """The ids of what was made, and short ways to act in it."""

    database: Database
    cohort: int = 0
    lecture: int = 0
    visit: int = 0
    coordinator: Speaker = field(default_factory=lambda: Speaker(0, 0, "", ""))  # type: ignore[arg-type]
    trainees: list[Speaker] = field(default_factory=list)

    def do(self, work: Callable[[Session], T]) -> T:
        """Run something in a transaction."""
        return self.database.write_now(work)

    def see(self, work: Callable[[Session], T]) -> T:
        """Read something."""
        return self.database.read_now(work)

    def open(self, activity_id: int | None = None, at: datetime = START) -> Desk:
        """Open the check-in of an activity, by default the lecture's."""
        return self.do(
            lambda s: checkin.open_checkin(s, speaker=self.coordinator, activity_id=activity_id or self.lecture, now=at)
        )

    def close(self, activity_id: int | None = None, at: datetime = START) -> Desk:
        """Close it."""
        return self.do(
            lambda s: checkin.close_checkin(
                s, speaker=self.coordinator, activity_id=activity_id or self.lecture, now=at
            )
        )

    def secret(self, activity_id: int | None = None) -> str:
        """What the window's codes are made of."""
        return self.see(lambda s: s.get_one(Window, activity_id or self.lecture).secret)

    def code(self, at: datetime, activity_id: int | None = None) -> str:
        """What the projector shows at that instant."""
        activity_id = activity_id or self.lecture
        return rules.code_of(self.secret(activity_id), activity_id, rules.step_of(at))

    def payload(self, at: datetime, activity_id: int | None = None) -> str:
        """What the QR code carries at that instant."""
        activity_id = activity_id or self.lecture
        return rules.payload_of(self.secret(activity_id), activity_id, rules.step_of(at))

    def claim(
        self, claim: Claim, at: datetime, who: Speaker | None = None, received_at: datetime | None = None
    ) -> Outcome:
        """Send a claim to the service."""
        return self.do(
            lambda s: checkin.record_arrival(
                s,
                speaker=who or self.trainees[0],
                claim=claim,
                at=at,
                received_at=received_at or at,
                now=received_at or at,
                source="in1",
            )
        )

    def type(self, code: str, at: datetime, who: Speaker | None = None) -> Outcome:
        """Type a code."""
        return self.claim(Typed(code), at, who)

    def scan(self, payload: str, at: datetime, who: Speaker | None = None) -> Outcome:
        """Follow the QR code."""
        return self.claim(Scanned(payload), at, who)

    def arrivals(self, activity_id: int | None = None) -> list[datetime | None]:
        """The arrivals recorded of an activity."""
        table = queries.ATTENDANCE
        query = select(table.c.arrived_at).where(table.c.activity_id == (activity_id or self.lecture))
        return list(self.see(lambda s: s.connection().execute(query).scalars().all()))

    def attendance(self, who: Speaker | None = None) -> Attendance | None:
        """The one row of a person at the lecture."""
        return self.see(lambda s: s.get(Attendance, (self.lecture, (who or self.trainees[0]).person_id)))

    def changes(self, action: str) -> list[Change]:
        """The lines of the log of one action."""
        table: Any = Change.__table__  # type: ignore[attr-defined]
        query = select(table.c.id).where(table.c.action == action).order_by(table.c.id)
        return self.see(lambda s: [s.get_one(Change, key) for key in s.connection().execute(query).scalars()])

    def count(self, table: Any) -> int:
        """How many rows a table has."""
        return self.see(lambda s: s.connection().execute(select(func.count()).select_from(table)).scalar_one())

    def change_activity(self, activity_id: int, **values: Any) -> None:
        """Move or cancel an activity."""
        table: Any = Activity.__table__  # type: ignore[attr-defined]
        self.do(lambda s: s.connection().execute(table.update().where(table.c.id == activity_id).values(**values)))

    def stranger_cohort(self, name: str = "Another camp") -> tuple[int, int, Speaker]:
        """A second cohort with one activity at the same hour; its id, the activity's, and its coordinator."""
        return self.do(lambda s: _add_other(s, name))


def build_camp(database: Database, trainees: int = 3) -> Camp:
    """Make the tables and the camp."""
    lay_tables(database)
    camp = Camp(database)
    camp.do(lambda s: _fill(s, camp, trainees))
    return camp


def _fill(session: Session, camp: Camp, trainees: int) -> None:
    cohort = _add_cohort(session, "第一期")
    camp.cohort = cohort.id or 0
    camp.lecture = _add_activity(session, camp.cohort, START, "社区治理 <b>")
    camp.visit = _add_activity(session, camp.cohort, START + timedelta(hours=3), "Site visit")
    camp.coordinator = _add_person(session, camp.cohort, "林老师", COORDINATOR, Role.COORDINATOR)
    camp.trainees = [
        _add_person(
            session, camp.cohort, f"学员{number:02}", FIRST_TRAINEE + number, Role.TRAINEE, f"第{number % 3 + 1}组"
        )
        for number in range(trainees)
    ]


def _add_cohort(session: Session, name: str) -> Cohort:
    organisation = people.open_organisation(session, "office")
    return people.create_cohort(
        session,
        organisation_id=organisation.id or 0,
        name=name,
        starts_on=date(2026, 12, 7),
        ends_on=date(2026, 12, 11),
        time_zone="Asia/Shanghai",
        language="zh",
        actor=Actor(name="test"),
        now=START - timedelta(days=1),
    )


def _add_activity(session: Session, cohort_id: int, starts_at: datetime, title: str) -> int:
    activity = Activity(
        cohort_id=cohort_id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), title=title, place="Room 301"
    )
    session.add(activity)
    session.flush()
    return activity.id or 0


def _add_person(
    session: Session,
    cohort_id: int,
    name: str,
    telegram_id: int,
    role: Role,
    group: str | None = None,
) -> Speaker:
    organisation = people.open_organisation(session, "office")
    person = Person(organisation_id=organisation.id or 0, name=name, telegram_id=telegram_id, linked_at=START)
    session.add(person)
    session.flush()
    people.grant(
        session,
        person_id=person.id or 0,
        cohort_id=cohort_id,
        role=role,
        actor=Actor(name="test"),
        now=START,
        group_name=group,
    )
    return Speaker(person.id or 0, telegram_id, name, "en")  # type: ignore[arg-type]


def _add_other(session: Session, name: str) -> tuple[int, int, Speaker]:
    cohort = _add_cohort(session, name)
    activity = _add_activity(session, cohort.id or 0, START, f"Lecture of {name}")
    return cohort.id or 0, activity, _add_person(session, cohort.id or 0, "Other teacher", 801, Role.COORDINATOR)
