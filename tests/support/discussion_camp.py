"""A camp for the tests of group discussions: a coordinator, an auditor, trainees of several units, two activities."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from bot import schema
from bot.audit.service import Actor
from bot.checkin import service as checkin
from bot.checkin.rules import Status as Attended
from bot.database import Database
from bot.discussions import queries, service
from bot.discussions.models import Discussion, Grouping, Kind, Note, Stage, Who
from bot.discussions.outcomes import Circle, Moved, NumberedPoint, Place, Written
from bot.people import service as people
from bot.people.models import Person, Role
from bot.people.service import Speaker
from bot.tables import metadata
from bot.timetable.models import Activity

assert schema  # the tables must be known before they are made

T = TypeVar("T")
NOON = datetime(2026, 12, 7, 4, 0, tzinfo=UTC)
"""Twelve o'clock in Shanghai on the first day; the discussions begin at two and at four."""
COORDINATOR, AUDITOR, OUTSIDER, FIRST_TRAINEE = 800, 801, 802, 101
MINUTE = timedelta(minutes=1)
UNITS = ("东街道", "西街道", "南街道", "北街道")
POSTS = ("网格员", "书记")
QUESTIONS = ("What keeps residents from taking part?", "How do we reach the young?")


@dataclass
class DiscussionCamp:
    """The ids of what was made, and short ways to act in it."""

    database: Database
    cohort: int = 0
    activities: list[int] = field(default_factory=list)
    trainees: list[Speaker] = field(default_factory=list)
    staff: dict[int, Speaker] = field(default_factory=dict)
    discussion: int = 0

    @property
    def coordinator(self) -> Speaker:
        """Who coordinates."""
        return self.staff[COORDINATOR]

    def do(self, work: Callable[[Session], T]) -> T:
        """Run something in a transaction."""
        return self.database.write_now(work)

    def see(self, work: Callable[[Session], T]) -> T:
        """Read something."""
        return self.database.read_now(work)

    def create(
        self,
        *,
        activity: int = 0,
        questions: Sequence[str] = QUESTIONS,
        grouping: Grouping = Grouping.COUNT,
        amount: int = 2,
        who: Who = Who.ROSTER,
        draw: bool = True,
        announce: bool = True,
        now: datetime = NOON,
    ) -> int:
        """Make a discussion with its groups, and let everybody know."""

        def work(session: Session) -> int:
            by: dict[str, Any] = {"speaker": self.coordinator, "now": now}
            made = service.setting_up.create(session, activity_id=self.activities[activity], **by)
            mine = by | {"discussion_id": made.id or 0}
            for question in questions:
                service.setting_up.add_question(session, text=question, **mine)
            service.setting_up.change_grouping(session, grouping_by=grouping, amount=amount, who=who, **mine)
            if draw:
                service.grouping.draw(session, **mine)
            if draw and announce:
                service.setting_up.announce(session, **mine)
            return made.id or 0

        self.discussion = self.do(work)
        return self.discussion

    def add_trainee(self, number: int, **fields: Any) -> Speaker:
        """One more trainee of the camp."""
        return self.do(lambda s: add_trainee(s, self, number, **fields))

    def attend(self, *numbers: int, activity: int = 0, at: datetime = NOON) -> None:
        """Record these trainees as present."""
        for number in numbers:
            person = self.trainees[number].person_id
            self.do(
                lambda s, person=person: checkin.mark(  # type: ignore[misc]
                    s,
                    speaker=self.coordinator,
                    activity_id=self.activities[activity],
                    person_id=person,
                    to=Attended.PRESENT,
                    now=at,
                )
            )

    @property
    def circles(self) -> tuple[Circle, ...]:
        """The groups as they stand."""
        return self.see(lambda s: queries.circles_of(s, queries.require_discussion(s, self.discussion)))

    def circle(self, number: int = 1) -> Circle:
        """A group by its number."""
        return next(one for one in self.circles if one.group.number == number)

    def speakers(self, number: int = 1) -> list[Speaker]:
        """The people of a group: the leader first, then the recorder, then the others."""
        circle = self.circle(number)
        posts = [circle.group.leader_id, circle.group.recorder_id]
        order = [*dict.fromkeys(one for one in posts if one is not None)]
        order += [one.person_id for one in circle.members if one.person_id not in order]
        known = {int(one.person_id): one for one in self.trainees}
        return [known[one] for one in order]

    def question(self, number: int = 1) -> int:
        """A question's id by its position."""
        return self.circle().occasion.questions[number - 1].id or 0

    def discussed(self) -> Discussion:
        """The discussion as it is stored."""
        return self.see(lambda s: s.get_one(Discussion, self.discussion))

    def go(self, stage: Stage, number: int = 1, by: Speaker | None = None, now: datetime = NOON) -> Moved:
        """Take a group on from a stage."""
        group_id, who = self.circle(number).id, by or self.speakers(number)[0]
        return self.do(lambda s: service.stages.go_on(s, speaker=who, group_id=group_id, stage=stage, now=now))

    def back(self, stage: Stage, number: int = 1, by: Speaker | None = None, now: datetime = NOON) -> Moved:
        """Take a group back from a stage."""
        group_id, who = self.circle(number).id, by or self.speakers(number)[0]
        return self.do(lambda s: service.stages.go_back(s, speaker=who, group_id=group_id, stage=stage, now=now))

    def write(self, who: Speaker, text: str, question: int = 1, group: int | None = None) -> Written:
        """Write on a question as somebody."""
        group_id = group or self.group_of(who)
        return self.do(
            lambda s: service.writing.write(
                s, speaker=who, group_id=group_id, question_id=self.question(question), text=text, now=NOON
            )
        )

    def group_of(self, who: Speaker) -> int:
        """The group in which somebody sits."""
        return next(circle.id for circle in self.circles if circle.member(who.person_id))

    def place(self, who: Speaker) -> Place:
        """Where somebody stands."""
        group_id = self.group_of(who)
        return self.see(lambda s: service.stages.show_place(s, speaker=who, group_id=group_id))

    def notes(self, number: int = 1) -> list[Note]:
        """Everything written in a group."""
        group_id = self.circle(number).id
        return self.see(lambda s: list(s.exec(select(Note).where(Note.group_id == group_id).order_by(col(Note.id)))))

    def points(self, number: int = 1, question: int | None = None) -> list[NumberedPoint]:
        """The numbered points of a group."""
        question_id = self.question(question) if question else None
        circle = self.circle(number)
        return self.see(lambda s: service.merging.points_of(s, circle, question_id))

    def dot(self, who: Speaker, point: int, *, is_on: bool = True) -> Any:
        """Place a dot or take it back."""
        return self.do(lambda s: service.voting.place_dot(s, speaker=who, point_id=point, is_on=is_on))

    def bring_to(self, stage: Stage, number: int = 1) -> None:
        """Take a group through the stages: everybody writes, all vote for the first point, then causes."""
        people_of_group = self.speakers(number)
        while (here := self.circle(number).stage) is not stage:
            for at, one in enumerate(people_of_group, 1):
                if here is Stage.WRITING:
                    self.write(one, f"Point {at}")
                elif here is Stage.VOTING:
                    self.dot(one, self.points(number)[0].id)
                elif here is Stage.CAUSES and at == 1:
                    self.find(one, number)
            self.go(here, number)

    def find(self, who: Speaker, number: int = 1) -> None:
        """Name a cause and a measure for the leading point."""
        point = next(one for one in self.points(number) if one.is_top)
        for kind, text in ((Kind.CAUSE, "Meetings are at noon"), (Kind.MEASURE, "Meet in the evening")):
            self.do(
                lambda s, kind=kind, text=text: service.finding.add(  # type: ignore[misc]
                    s, speaker=who, point_id=point.id, kind=kind, text=text, now=NOON
                )
            )


