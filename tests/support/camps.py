"""Cohorts with people and activities for tests of the timetable and the clock, made through the services."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlmodel import Session

from bot import schema
from bot.audit.service import Actor
from bot.database import Database
from bot.outbox.models import Outbox
from bot.people import service as people
from bot.people.models import Cohort, Membership, Person, Role
from bot.timetable.models import Activity
from bot.timetable.service import prepare_cohort
from tests.support.storage import lay_tables

assert schema  # the tables must be known before they are made

T = TypeVar("T")
MONDAY, TUESDAY, WEDNESDAY = date(2026, 12, 7), date(2026, 12, 8), date(2026, 12, 9)
SHANGHAI = "Asia/Shanghai"
COHORT, MEMBERSHIP = Cohort.__table__, Membership.__table__  # type: ignore[attr-defined]
OFFICE = Actor(name="test")


def local(on: date, hour: int, minute: int = 0, zone: str = SHANGHAI) -> datetime:
    """The instant of a wall time."""
    return datetime.combine(on, time(hour, minute), tzinfo=ZoneInfo(zone)).astimezone(UTC)


SUNDAY_NOON = local(MONDAY - timedelta(days=1), 12)


@dataclass
class Camps:
    """A database and short ways to fill it and to look into it."""

    database: Database
    now: datetime = SUNDAY_NOON
    accounts: int = field(default=5000)

    def do(self, work: Callable[[Session], T]) -> T:
        """Run something in a transaction."""
        return self.database.write_now(work)

    def see(self, work: Callable[[Session], T]) -> T:
        """Read something."""
        return self.database.read_now(work)

    def cohort(
        self,
        name: str = "Camp",
        *,
        starts_on: date = MONDAY,
        ends_on: date = WEDNESDAY,
        zone: str = SHANGHAI,
        language: str = "en",
    ) -> Cohort:
        """Make a cohort, with its morning push."""

        def work(session: Session) -> Cohort:
            office = people.open_organisation(session, people.OFFICE)
            cohort = people.create_cohort(
                session,
                organisation_id=office.id or 0,
                name=name,
                starts_on=starts_on,
                ends_on=ends_on,
                time_zone=zone,
                language=language,
                actor=OFFICE,
                now=self.now,
            )
            prepare_cohort(session, cohort, self.now)
            return cohort

        return self.do(work)

    def person(
        self,
        *cohorts: Cohort,
        role: Role = Role.TRAINEE,
        name: str = "小王",
        language: str = "",
        linked: bool = True,
    ) -> Person:
        """Make a person who is in these cohorts."""

        def work(session: Session) -> Person:
            self.accounts += 1
            person = Person(
                organisation_id=cohorts[0].organisation_id,
                name=name,
                language=language,
                telegram_id=self.accounts if linked else None,
            )
            session.add(person)
            session.flush()
            for cohort in cohorts:
                people.grant(
                    session, person_id=person.id or 0, cohort_id=cohort.id or 0, role=role, actor=OFFICE, now=self.now
                )
            return person

        return self.do(work)

    def join(self, person: Person, cohort: Cohort, role: Role) -> None:
        """Give somebody another role."""
        self.do(
            lambda session: people.grant(
                session, person_id=person.id or 0, cohort_id=cohort.id or 0, role=role, actor=OFFICE, now=self.now
            )
        )

    def leave(self, person: Person, cohort: Cohort) -> None:
        """Take somebody out of a cohort."""
        mine = (MEMBERSHIP.c.person_id == person.id, MEMBERSHIP.c.cohort_id == cohort.id)
        self.do(lambda session: session.execute(update(MEMBERSHIP).where(*mine).values(left_at=self.now)))

    def group(self, person: Person, cohort: Cohort, name: str | None) -> None:
        """Put somebody into a group."""
        mine = (MEMBERSHIP.c.person_id == person.id, MEMBERSHIP.c.cohort_id == cohort.id)
        self.do(lambda session: session.execute(update(MEMBERSHIP).where(*mine).values(group_name=name)))

    def rezone(self, cohort: Cohort, zone: str) -> None:
        """Move a cohort to another zone."""
        self.do(lambda session: session.execute(update(COHORT).where(COHORT.c.id == cohort.id).values(time_zone=zone)))

    def activity(
        self,
        cohort: Cohort,
        on: date,
        starts: tuple[int, int] = (8, 30),
        ends: tuple[int, int] = (9, 0),
        title: str = "Registration",
        **more: object,
    ) -> Activity:
        """Put an activity on the timetable."""

        def work(session: Session) -> Activity:
            activity = Activity.model_validate(
                {
                    "cohort_id": cohort.id,
                    "title": title,
                    "starts_at": local(on, *starts, zone=cohort.time_zone),
                    "ends_at": local(on, *ends, zone=cohort.time_zone),
                    **more,
                }
            )
            session.add(activity)
            session.flush()
            return activity

        return self.do(work)

    @property
    def outbox(self) -> list[Outbox]:
        """Everything owed so far, in order."""
        return self.see(lambda session: list(session.scalars(select(Outbox).order_by(Outbox.__table__.c.id))))  # type: ignore[attr-defined]

    @property
    def keys(self) -> list[str]:
        """What is owed, by key."""
        return sorted(row.key for row in self.outbox)


def build_camps(database: Database) -> Camps:
    """Begin with empty tables."""
    lay_tables(database)
    return Camps(database)
