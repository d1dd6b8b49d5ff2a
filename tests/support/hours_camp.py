"""A camp of five days and 35 hours, in which 5 hours may be missed: one coordinator, a department, some trainees."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlmodel import Session

from bot import schema
from bot.audit.service import Actor
from bot.checkin import service as checkin
from bot.checkin.rules import Status
from bot.database import Database
from bot.hours import service as hours
from bot.hours.rules import Entry, Ledger
from bot.leave import service as leave
from bot.leave.models import Kind
from bot.people import service as people
from bot.people.models import Person, Role
from bot.people.service import Speaker
from bot.timetable.models import Activity
from tests.support.storage import lay_tables

assert schema  # the tables must be known before they are made

T = TypeVar("T")
FIRST_DAY = date(2026, 12, 7)
EVE = datetime(2026, 12, 6, 4, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PLAN = ((9, 12), (14, 16), (17, 19))
"""The local hours of each day: 3, 2 and 2, so 7 a day and 35 in all; a seventh is 5."""
COORDINATOR, DEPARTMENT, AUDITOR, CONTACT, FIRST_TRAINEE = 800, 810, 820, 830, 101


@dataclass
class HoursCamp:
    """The ids of what was made, and short ways to act in it."""

    database: Database
    cohort: int = 0
    activities: list[int] = field(default_factory=list)
    trainees: list[Speaker] = field(default_factory=list)
    staff: dict[Role, Speaker] = field(default_factory=dict)
    department: Speaker = field(default_factory=lambda: Speaker(0, 0, "", ""))  # type: ignore[arg-type]

    @property
    def coordinator(self) -> Speaker:
        """Who coordinates."""
        return self.staff[Role.COORDINATOR]

    def do(self, work: Callable[[Session], T]) -> T:
        """Run something in a transaction."""
        return self.database.write_now(work)

    def see(self, work: Callable[[Session], T]) -> T:
        """Read something."""
        return self.database.read_now(work)

    def starts(self, number: int) -> datetime:
        """When an activity begins."""
        day, slot = divmod(number, len(PLAN))
        return datetime(2026, 12, 7 + day, PLAN[slot][0] - 8, tzinfo=UTC)

    def ends(self, number: int) -> datetime:
        """When an activity ends."""
        day, slot = divmod(number, len(PLAN))
        return datetime(2026, 12, 7 + day, PLAN[slot][1] - 8, tzinfo=UTC)

    def hold(self, number: int, *present: int, late: int = 0, minutes_late: int = 30) -> None:
        """Hold an activity with a check-in: these trainees are there on time, the last ``late`` of them late."""
        start, activity = self.starts(number), self.activities[number]
        self.do(lambda s: checkin.open_checkin(s, speaker=self.coordinator, activity_id=activity, now=start))
        on_time = present[: len(present) - late]
        for one in present:
            at = start if one in on_time else start + minutes_late * MINUTE
            self.mark(number, one, Status.PRESENT if one in on_time else Status.LATE, at)
        self.do(
            lambda s: checkin.close_checkin(s, speaker=self.coordinator, activity_id=activity, now=self.ends(number))
        )

    def mark(self, number: int, trainee: int, to: Status, at: datetime) -> None:
        """Mark somebody by hand."""
        self.do(
            lambda s: checkin.mark(
                s,
                speaker=self.coordinator,
                activity_id=self.activities[number],
                person_id=self.trainees[trainee].person_id,
                to=to,
                now=at,
            )
        )

    def ledger(self, trainee: int = 0, at: datetime = EVE) -> Ledger:
        """A trainee's ledger."""
        person = self.trainees[trainee].person_id
        return self.see(lambda s: hours.account_of(s, self.cohort, person, at).ledger)

    def entry(self, number: int, trainee: int = 0, at: datetime = EVE) -> Entry:
        """One line of it."""
        entry = self.ledger(trainee, at).entry(self.activities[number])
        assert entry is not None
        return entry

    def ask(self, *numbers: int, trainee: int = 0, at: datetime = EVE, **more: Any) -> leave.RequestView:
        """Ask for leave."""
        return self.do(
            lambda s: leave.send_request(
                s,
                speaker=self.trainees[trainee],
                cohort_id=self.cohort,
                activity_ids=[self.activities[number] for number in numbers],
                **{"kind": Kind.LEAVE, "reason": "I am ill.", "photo": None, "now": at} | more,
            )
        )

    def decide(
        self,
        request: leave.RequestView,
        *,
        approve: bool = True,
        by: Speaker | None = None,
        line: str = "",
        at: datetime = EVE,
    ) -> leave.Decided:
        """Decide a request."""
        return self.do(
            lambda s: leave.decide(
                s, speaker=by or self.coordinator, request_id=request.id, approve=approve, line=line, now=at
            )
        )

    def rule(self, setting: hours.Setting, *value: int, at: datetime = EVE) -> hours.RulesView:
        """Change a rule."""
        return self.do(
            lambda s: hours.change_rule(
                s, speaker=self.coordinator, cohort_id=self.cohort, setting=setting, value=value, now=at
            )
        )


def build_hours_camp(database: Database, trainees: int = 3) -> HoursCamp:
    """Make the tables and the camp."""
    lay_tables(database)
    camp = HoursCamp(database)
    camp.do(lambda s: _fill(s, camp, trainees))
    return camp


def _fill(session: Session, camp: HoursCamp, trainees: int) -> None:
    office = people.open_organisation(session, "office")
    cohort = people.create_cohort(
        session,
        organisation_id=office.id or 0,
        name="第四期",
        starts_on=FIRST_DAY,
        ends_on=FIRST_DAY + timedelta(days=4),
        time_zone="Asia/Shanghai",
        language="zh",
        actor=Actor(name="test"),
        now=EVE,
    )
    camp.cohort = cohort.id or 0
    camp.activities = [_activity(session, camp, number) for number in range(5 * len(PLAN))]
    staff = ((Role.COORDINATOR, "陈老师", COORDINATOR), (Role.AUDITOR, "审计员", AUDITOR))
    camp.staff = {role: _person(session, camp, name, account, role) for role, name, account in staff}
    camp.staff[Role.UNIT_CONTACT] = _person(session, camp, "联系人", CONTACT, Role.UNIT_CONTACT, unit="社区1")
    camp.department = _person(session, camp, "王处长", DEPARTMENT, Role.TEACHER)
    camp.trainees = [
        _person(
            session,
            camp,
            f"学员{one:02}",
            FIRST_TRAINEE + one,
            Role.TRAINEE,
            group=f"第{one % 3 + 1}组",
            unit=f"社区{one}",
        )
        for one in range(trainees)
    ]


def _activity(session: Session, camp: HoursCamp, number: int) -> int:
    starts_at, ends_at = camp.starts(number), camp.ends(number)
    activity = Activity(
        cohort_id=camp.cohort, starts_at=starts_at, ends_at=ends_at, title=f"课程{number + 1}", place="301"
    )
    session.add(activity)
    session.flush()
    return activity.id or 0


def _person(
    session: Session,
    camp: HoursCamp,
    name: str,
    account: int,
    role: Role,
    *,
    group: str | None = None,
    unit: str | None = None,
) -> Speaker:
    person = Person(organisation_id=1, name=name, telegram_id=account, linked_at=EVE, unit=unit, language="en")
    session.add(person)
    session.flush()
    people.grant(
        session,
        person_id=person.id or 0,
        cohort_id=camp.cohort,
        role=role,
        actor=Actor(name="test"),
        now=EVE,
        group_name=group,
    )
    return Speaker(person.id or 0, account, name, "en")  # type: ignore[arg-type]
