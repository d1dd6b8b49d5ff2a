import json
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy import select

from bot.audit.models import Change
from bot.audit.service import Actor
from bot.people.models import Cohort
from bot.recurrence import service as recurrence
from bot.timetable import importing
from bot.timetable.importing import Applied, NothingToImport, Preview, TimetableMoved
from bot.timetable.models import Activity
from bot.timetable.service import MORNING
from bot.timetable.sheet_shapes import Field, Problem, ProblemKind, Timetable
from tests.bot.timetable.sheets import row, sheet
from tests.support.camps import MONDAY, SUNDAY_NOON, TUESDAY, Camps, local

ACTOR = Actor(name="test")
LECTURE, VISIT = row(2, "Lecture", place="301"), row(3, "Visit", TUESDAY, 14, notes="携带身份证")


@dataclass
class Desk:
    """A cohort whose timetable is imported."""

    camps: Camps
    cohort: Cohort

    def preview(self, timetable: Timetable, now: datetime = SUNDAY_NOON) -> Preview:
        return self.camps.see(lambda s: importing.preview(s, cohort=self.cohort, timetable=timetable, now=now))

    def apply(self, *entries: Any, now: datetime = SUNDAY_NOON, expected: str | None = None) -> Applied:
        return self.apply_sheet(sheet(*entries), now, expected)

    def apply_sheet(self, timetable: Timetable, now: datetime = SUNDAY_NOON, expected: str | None = None) -> Applied:
        return self.camps.do(
            lambda s: importing.apply(
                s, cohort=self.cohort, timetable=timetable, actor=ACTOR, now=now, expected=expected
            )
        )

    @property
    def activities(self) -> list[Activity]:
        query = select(Activity).order_by(Activity.__table__.c.id)  # type: ignore[attr-defined]
        return self.camps.see(lambda s: list(s.scalars(query)))

    @property
    def standing(self) -> list[str]:
        return [one.title for one in self.activities if one.cancelled_at is None]

    @property
    def log(self) -> list[tuple[str, Any, Any]]:
        query = select(Change).where(Change.__table__.c.subject == "activity")  # type: ignore[attr-defined]
        changes = self.camps.see(lambda s: list(s.scalars(query)))
        return [(one.action, json.loads(one.before or "null"), json.loads(one.after or "null")) for one in changes]


@pytest.fixture
def desk(camps: Camps) -> Desk:
    return Desk(camps, camps.cohort())


def test_a_preview_says_what_is_new_and_writes_nothing(desk: Desk) -> None:
    found = desk.preview(sheet(LECTURE, VISIT))

    assert [entry.title for entry in found.new] == ["Lecture", "Visit"]
    assert desk.activities == []


def test_an_import_writes_local_times_as_instants(desk: Desk) -> None:
    desk.apply(LECTURE, VISIT)

    assert [(one.title, one.starts_at, one.ends_at, one.place, one.notes) for one in desk.activities] == [
        ("Lecture", local(MONDAY, 9), local(MONDAY, 10), "301", ""),
        ("Visit", local(TUESDAY, 14), local(TUESDAY, 15), "", "携带身份证"),
    ]


def test_each_new_activity_stands_in_the_change_log(desk: Desk) -> None:
    desk.apply(LECTURE)

    assert desk.log == [
        (
            "create",
            None,
            {
                "starts_at": local(MONDAY, 9).isoformat(),
                "ends_at": local(MONDAY, 10).isoformat(),
                "title": "Lecture",
                "place": "301",
            },
        )
    ]


def test_an_import_sets_up_the_morning_push(desk: Desk) -> None:
    desk.cohort.push_at = time(6, 45)

    desk.apply(LECTURE)

    found = desk.camps.see(lambda s: recurrence.find_recurrence(s, desk.cohort.id or 0, MORNING))
    assert found is not None
    assert found.due_at == local(MONDAY, 6, 45)


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    desk.apply(LECTURE, VISIT)
    before = (desk.activities, desk.log)

    again = desk.apply(LECTURE, VISIT)

    assert (again.created, again.changed, again.cancelled, again.unchanged) == ((), (), (), 2)
    assert (desk.activities, desk.log) == before


def test_a_preview_of_the_same_file_says_that_nothing_changes(desk: Desk) -> None:
    desk.apply(LECTURE, VISIT)

    assert not desk.preview(sheet(LECTURE, VISIT)).changes_something


def test_another_room_is_a_change_of_the_same_activity(desk: Desk) -> None:
    first = desk.apply(LECTURE)

    done = desk.apply(row(2, "Lecture", place="302"))

    assert done.changed == first.created
    assert [(one.place, one.version) for one in desk.activities] == [("302", 1)]
    assert desk.log[-1] == ("change", {"place": "301"}, {"place": "302"})


