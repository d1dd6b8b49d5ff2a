import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot import crashpoints, invariants
from bot.people.models import Cohort, Person, Role
from bot.people.service import Speaker
from bot.preferences import service as preferences
from bot.preferences.models import Topic
from bot.preferences.rules import QuietHours
from bot.preferences.service import Span
from bot.recurrence import service as recurrence
from bot.reminders import planting, service
from bot.reminders.models import Reminder
from bot.timetable.models import Activity
from bot.turn import Turns
from schedules import reminders
from schedules.reminders import plant, push_befores, push_evenings
from schedules.timetable import push_mornings
from tests.support.camps import MONDAY, SUNDAY_NOON, TUESDAY, Camps, local
from tests.support.house import HandClock

pytestmark = pytest.mark.anyio
SUNDAY = MONDAY - timedelta(days=1)
EVENING = local(SUNDAY, 20)


class Stopped(Exception):
    """The process died here."""


class Clock:
    """The passes, and a clock that is moved by hand."""

    def __init__(self, camps: Camps) -> None:
        self.camps = camps
        self.clock = HandClock(SUNDAY_NOON)
        self.turns = Turns(camps.database, self.clock)

    async def at(self, *instants: datetime) -> None:
        """Let every pass run at each instant."""
        for now in instants:
            self.clock.at = now
            await plant(self.turns)
            await push_mornings(self.turns)
            await push_evenings(self.turns)
            await push_befores(self.turns)

    def texts(self, person: Person, kind: str = "") -> list[str]:
        """What a person is owed, of one kind of push."""
        rows = [row for row in self.camps.outbox if row.chat_id == person.telegram_id and row.key.startswith(kind)]
        return [json.loads(row.payload)["text"] for row in rows]

    def outcomes(self) -> list[tuple[int, str, str, int]]:
        """What became of each reminder."""
        rows = self.camps.see(lambda s: s.scalars(select(Reminder).order_by(Reminder.__table__.c.id)).all())  # type: ignore[attr-defined]
        return [(row.minutes, row.outcome, row.reason, row.told) for row in rows]


def edit(camps: Camps, activity: Activity, **values: Any) -> None:
    """Change an activity behind everybody's back."""

    def work(session: Any) -> None:
        row = session.get_one(Activity, activity.id)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)

    camps.do(work)


@pytest.fixture
def clock(camps: Camps) -> Clock:
    return Clock(camps)


@pytest.fixture
def cohort(camps: Camps) -> Cohort:
    return camps.cohort()


@pytest.fixture
def person(camps: Camps, cohort: Cohort) -> Person:
    return camps.person(cohort)


def choose(camps: Camps, person: Person, **choices: Any) -> None:
    """Set what a person wants."""
    who = person.id or 0
    if "quiet" in choices:
        camps.do(lambda s: preferences.set_quiet_hours(s, person_id=who, hours=choices["quiet"]))
    if "before" in choices:
        camps.do(lambda s: preferences.set_before(s, person_id=who, minutes=choices["before"]))
    if "silent" in choices:
        camps.do(lambda s: preferences.set_silent(s, person_id=who, is_silent=choices["silent"]))


def pause(camps: Camps, person: Person, cohort: Cohort, topic: Topic) -> None:
    """Let a person pause a topic."""
    ids = {"person_id": person.id or 0, "cohort_id": cohort.id or 0}
    camps.do(lambda s: preferences.pause(s, **ids, topic=topic, span=Span.CAMP, now=SUNDAY_NOON))