def build_discussion_camp(database: Database, trainees: int = 8) -> DiscussionCamp:
    """Make the tables and the camp."""
    metadata().create_all(database.connect())
    camp = DiscussionCamp(database)
    camp.do(lambda s: fill_discussion_camp(s, camp, trainees))
    return camp


def fill_discussion_camp(session: Session, camp: DiscussionCamp, trainees: int) -> None:
    """Make cohort, people and activities in a database that has its tables."""
    office = people.open_organisation(session, people.OFFICE)
    cohort = people.create_cohort(
        session,
        organisation_id=office.id or 0,
        name="第四期",
        starts_on=date(2026, 12, 7),
        ends_on=date(2026, 12, 11),
        time_zone="Asia/Shanghai",
        language="en",
        actor=Actor(name="test"),
        now=NOON - timedelta(days=1),
    )
    camp.cohort = cohort.id or 0
    for account, name, role in ((COORDINATOR, "林老师", Role.COORDINATOR), (AUDITOR, "周审计", Role.AUDITOR)):
        camp.staff[account] = _add(session, camp, name, account, role)
    for number in range(trainees):
        add_trainee(session, camp, number)
    for hour, title in ((6, "分组研讨"), (8, "Second round")):
        start = NOON.replace(hour=hour)
        activity = Activity(
            cohort_id=camp.cohort,
            title=title,
            starts_at=start,
            ends_at=start + timedelta(hours=1, minutes=30),
            place="Room 3",
        )
        session.add(activity)
        session.flush()
        camp.activities.append(activity.id or 0)


def add_trainee(session: Session, camp: DiscussionCamp, number: int, **fields: Any) -> Speaker:
    """Make a trainee; units and posts go round."""
    unit, post = UNITS[number % len(UNITS)], POSTS[number % len(POSTS)]
    details = {"name": f"学员{number:02}", "unit": unit, "post": post, "group": None} | fields
    made = _add(
        session,
        camp,
        details["name"],
        FIRST_TRAINEE + number,
        Role.TRAINEE,
        unit=details["unit"],
        post=details["post"],
        group=details["group"],
    )
    camp.trainees.append(made)
    return made


def _add(
    session: Session,
    camp: DiscussionCamp,
    name: str,
    account: int,
    role: Role,
    *,
    unit: str | None = None,
    post: str | None = None,
    group: str | None = None,
) -> Speaker:
    office = people.open_organisation(session, people.OFFICE)
    person = Person(organisation_id=office.id or 0, name=name, unit=unit, telegram_id=account, linked_at=NOON)
    session.add(person)
    session.flush()
    people.grant(
        session,
        person_id=person.id or 0,
        cohort_id=camp.cohort,
        role=role,
        actor=Actor(name="test"),
        now=NOON,
        group_name=group,
        post=post,
    )
    return Speaker(person.id or 0, account, name, "en")  # type: ignore[arg-type]
