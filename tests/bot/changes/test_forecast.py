from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.audit.service import Actor
from bot.changes import forecast, service
from bot.changes.reading import Draft
from bot.ids import PersonId
from bot.people.models import Cohort, Role
from bot.people.service import Speaker
from bot.timetable import editing, importing
from bot.timetable.editing import Wish
from bot.timetable.models import Activity
from bot.timetable.sheet_shapes import TimetableEntry
from bot.turn import Turns
from schedules.reminders import plant, push_befores
from tests.bot.timetable.sheets import row, sheet
from tests.support.camps import MONDAY, SUNDAY_NOON, TUESDAY, Camps, local
from tests.support.house import HandClock

pytestmark = pytest.mark.anyio
NOW = local(MONDAY, 8)
LECTURE, TALK = row(2, "Lecture", place="301"), row(3, "Talk", MONDAY, 14)
MOVED = row(2, "Lecture", hour=10, place="301")


@dataclass
class Desk:
    """A camp of three trainees, one of them in a group and one without an account, and its timetable of two rows."""

    camps: Camps
    cohort: Cohort
    now: datetime = NOW

    @property
    def cohort_id(self) -> int:
        return self.cohort.id or 0

    def foresee(self, *entries: TimetableEntry) -> Draft:
        def work(session: Session) -> Draft:
            found = importing.preview(session, cohort=self.cohort, timetable=sheet(*entries), now=self.now)
            return forecast.forecast_import(session, cohort=self.cohort, preview=found, now=self.now)

        return self.camps.see(work)

    def apply(self, *entries: TimetableEntry) -> Draft | None:
        def work(session: Session) -> Draft | None:
            before, actor = service.stand(session, self.cohort_id), Actor(name="test")
            importing.apply(session, cohort=self.cohort, timetable=sheet(*entries), actor=actor, now=self.now)
            return service.note_change(session, cohort_id=self.cohort_id, before=before, actor=actor, now=self.now)

        return self.camps.do(work)


@pytest.fixture
def desk(camps: Camps) -> Desk:
    desk = Desk(camps, camps.cohort(), SUNDAY_NOON)
    camps.person(desk.cohort)
    camps.person(desk.cohort, linked=False)
    camps.group(camps.person(desk.cohort), desk.cohort, "一组")
    desk.apply(LECTURE, TALK)
    desk.now = NOW
    return desk


def essence(draft: Draft | None) -> Any:
    """What a draft says, whatever number a new activity has."""
    assert draft is not None
    told = [(one.before, one.after) for one in draft.alterations]
    return draft.cost, dict(draft.messages), draft.unreached, draft.lecturers, draft.corrections, told


@pytest.mark.parametrize(
    "entries",
    [
        [MOVED, TALK],
        [row(2, "Lecture", place="305", notes="带笔"), TALK],
        [TALK],
        [LECTURE, TALK, row(4, "Visit", TUESDAY, 9, place="Lake")],
        [row(2, "Lecture", TUESDAY), row(3, "Talk", TUESDAY, 14), row(4, "New", TUESDAY, 16)],
    ],
    ids=["moved", "room and notes", "cancelled", "new", "all at once"],
)
def test_what_is_foreseen_of_a_file_is_what_is_told_after_it(desk: Desk, entries: list[TimetableEntry]) -> None:
    foreseen = desk.foresee(*entries)

    told = desk.apply(*entries)

    assert essence(foreseen) == essence(told)
    assert (foreseen.cost, foreseen.unreached) == (2, 1)


def test_the_groups_come_in_the_order_of_the_roster(desk: Desk) -> None:
    for group, is_linked in (("一组", False), ("三组", False), ("二组", True), ("三组", True)):
        desk.camps.group(desk.camps.person(desk.cohort, linked=is_linked), desk.cohort, group)

    assert list(desk.foresee(MOVED, TALK).messages.items()) == [(None, 1), ("一组", 1), ("三组", 1), ("二组", 1)]


def test_what_comes_back_is_foreseen_as_well(desk: Desk) -> None:
    desk.apply(TALK)

    foreseen = desk.foresee(LECTURE, TALK)

    assert (foreseen.cost, len(foreseen.alterations)) == (0, 0)
    assert essence(foreseen) == essence(desk.apply(LECTURE, TALK))


def test_what_waits_already_is_part_of_the_same_message(desk: Desk) -> None:
    desk.apply(MOVED, TALK)

    foreseen = desk.foresee(MOVED, row(3, "Talk", MONDAY, 15))

    assert (foreseen.cost, len(foreseen.alterations)) == (2, 2)
    assert essence(foreseen) == essence(desk.apply(MOVED, row(3, "Talk", MONDAY, 15)))


def test_a_file_that_changes_nothing_costs_nothing_although_something_waits(desk: Desk) -> None:
    desk.apply(MOVED, TALK)

    assert desk.foresee(MOVED, TALK).cost == 0


def test_before_the_camp_has_begun_new_activities_are_told_to_nobody(desk: Desk) -> None:
    desk.now = SUNDAY_NOON

    foreseen = desk.foresee(LECTURE, TALK, row(4, "Visit", TUESDAY, 9, place="Lake"))

    assert foreseen.cost == 0


async def test_reminders_of_the_old_time_that_have_gone_out_are_counted(desk: Desk) -> None:
    clock = HandClock(local(MONDAY, 8, 45))
    turns = Turns(desk.camps.database, clock)
    await plant(turns)
    await push_befores(turns)
    desk.now = clock.at + timedelta(minutes=1)

    foreseen = desk.foresee(MOVED, TALK)

    assert foreseen.corrections == 2
    assert desk.foresee(LECTURE, row(3, "Talk", MONDAY, 15)).corrections == 0
    assert essence(foreseen) == essence(desk.apply(MOVED, TALK))


@pytest.mark.parametrize("wish", [{"place": "305"}, {"cancel": True}, {"speaker": "李老师"}, {"swap": True}])
def test_what_is_foreseen_of_an_edit_is_what_is_told_after_it(desk: Desk, wish: dict[str, Any]) -> None:
    boss = desk.camps.person(desk.cohort, role=Role.COORDINATOR)
    desk.camps.person(desk.cohort, role=Role.TEACHER, name="李老师")
    speaker = Speaker(PersonId(boss.id or 0), boss.telegram_id or 0, "", "en")
    first, second = _numbers(desk)
    wanted = Wish(first, swap_with=second) if "swap" in wish else Wish(first, **wish)
    planned = desk.camps.see(lambda s: editing.plan(s, wish=wanted, speaker=speaker, now=NOW))

    foreseen = desk.camps.see(lambda s: forecast.forecast_edits(s, cohort=desk.cohort, edits=planned.edits, now=NOW))

    def save(session: Session) -> Draft | None:
        before = service.stand(session, desk.cohort_id)
        editing.save(session, wish=wanted, seen=planned.fingerprint, speaker=speaker, now=NOW)
        return service.note_change(session, cohort_id=desk.cohort_id, before=before, actor=speaker.actor, now=NOW)

    assert foreseen.cost == (3 if "speaker" in wish else 2)
    assert essence(foreseen) == essence(desk.camps.do(save))


def _numbers(desk: Desk) -> list[int]:
    query = Activity.__table__.select().where(Activity.__table__.c.cohort_id == desk.cohort_id)  # type: ignore[attr-defined]
    return desk.camps.see(lambda s: [row.id for row in s.connection().execute(query.order_by("id"))])
