"""What is wrong with a timetable file in the light of what is known already: a clear line, and nothing changed."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from msgspec.structs import replace
from sqlmodel import select

from bot.audit.service import Actor
from bot.people.models import Cohort
from bot.sheets.reader import read_workbook_now
from bot.timetable import importing
from bot.timetable.importing import Preview
from bot.timetable.models import Activity
from bot.timetable.sheet import read_timetable
from bot.timetable.sheet_shapes import Number, ProblemKind, Timetable, TimetableEntry
from tests.bot.timetable.sheets import row, sheet
from tests.support.camps import MONDAY, SUNDAY_NOON, TUESDAY, Camps, local

HEAD = ("日期", "开始时间", "结束时间", "课程名称")


@dataclass
class Desk:
    camps: Camps
    cohort: Cohort
    folder: Path

    def preview(self, timetable: Timetable, now: object = SUNDAY_NOON) -> Preview:
        return self.camps.see(
            lambda s: importing.preview(s, cohort=self.cohort, timetable=timetable, now=now)  # type: ignore[arg-type]
        )

    def kinds(self, *entries: TimetableEntry, now: object = SUNDAY_NOON) -> list[tuple[int, ProblemKind]]:
        return [(one.row, one.kind) for one in self.preview(sheet(*entries), now).problems]

    def read(self, rows: Sequence[Sequence[object]], **options: object) -> Timetable:
        """Write a real workbook and read it as a sent one is read."""
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"in_memory": True, **options}) as book:
            day, hour = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm"})
            page = book.add_worksheet()
            for number, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        page.write_datetime(number, column, cell, day)
                    elif isinstance(cell, float):
                        page.write_number(number, column, cell, hour)
                    else:
                        page.write(number, column, cell)
        path = self.folder / "t.xlsx"
        path.write_bytes(content.getvalue())
        found = read_timetable(
            read_workbook_now(path, name="t.xlsx"),
            first_day=self.cohort.starts_on,
            last_day=self.cohort.ends_on,
            zone=ZoneInfo(self.cohort.time_zone),
        )
        assert isinstance(found, Timetable)
        return found

    def count(self) -> int:
        return self.camps.see(lambda s: len(s.exec(select(Activity)).all()))


@pytest.fixture
def desk(camps: Camps, tmp_path: Path) -> Desk:
    return Desk(camps, camps.cohort(), tmp_path)


def test_a_new_row_in_the_past_is_left_out_of_a_camp_that_has_not_begun(desk: Desk) -> None:
    found = desk.preview(sheet(row(2, "Opening"), row(3, "Slip", MONDAY - timedelta(days=5))))

    assert [(one.row, one.kind, one.text) for one in found.problems] == [(3, ProblemKind.PAST, "2026-12-02 09:00")]
    assert [entry.title for entry in found.new] == ["Opening"]
    assert found.blocked


def test_during_a_camp_an_hour_that_is_over_may_be_put_on_record_with_a_warning(desk: Desk) -> None:
    found = desk.preview(sheet(row(2, "Improvised")), now=local(TUESDAY, 12))

    assert [(one.row, one.kind) for one in found.problems] == [(2, ProblemKind.PAST_TOO)]
    assert len(found.new) == 1


def test_what_stands_already_is_not_called_past(desk: Desk) -> None:
    desk.camps.activity(desk.cohort, MONDAY, (9, 0), (10, 0), "Opening")

    assert desk.kinds(row(2, "Opening"), now=local(TUESDAY, 12)) == []


def test_a_timetable_of_another_year_is_refused_row_by_row_and_changes_nothing(desk: Desk) -> None:
    last_year = desk.read([HEAD, ("2025-12-07", "9:00", "10:00", "开班式"), ("2025-12-08", "9:00", "10:00", "研讨")])

    found = desk.preview(last_year)

    assert [(one.row, one.kind) for one in found.problems] == [
        (2, ProblemKind.ANOTHER_YEAR),
        (3, ProblemKind.ANOTHER_YEAR),
    ]
    assert (found.entries, found.changes_something) == (0, False)


@pytest.mark.parametrize(
    ("cells", "kind", "text"),
    [
        (("2026-12-07", "25:00", "26:00", "课"), ProblemKind.NO_SUCH_TIME, "25:00"),
        (("2027-02-29", "9:00", "10:00", "课"), ProblemKind.NO_SUCH_DATE, "2027-02-29"),
        (("29 February 2027", "9:00", "10:00", "课"), ProblemKind.NO_SUCH_DATE, "29 February 2027"),
        (("2026-12-07", "10:00", "9:00", "课"), ProblemKind.END_NOT_AFTER_START, "10:00-09:00"),
        (("soon", "9:00", "10:00", "课"), ProblemKind.BAD_DATE, "soon"),
    ],
)
def test_a_row_that_cannot_be_is_named_with_its_number_and_text(
    desk: Desk, cells: tuple[str, ...], kind: ProblemKind, text: str
) -> None:
    found = desk.preview(desk.read([("课程表",), HEAD, ("2026-12-07", "8:00", "9:00", "报到"), cells]))

    assert [(one.row, one.kind, one.text) for one in found.problems] == [(4, kind, text)]
    assert desk.count() == 0


@pytest.mark.parametrize(
    "text", ["2026-12-07", "2026/12/7", "2026年12月7日", "12月7日（周一）", "2026.12.7", "Dec 7, 2026"]
)
def test_dates_that_are_text_are_read(desk: Desk, text: str) -> None:
    (entry,) = desk.read([HEAD, (text, "9:00", "10:00", "课")]).entries

    assert entry.on == MONDAY


def test_a_workbook_that_counts_from_1904_says_the_same_days(desk: Desk) -> None:
    cells = (MONDAY, 9 / 24, 10 / 24, "课")

    (from_1904,) = desk.read([HEAD, cells], default_date_format=None, date_1904=True).entries
    (from_1900,) = desk.read([HEAD, cells]).entries

    assert (from_1904.on, from_1904.starts, from_1904.ends) == (from_1900.on, from_1900.starts, from_1900.ends)
    assert from_1904.on == MONDAY


def test_a_day_that_the_zone_left_out_is_refused(camps: Camps, tmp_path: Path) -> None:
    gap = date(2011, 12, 30)
    desk = Desk(camps, camps.cohort(starts_on=gap, ends_on=gap, zone="Pacific/Apia"), tmp_path)

    found = desk.read([HEAD, ("2011-12-30", "9:00", "10:00", "课")])

    assert [(one.row, one.kind) for one in found.problems] == [(2, ProblemKind.NO_SUCH_DAY_HERE)]
    assert found.entries == ()


def test_an_hour_that_the_clocks_skip_is_refused(camps: Camps, tmp_path: Path) -> None:
    spring = date(2027, 3, 28)
    desk = Desk(camps, camps.cohort(starts_on=spring, ends_on=spring, zone="Europe/Berlin"), tmp_path)

    found = desk.read([HEAD, ("2027-03-28", "2:30", "4:00", "课")])

    assert [one.kind for one in found.problems] == [ProblemKind.SKIPPED_BY_CLOCK_CHANGE]


def test_two_of_one_title_that_both_moved_are_pointed_out(desk: Desk) -> None:
    for hour in (9, 14):
        desk.camps.activity(desk.cohort, MONDAY, (hour, 0), (hour + 1, 0), "Discussion")

    found = desk.preview(sheet(row(2, "Discussion", TUESDAY, 9), row(3, "Discussion", TUESDAY, 14)))

    assert [(one.row, one.kind) for one in found.problems] == [
        (2, ProblemKind.SAME_TITLE),
        (3, ProblemKind.SAME_TITLE),
    ]


def test_with_their_numbers_two_of_one_title_are_told_apart(desk: Desk) -> None:
    ids = [desk.camps.activity(desk.cohort, MONDAY, (hour, 0), (hour + 1, 0), "Discussion").id or 0 for hour in (9, 14)]
    rows = [
        replace(row(number, "Discussion", TUESDAY, hour), number=Number(desk.cohort.id or 0, activity_id))
        for number, hour, activity_id in zip((2, 3), (14, 9), ids, strict=True)
    ]

    found = desk.preview(sheet(*rows))

    assert (found.new, found.removed, len(found.changed)) == ((), (), 2)
    assert {(match.activity.activity_id, match.entry.starts.hour) for match in found.changed} == {
        (ids[0], 14),
        (ids[1], 9),
    }


def test_a_cancelled_activity_comes_back_by_its_number_even_when_it_was_renamed(desk: Desk) -> None:
    one = desk.camps.activity(desk.cohort, MONDAY, (9, 0), (10, 0), "Old", cancelled_at=SUNDAY_NOON)

    entry = replace(row(2, "New name", TUESDAY), number=Number(desk.cohort.id or 0, one.id or 0))
    found = desk.preview(sheet(entry))

    assert (len(found.restored), found.new) == (1, ())


def test_the_export_of_another_camp_brings_new_activities_and_touches_none(desk: Desk) -> None:
    one = desk.camps.activity(desk.cohort, MONDAY, (9, 0), (10, 0), "Mine")

    found = desk.preview(sheet(replace(row(2, "Theirs", TUESDAY), number=Number(99, one.id or 0))))

    assert ([entry.title for entry in found.new], found.changed) == (["Theirs"], ())


def test_a_copied_row_is_a_new_activity_and_is_pointed_out(desk: Desk) -> None:
    desk.camps.activity(desk.cohort, MONDAY, (9, 0), (10, 0), "Lecture")
    head = (*HEAD, "课次编号")

    timetable = desk.read(
        [head, ("2026-12-07", "9:00", "10:00", "Lecture", "1-1"), ("2026-12-08", "9:00", "10:00", "Lecture", "1-1")]
    )
    found = desk.preview(timetable)

    assert [(one.row, one.kind) for one in found.problems] == [(3, ProblemKind.SAME_ID)]
    assert (len(found.new), found.removed) == (1, ())


def test_a_group_that_nobody_is_in_is_pointed_out(desk: Desk) -> None:
    person = desk.camps.person(desk.cohort)
    desk.camps.group(person, desk.cohort, "第一组")

    known = replace(row(2, "One"), group_name="第一组")
    unknown = replace(row(3, "Two"), group_name="第九组")

    assert desk.kinds(known, unknown) == [(3, ProblemKind.UNKNOWN_GROUP)]


def test_a_speaker_and_a_room_of_another_camp_are_pointed_out(desk: Desk) -> None:
    other = desk.camps.cohort("Other")
    desk.camps.activity(other, MONDAY, (9, 30), (11, 0), "Theirs", speaker="王芳", place="301教室")

    found = desk.preview(sheet(replace(row(2, "Mine", place="301 教室"), speaker="王芳")))

    assert [(one.kind, one.elsewhere) for one in found.problems] == [
        (ProblemKind.SPEAKER_TWICE, "Other: Theirs"),
        (ProblemKind.PLACE_TWICE, "Other: Theirs"),
    ]


def test_groups_side_by_side_do_not_overlap_but_one_room_cannot_hold_both(desk: Desk) -> None:
    head = (*HEAD, "组别", "地点", "主讲人")
    timetable = desk.read(
        [
            head,
            ("2026-12-07", "9:00", "10:00", "研讨一", "一组", "301", "王芳"),
            ("2026-12-07", "9:00", "10:00", "研讨二", "二组", "301", "王芳"),
        ]
    )

    assert [(one.row, one.kind, one.others) for one in timetable.problems] == [
        (3, ProblemKind.SPEAKER_TWICE, (2,)),
        (3, ProblemKind.PLACE_TWICE, (2,)),
    ]


def test_a_visit_without_its_site_is_pointed_out(desk: Desk) -> None:
    head = (*HEAD, "类型", "地点")
    timetable = desk.read([head, ("2026-12-07", "9:00", "10:00", "红山街道", "现场教学", "")])

    assert [(one.row, one.kind) for one in timetable.problems] == [(2, ProblemKind.NO_SITE)]


def test_group_and_hours_are_imported_and_taken_away_again(desk: Desk) -> None:
    head = (*HEAD, "组别", "学时")

    def apply(group: str, hours: str) -> Activity:
        timetable = desk.read([head, ("2026-12-07", "9:00", "10:00", "研讨", group, hours)])
        desk.camps.do(
            lambda s: importing.apply(
                s, cohort=desk.cohort, timetable=timetable, actor=Actor(name="test"), now=SUNDAY_NOON
            )
        )
        return desk.camps.see(lambda s: s.exec(select(Activity)).one())

    first, second = apply("一组", "1.5"), apply("全体", "")

    assert (first.group_name, first.minutes) == ("一组", 90)
    assert (second.group_name, second.minutes) == (None, None)