def test_another_hour_moves_the_activity(desk: Desk) -> None:
    desk.apply(LECTURE)

    desk.apply(row(2, "Lecture", TUESDAY, 15, place="301"))

    assert [(one.starts_at, one.ends_at) for one in desk.activities] == [(local(TUESDAY, 15), local(TUESDAY, 16))]
    assert desk.log[-1] == (
        "change",
        {"on": "2026-12-07", "starts": "09:00:00", "ends": "10:00:00"},
        {"on": "2026-12-08", "starts": "15:00:00", "ends": "16:00:00"},
    )


def test_a_column_the_file_does_not_have_changes_nothing(desk: Desk) -> None:
    desk.apply(LECTURE)

    desk.apply_sheet(sheet(row(2, "Lecture"), fields=(Field.DATE, Field.START, Field.END, Field.TITLE)))

    assert [(one.place, one.version) for one in desk.activities] == [("301", 0)]


def test_what_the_file_leaves_out_is_cancelled_and_kept_for_the_record(desk: Desk) -> None:
    desk.apply(LECTURE, VISIT)

    done = desk.apply(LECTURE)

    assert len(done.cancelled) == 1
    assert desk.standing == ["Lecture"]
    assert [(one.title, one.cancelled_at, one.version) for one in desk.activities][1] == ("Visit", SUNDAY_NOON, 1)
    assert desk.log[-1][0] == "cancel"


def test_a_cancelled_activity_that_is_in_the_file_again_comes_back_as_itself(desk: Desk) -> None:
    first = desk.apply(LECTURE, VISIT)
    desk.apply(LECTURE)

    done = desk.apply(LECTURE, row(3, "Visit", TUESDAY, 14, place="east gate"))

    assert done.restored == first.created[1:]
    assert [(one.title, one.place, one.cancelled_at, one.version) for one in desk.activities][1] == (
        "Visit",
        "east gate",
        None,
        2,
    )
    assert desk.log[-1][0] == "restore"


def test_a_cancelled_activity_at_another_hour_is_a_new_one(desk: Desk) -> None:
    desk.apply(LECTURE, VISIT)
    desk.apply(LECTURE)

    done = desk.apply(LECTURE, row(3, "Visit", TUESDAY, 16))

    assert (len(done.created), done.restored) == (1, ())


def test_what_has_begun_is_not_cancelled_by_a_later_file(desk: Desk) -> None:
    desk.apply(LECTURE, VISIT)

    done = desk.apply(VISIT, now=local(MONDAY, 9))

    assert done.cancelled == ()
    assert desk.standing == ["Lecture", "Visit"]


def test_a_preview_names_what_has_begun_and_stays(desk: Desk) -> None:
    desk.apply(LECTURE, VISIT)

    found = desk.preview(sheet(VISIT), now=local(MONDAY, 9))

    assert [one.title for one in found.kept] == ["Lecture"]
    assert (found.removed, found.changes_something) == ((), False)


def test_an_activity_outside_the_camp_can_be_taken_back_though_it_is_past(desk: Desk) -> None:
    desk.apply(LECTURE)
    desk.camps.activity(desk.cohort, date(2025, 12, 8), title="Typing error")

    done = desk.apply(LECTURE)

    assert len(done.cancelled) == 1


def test_nothing_is_cancelled_while_a_row_could_not_be_read(desk: Desk) -> None:
    desk.apply(LECTURE, VISIT)

    found = desk.preview(sheet(LECTURE, problems=(Problem(3, ProblemKind.BAD_TIME, "25:00"),)))

    assert (found.blocked, found.removed) == (True, ())
    assert [one.title for one in found.kept] == ["Visit"]


@pytest.mark.parametrize("kind", [ProblemKind.DUPLICATE, ProblemKind.OVERLAP])
def test_problems_that_hide_no_row_let_the_rest_be_cancelled(desk: Desk, kind: ProblemKind) -> None:
    desk.apply(LECTURE, VISIT)

    found = desk.preview(sheet(LECTURE, problems=(Problem(4, kind, "Lecture", (2,)),)))

    assert [one.title for one in found.removed] == ["Visit"]


def test_a_file_without_a_usable_row_is_refused_and_nothing_is_cancelled(desk: Desk) -> None:
    desk.apply(LECTURE)

    with pytest.raises(NothingToImport):
        desk.apply()

    assert desk.standing == ["Lecture"]


def test_a_preview_that_is_out_of_date_cannot_be_confirmed(desk: Desk) -> None:
    seen = desk.preview(sheet(LECTURE)).fingerprint
    desk.apply(LECTURE)

    with pytest.raises(TimetableMoved):
        desk.apply(LECTURE, expected=seen)


def test_a_preview_that_still_holds_can_be_confirmed(desk: Desk) -> None:
    seen = desk.preview(sheet(LECTURE)).fingerprint

    done = desk.apply(LECTURE, expected=seen)

    assert len(done.created) == 1


def test_another_cohorts_timetable_is_left_alone(desk: Desk) -> None:
    other = Desk(desk.camps, desk.camps.cohort("Other"))
    other.apply(VISIT)

    desk.apply(LECTURE)

    assert desk.standing == ["Visit", "Lecture"]
