"""A whole camp on a moved clock: what each person is sent, in order, with times, across restarts and a clock change."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot import invariants
from bot.audit.service import Actor
from bot.changes import service as changes
from bot.changes.messages import announce
from bot.i18n import translator
from bot.people.models import Person, Role
from bot.preferences import service as preferences
from bot.preferences.models import Topic
from bot.preferences.rules import QuietHours
from bot.preferences.service import Span
from bot.reminders.models import Reminder
from bot.timetable.models import Activity
from bot.turn import Turn
from tests.support.camps import MONDAY, TUESDAY, WEDNESDAY, Camps, local
from tests.support.clockwork import Clockwork, build, open_chats
from tests.support.house import HandClock

pytestmark = pytest.mark.anyio
SHANGHAI = ZoneInfo("Asia/Shanghai")
SUNDAY = MONDAY - timedelta(days=1)


class Story:
    """A camp of three days with people who want different things."""

    def __init__(self, clockwork: Clockwork) -> None:
        self.clockwork = clockwork
        self.camps = Camps(clockwork.house.database, now=clockwork.now)
        self.cohort = self.camps.cohort()
        self.plain = self._join("plain")
        self.first = self._join("first", group="一组")
        self.paused = self._join("paused")
        self.early = self._join("early")
        self.boss = self.camps.person(self.cohort, role=Role.COORDINATOR, name="boss")
        self._plan()

    @property
    def people(self) -> list[Person]:
        """Everybody with an account."""
        return [self.plain, self.first, self.paused, self.early, self.boss]

    def _join(self, name: str, group: str | None = None) -> Person:
        person = self.camps.person(self.cohort, name=name)
        if group:
            self.camps.group(person, self.cohort, group)
        return person

    def _plan(self) -> None:
        add = self.camps.activity
        add(self.cohort, MONDAY, (8, 10), (8, 50), "Bus to the hall", kind="乘车", notes="携带身份证")
        add(self.cohort, MONDAY, (9, 0), (11, 0), "Lecture", place="301", kind="讲座")
        add(self.cohort, MONDAY, (14, 0), (16, 0), "Discussion", place="302", kind="讨论", group_name="一组")
        self.visit = add(self.cohort, TUESDAY, (9, 0), (17, 0), "Site visit", place="East gate")
        add(self.cohort, WEDNESDAY, (10, 0), (11, 0), "Test", place="301")
        add(self.cohort, WEDNESDAY, (14, 0), (15, 0), "Closing", place="Hall")

    def move_the_visit(self) -> None:
        """Half past nine becomes ten, at another gate: ten minutes before it would have begun."""

        def work(turn: Turn) -> None:
            before = changes.stand(turn.session, self.cohort.id or 0)
            visit = turn.session.get_one(Activity, self.visit.id)
            visit.starts_at += timedelta(hours=1)
            visit.place = "West gate"
            turn.session.add(visit)
            actor = Actor(person_id=self.boss.id)
            draft = changes.note_change(
                turn.session, cohort_id=self.cohort.id or 0, before=before, actor=actor, now=turn.now
            )
            announce(turn, draft, self.boss.telegram_id, translator("en"))

        self.clockwork.house.take(work)

    def choose(self) -> None:
        """Say what they want."""

        def work(session: object) -> None:
            ids = {"person_id": self.paused.id or 0, "cohort_id": self.cohort.id or 0}
            for topic in (Topic.MORNING, Topic.EVENING, Topic.BEFORE):
                preferences.pause(session, **ids, topic=topic, span=Span.UNTIL_RESUMED, now=self.clockwork.now)  # type: ignore[arg-type]
            preferences.set_before(session, person_id=self.early.id or 0, minutes=60)  # type: ignore[arg-type]
            quiet = QuietHours(19 * 60, 8 * 60)
            preferences.set_quiet_hours(session, person_id=self.early.id or 0, hours=quiet)  # type: ignore[arg-type]

        self.camps.do(work)


@pytest.fixture
async def story(database_url: str) -> Story:
    house = await build(database_url, HandClock(local(SUNDAY, 19)))
    clockwork = Clockwork(house, database_url, SHANGHAI)
    told = Story(clockwork)
    await open_chats(clockwork, told.people)
    told.choose()
    return told


async def test_everybody_gets_what_they_want_once_and_in_order_across_restarts(story: Story) -> None:
    clockwork, start = story.clockwork, story.clockwork.now + timedelta(minutes=1)

    await clockwork.run(local(MONDAY, 6))
    await clockwork.restart()
    await clockwork.run(local(MONDAY, 12))
    await clockwork.restart(down=timedelta(minutes=110))
    await clockwork.run(local(MONDAY, 14))
    await clockwork.run(local(TUESDAY, 8, 50))
    story.move_the_visit()
    await clockwork.restart()
    await clockwork.run(local(TUESDAY, 8, 52))
    await clockwork.run(local(TUESDAY, 9))
    await clockwork.run(local(WEDNESDAY, 9, 40))
    await clockwork.restart(down=timedelta(minutes=30))
    await clockwork.run(local(WEDNESDAY, 13))
    await clockwork.run(local(WEDNESDAY, 22))

    heard = {person.name: clockwork.heard(person, start) for person in story.people}
    assert heard["plain"] == [
        "Sun 20:00 🌙 Tomorrow, Monday, December 7",
        "Mon 07:30 ☀️ Today, Monday, December 7",
        "Mon 08:45 ⏰ 09:00, in 15 minutes: Lecture",
        "Mon 20:00 🌙 Tomorrow, Tuesday, December 8",
        "Tue 08:45 ⏰ 09:00 Site visit",
        "Tue 08:52 📣 The timetable has changed",
        "Tue 09:45 ⏰ 10:00, in 15 minutes: Site visit",
        "Tue 20:00 🌙 Tomorrow, Wednesday, December 9",
        "Wed 07:30 ☀️ Today, Wednesday, December 9",
        "Wed 13:45 ⏰ 14:00, in 15 minutes: Closing",
    ]
    assert heard["first"] == [
        *heard["plain"][:3],
        "Mon 13:50 ⏰ 14:00, in 10 minutes: Discussion",
        *heard["plain"][3:],
    ]
    assert heard["paused"] == ["Tue 08:52 📣 The timetable has changed"]
    assert heard["early"] == [
        "Mon 08:00 ☀️ Today, Monday, December 7",
        "Mon 08:00 ⏰ 09:00, in 60 minutes: Lecture",
        "Tue 08:00 ☀️ Today, Tuesday, December 8",
        "Tue 08:00 ⏰ 09:00 Site visit",
        "Tue 08:52 📣 The timetable has changed",
        "Tue 09:00 ⏰ 10:00, in 60 minutes: Site visit",
        "Wed 08:00 ☀️ Today, Wednesday, December 9",
        "Wed 09:00 ⏰ 10:00, in 60 minutes: Test",
        "Wed 13:00 ⏰ 14:00, in 60 minutes: Closing",
    ]
    assert heard["boss"] == [
        "Mon 07:30 ☀️ Today, Monday, December 7",
        "Tue 07:30 ☀️ Today, Tuesday, December 8",
        "Tue 08:50 📣 The change was sent at 08:52",
        "Wed 07:30 ☀️ Today, Wednesday, December 9",
    ]


async def test_what_a_downtime_swallowed_is_on_record_and_nothing_waits_for_ever(story: Story) -> None:
    clockwork = story.clockwork
    await clockwork.run(local(WEDNESDAY, 9, 40), step=timedelta(hours=1))

    await clockwork.restart(down=timedelta(minutes=30))
    await clockwork.run(local(WEDNESDAY, 22), step=timedelta(hours=1))

    rows = story.camps.see(lambda s: s.scalars(select(Reminder).where(Reminder.minutes == 15)).all())
    assert [(row.outcome, row.reason) for row in rows if row.starts_at == local(WEDNESDAY, 10)] == [
        ("skipped", "too_late")
    ]
    assert all(row.settled_at is not None for row in rows)
    assert story.camps.see(invariants.check) == []


async def test_each_hour_is_the_local_one_on_both_sides_of_a_clock_change(database_url: str) -> None:
    saturday = date(2026, 10, 24)
    days = [saturday + timedelta(days=number) for number in range(3)]
    house = await build(database_url, HandClock(local(saturday, 12, zone="Europe/Berlin") - timedelta(days=1)))
    clockwork = Clockwork(house, database_url, ZoneInfo("Europe/Berlin"))
    camps = Camps(house.database, now=clockwork.now)
    cohort = camps.cohort(starts_on=days[0], ends_on=days[2], zone="Europe/Berlin")
    person = camps.person(cohort)
    for on in days:
        camps.activity(cohort, on, (9, 0), (10, 0), "Lecture")
        camps.activity(cohort, on, (11, 0), (12, 0), "Talk")
    await open_chats(clockwork, [person])
    start = clockwork.now + timedelta(minutes=1)

    await clockwork.run(local(days[2], 12, zone="Europe/Berlin"))

    assert clockwork.heard(person, start) == [
        "Fri 20:00 🌙 Tomorrow, Saturday, October 24",
        "Sat 07:30 ☀️ Today, Saturday, October 24",
        "Sat 08:45 ⏰ 09:00, in 15 minutes: Lecture",
        "Sat 10:45 ⏰ 11:00, in 15 minutes: Talk",
        "Sat 20:00 🌙 Tomorrow, Sunday, October 25",
        "Sun 07:30 ☀️ Today, Sunday, October 25",
        "Sun 08:45 ⏰ 09:00, in 15 minutes: Lecture",
        "Sun 10:45 ⏰ 11:00, in 15 minutes: Talk",
        "Sun 20:00 🌙 Tomorrow, Monday, October 26",
        "Mon 07:30 ☀️ Today, Monday, October 26",
        "Mon 08:45 ⏰ 09:00, in 15 minutes: Lecture",
        "Mon 10:45 ⏰ 11:00, in 15 minutes: Talk",
    ]


async def test_a_clock_that_is_set_back_repeats_nothing(story: Story) -> None:
    clockwork = story.clockwork
    await clockwork.run(local(MONDAY, 9, 30))
    before = [clockwork.heard(person) for person in story.people]

    clockwork.house.clock.at = local(MONDAY, 7)
    await clockwork.run(local(MONDAY, 9, 30))

    assert [clockwork.heard(person) for person in story.people] == before