async def test_the_reminder_comes_fifteen_minutes_before_and_not_a_second_earlier(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    camps.activity(cohort, MONDAY, (14, 0), (15, 0), "Lecture", place="301", notes="携带笔记本")

    await clock.at(SUNDAY_NOON, local(MONDAY, 13), local(MONDAY, 13, 45) - timedelta(seconds=1))
    before = clock.texts(person, "before")
    await clock.at(local(MONDAY, 13, 45), local(MONDAY, 13, 46))

    assert before == []
    assert clock.texts(person, "before") == ["⏰ <b>14:00, in 15 minutes: Lecture</b>\n📍 301\n🎒 Please bring: 笔记本"]
    assert clock.outcomes() == [(15, "sent", "", 1)]


async def test_a_bus_is_announced_forty_minutes_before_and_each_kind_as_the_cohort_wants_it(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    boss = camps.person(cohort, role=Role.COORDINATOR)
    speaker = Speaker(boss.id or 0, boss.telegram_id or 0, "", "")  # type: ignore[arg-type]
    for kind, minutes in (("讨论", 5), ("", 20), ("考试", 0)):
        camps.do(
            lambda s, kind=kind, minutes=minutes: service.set_lead(  # type: ignore[misc]
                s, speaker=speaker, cohort_id=cohort.id or 0, kind=kind, minutes=minutes, now=SUNDAY_NOON
            )
        )
    for hour, kind in ((12, "乘车"), (14, "讨论"), (16, "讲座"), (18, "考试")):
        camps.activity(cohort, MONDAY, (hour, 0), (hour + 1, 0), kind or "Any", kind=kind)

    await clock.at(SUNDAY_NOON, *(local(MONDAY, 10) + timedelta(minutes=5 * step) for step in range(100)))

    assert [text[: text.index(":", 12)] for text in clock.texts(person, "before")] == [
        "⏰ <b>12:00, in 40 minutes",
        "⏰ <b>14:00, in 5 minutes",
        "⏰ <b>16:00, in 20 minutes",
    ]


async def test_somebody_who_wants_it_earlier_gets_it_earlier_and_once(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    early = camps.person(cohort)
    choose(camps, early, before=60)
    camps.activity(cohort, MONDAY, (14, 0), (15, 0))
    await clock.at(local(MONDAY, 12), local(MONDAY, 13))
    choose(camps, early, before=10)

    await clock.at(local(MONDAY, 13, 45), local(MONDAY, 13, 50))

    assert len(clock.texts(early, "before")) == len(clock.texts(person, "before")) == 1


async def test_only_the_activitys_own_group_is_reminded(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    member = camps.person(cohort)
    camps.group(member, cohort, "一组")
    camps.activity(cohort, MONDAY, (14, 0), (15, 0), group_name="一组")

    await clock.at(SUNDAY_NOON, local(MONDAY, 13, 45))

    assert (len(clock.texts(member, "before")), clock.texts(person, "before")) == (1, [])


async def test_a_paused_reminder_does_not_come_and_that_is_on_record(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    camps.activity(cohort, MONDAY, (14, 0), (15, 0))
    pause(camps, person, cohort, Topic.BEFORE)

    await clock.at(SUNDAY_NOON, local(MONDAY, 13, 45))

    assert clock.texts(person, "before") == []
    assert clock.outcomes() == [(15, "nothing", "nobody", 0)]


async def test_every_push_has_the_pause_button_and_silent_mode_takes_its_sound(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    choose(camps, person, silent=True)
    camps.activity(cohort, MONDAY, (14, 0), (15, 0))
    camps.activity(cohort, MONDAY, (16, 0), (17, 0))

    await clock.at(SUNDAY_NOON, EVENING, local(MONDAY, 7, 30), local(MONDAY, 13, 45))

    payloads = [json.loads(row.payload) for row in camps.outbox]
    pauses = [
        [button["callback_data"] for row in one["reply_markup"]["inline_keyboard"] for button in row][-1]
        for one in payloads
    ]
    assert pauses == [f"preferences:pause:{topic}:{cohort.id}" for topic in ("evening", "morning", "before")]
    assert [one.get("disable_notification") for one in payloads] == [True, True, True]


async def test_quiet_hours_put_a_reminder_off_where_it_still_makes_sense_and_else_leave_it_out(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    choose(camps, person, quiet=QuietHours(12 * 60, 13 * 60 + 50))
    camps.activity(cohort, MONDAY, (13, 0), (13, 30), "Lost")
    camps.activity(cohort, MONDAY, (14, 0), (15, 0), "Late")

    await clock.at(SUNDAY_NOON, local(MONDAY, 12, 45), local(MONDAY, 13, 45))

    (row,) = [row for row in camps.outbox if row.key.startswith("before")]
    assert row.due_at == local(MONDAY, 13, 50)
    assert "14:00, in 10 minutes: Late" in json.loads(row.payload)["text"]


async def test_the_evening_says_what_is_first_tomorrow_and_what_to_bring(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    camps.activity(cohort, MONDAY, (8, 30), (9, 0), "Registration", place="Hall", notes="携带身份证")
    camps.activity(cohort, MONDAY, (14, 0), (17, 30), "Visit", notes="自带雨伞")

    await clock.at(SUNDAY_NOON, EVENING - timedelta(seconds=1), EVENING, EVENING + timedelta(seconds=1))

    assert clock.texts(person) == [
        "🌙 <b>Tomorrow, Monday, December 7</b>\nCamp\n\n"
        "First: <b>08:30 Registration · Hall</b>\nThen 1 more until 17:30.\n"
        "🎒 Please bring: 身份证\n🎒 Please bring: 雨伞 (14:00 Visit)"
    ]


async def test_before_a_day_without_activities_the_evening_is_silent(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    camps.activity(cohort, TUESDAY)

    await clock.at(SUNDAY_NOON, EVENING)

    assert clock.texts(person) == []


async def test_a_day_of_one_activity_is_told_once_in_the_evening_or_in_the_morning(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    without_evening = camps.person(cohort)
    pause(camps, without_evening, cohort, Topic.EVENING)
    camps.activity(cohort, MONDAY, (14, 0), (15, 0), "Lecture")

    await clock.at(SUNDAY_NOON, EVENING, local(MONDAY, 7, 30))

    assert [len(clock.texts(person, kind)) for kind in ("evening", "morning")] == [1, 0]
    assert [len(clock.texts(without_evening, kind)) for kind in ("evening", "morning")] == [0, 1]


async def test_what_changed_overnight_is_told_in_the_morning_all_the_same(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    activity = camps.activity(cohort, MONDAY, (14, 0), (15, 0), "Lecture")
    await clock.at(SUNDAY_NOON, EVENING)
    edit(camps, activity, place="Another room")

    await clock.at(local(MONDAY, 7, 30))

    assert len(clock.texts(person, "morning")) == 1


async def test_a_reminder_that_falls_together_with_the_morning_push_merges_with_it(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    no_morning = camps.person(cohort)
    pause(camps, no_morning, cohort, Topic.MORNING)
    camps.activity(cohort, MONDAY, (8, 10), (8, 50), "Bus", kind="乘车")
    camps.activity(cohort, MONDAY, (9, 0), (10, 0), "Lecture")

    await clock.at(SUNDAY_NOON, local(MONDAY, 7, 30), local(MONDAY, 7, 31), local(MONDAY, 7, 35))

    assert [len(clock.texts(person, kind)) for kind in ("morning", "before")] == [1, 0]
    assert [len(clock.texts(no_morning, kind)) for kind in ("morning", "before")] == [0, 1]


async def test_a_downtime_makes_a_reminder_late_until_the_activity_begins_and_then_it_is_recorded(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    camps.activity(cohort, MONDAY, (12, 0), (13, 0), "Missed")
    camps.activity(cohort, MONDAY, (14, 0), (15, 0), "Late")
    await clock.at(SUNDAY_NOON)

    await clock.at(local(MONDAY, 13, 55))

    assert [text for text in clock.texts(person, "before") if "Missed" in text] == []
    assert "14:00, in 5 minutes: Late" in clock.texts(person, "before")[0]
    assert clock.outcomes() == [(15, "skipped", "too_late", 0), (15, "sent", "", 1)]


async def test_beginnings_that_a_long_downtime_passed_over_are_recorded_too(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    for on in (MONDAY, TUESDAY):
        camps.activity(cohort, on, (14, 0), (15, 0))
    await clock.at(SUNDAY_NOON - timedelta(days=3))

    await clock.at(local(TUESDAY, 20))

    assert clock.outcomes() == [(15, "skipped", "too_late", 0)] * 2
    assert camps.see(invariants.check) == []


async def test_an_evening_missed_by_more_than_its_grace_is_recorded_and_the_coordinators_are_told(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    boss = camps.person(cohort, role=Role.COORDINATOR)
    camps.activity(cohort, MONDAY, (14, 0), (15, 0))
    await clock.at(SUNDAY_NOON)

    await clock.at(EVENING + timedelta(hours=3, seconds=1))

    row = camps.see(lambda s: recurrence.find_recurrence(s, cohort.id or 0, service.EVENING))
    assert row is not None
    days = camps.see(lambda s: recurrence.occurrences(s, row.id or 0))
    assert [(day.on, day.outcome, day.reason) for day in days] == [(SUNDAY, "skipped", "too_late")]
    assert clock.texts(person) == []
    assert "Monday, December 7" in clock.texts(boss)[0]


async def test_a_moved_activity_is_reminded_of_at_its_new_time_only(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    activity = camps.activity(cohort, MONDAY, (14, 0), (15, 0), "Lecture")
    await clock.at(SUNDAY_NOON)
    edit(camps, activity, starts_at=local(MONDAY, 16), ends_at=local(MONDAY, 17))

    await clock.at(local(MONDAY, 13, 45), local(MONDAY, 15, 45))

    assert [text[:30] for text in clock.texts(person, "before")] == ["⏰ <b>16:00, in 15 minutes: Lec"]
    assert clock.outcomes() == [(15, "skipped", "moved", 0), (15, "sent", "", 1)]


async def test_a_cancelled_activity_is_not_reminded_of(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    activity = camps.activity(cohort, MONDAY, (14, 0), (15, 0))
    await clock.at(SUNDAY_NOON)
    edit(camps, activity, cancelled_at=SUNDAY_NOON)

    await clock.at(local(MONDAY, 13, 45))

    assert clock.texts(person, "before") == []
    assert clock.outcomes() == [(15, "skipped", "cancelled", 0)]


async def test_another_lead_for_a_kind_replaces_what_was_planted(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    boss = camps.person(cohort, role=Role.COORDINATOR)
    camps.activity(cohort, MONDAY, (14, 0), (15, 0), kind="讲座")
    await clock.at(SUNDAY_NOON)
    speaker = Speaker(boss.id or 0, boss.telegram_id or 0, "", "")  # type: ignore[arg-type]
    camps.do(
        lambda s: service.set_lead(
            s, speaker=speaker, cohort_id=cohort.id or 0, kind="讲座", minutes=30, now=SUNDAY_NOON
        )
    )

    await clock.at(local(MONDAY, 13, 30), local(MONDAY, 13, 45))

    assert [text[:26] for text in clock.texts(person, "before")] == ["⏰ <b>14:00, in 30 minutes:"]
    assert clock.outcomes() == [(15, "skipped", "replaced", 0), (30, "sent", "", 1)]


async def test_the_evening_comes_at_the_hour_that_the_coordinator_has_set(
    camps: Camps, clock: Clock, cohort: Cohort, person: Person
) -> None:
    boss = camps.person(cohort, role=Role.COORDINATOR)
    camps.activity(cohort, MONDAY, (14, 0), (15, 0))
    speaker = Speaker(boss.id or 0, boss.telegram_id or 0, "", "")  # type: ignore[arg-type]
    camps.do(
        lambda s: service.set_evening(s, speaker=speaker, cohort_id=cohort.id or 0, at=time(18, 30), now=SUNDAY_NOON)
    )

    await clock.at(SUNDAY_NOON, local(SUNDAY, 18, 29), local(SUNDAY, 18, 30))

    assert len(clock.texts(person, "evening")) == 1


@pytest.mark.parametrize("nth", range(1, 5))
async def test_wherever_the_process_dies_everybody_is_reminded_exactly_once(
    camps: Camps, clock: Clock, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    monkeypatch.setattr(reminders, "PAGE", 2)
    monkeypatch.setattr(reminders, "ENOUGH", 2)
    cohorts = [camps.cohort(f"Camp {number}") for number in range(2)]
    owed = []
    for cohort in cohorts:
        activity = camps.activity(cohort, MONDAY, (14, 0), (15, 0))
        begins = int(local(MONDAY, 14).timestamp())
        owed += [f"before:{activity.id}:{begins}:{camps.person(cohort).id}" for _ in range(3)]
    clock.clock.at = local(MONDAY, 13)
    await plant(clock.turns)
    arm(monkeypatch, nth)

    clock.clock.at = local(MONDAY, 13, 45)
    with pytest.raises(Stopped):
        await push_befores(clock.turns)
    monkeypatch.setattr(crashpoints, "hook", None)
    clock.clock.at += timedelta(minutes=2)
    await push_befores(clock.turns)

    assert [key for key in camps.keys if key.startswith("before")] == sorted(owed)


async def test_planting_goes_in_parts_and_goes_on_where_the_process_died(
    camps: Camps, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "PLANTS", 1)
    monkeypatch.setattr(reminders, "NEW_EVENINGS", 1)
    cohorts = [camps.cohort(f"Camp {number}") for number in range(3)]
    for cohort in cohorts:
        camps.activity(cohort, MONDAY, (9, 0), (10, 0))
    missing = await clock.turns.read(lambda session: planting.find_missing(session, SUNDAY_NOON))
    await clock.turns.take(lambda turn: planting.plant(turn.session, missing.rows[:1]))
    await clock.turns.take(lambda turn: planting.begin_evenings(turn.session, missing.new_evenings[:1], turn.now))

    planted = [await plant(clock.turns), await plant(clock.turns)]

    assert planted == [2, 0]
    assert len(clock.outcomes()) == 3
    assert [evening_of(camps, cohort) for cohort in cohorts] == [(SUNDAY, EVENING)] * 3


async def test_an_evening_whose_camp_moved_to_another_zone_is_brought_into_line(camps: Camps, clock: Clock) -> None:
    cohort = camps.cohort()
    await plant(clock.turns)

    camps.rezone(cohort, "Asia/Tokyo")
    await plant(clock.turns)

    assert evening_of(camps, cohort) == (SUNDAY, EVENING - timedelta(hours=1))


def evening_of(camps: Camps, cohort: Cohort) -> tuple[date, datetime | None] | None:
    """The day and the instant of a camp's next evening."""
    row = camps.see(lambda s: recurrence.find_recurrence(s, cohort.id or 0, service.EVENING))
    return (row.next_on, row.due_at) if row else None


def arm(monkeypatch: pytest.MonkeyPatch, nth: int) -> None:
    """Die the nth time a transaction of a pass is about to commit."""
    reached = 0

    def stop(place: str) -> None:
        nonlocal reached
        reached += place == "schedule:before-commit"
        if reached == nth:
            raise Stopped

    hook: Callable[[str], None] = stop
    monkeypatch.setattr(crashpoints, "hook", hook)


async def test_the_end_of_a_february_without_a_29th_is_no_trouble(camps: Camps, clock: Clock) -> None:
    last = date(2027, 2, 28)
    cohort = camps.cohort(starts_on=last, ends_on=last + timedelta(days=1))
    person = camps.person(cohort)
    camps.activity(cohort, last + timedelta(days=1), (9, 0), (10, 0))

    await clock.at(local(last, 19), local(last, 20))

    assert "Tomorrow, Monday, March 1" in clock.texts(person, "evening")[0]
