import io
from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from bot.audit.service import Actor
from bot.errors import Gone
from bot.i18n import translator
from bot.people.models import Cohort
from bot.sheets.reader import read_workbook_now
from bot.timetable import importing, versions
from bot.timetable.export import render_timetable_sheet
from bot.timetable.messages.export import HEADINGS, headings
from bot.timetable.sheet import read_timetable
from bot.timetable.sheet_shapes import Timetable
from tests.support.camps import MONDAY, SUNDAY_NOON, WEDNESDAY, Camps


def export(camps: Camps, cohort: Cohort, language: str = "zh", version: int = 0) -> bytes:
    return camps.see(
        lambda s: render_timetable_sheet(s, cohort_id=cohort.id or 0, language=language, version=version)
    ).content


def rows(content: bytes) -> Sequence[Sequence[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def understood(content: bytes, path: object) -> Timetable:
    path.write_bytes(content)  # type: ignore[attr-defined]
    found = read_timetable(
        read_workbook_now(path, name="t.xlsx"),  # type: ignore[arg-type]
        first_day=MONDAY,
        last_day=WEDNESDAY,
        zone=ZoneInfo("Asia/Shanghai"),
    )
    assert isinstance(found, Timetable)
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_exported_reads_back_as_no_change(camps: Camps, tmp_path: object, language: str) -> None:
    cohort = camps.cohort()
    camps.activity(
        cohort, MONDAY, (9, 0), (10, 30), "=1+1 开班式", kind="仪式", speaker="王芳", place="301", notes="a\nb",
        group_name="一组", minutes=50,
    )  # fmt: skip
    camps.activity(cohort, WEDNESDAY, (23, 0), (23, 59), "https://example.org")

    timetable = understood(export(camps, cohort, language), tmp_path / "t.xlsx")  # type: ignore[operator]
    found = camps.see(lambda s: importing.preview(s, cohort=cohort, timetable=timetable, now=SUNDAY_NOON))

    assert (found.unchanged + len(found.changed), found.new, found.removed) == (2, (), ())
    assert [change.field for match in found.changed for change in match.changes] in ([], ["notes"])
    assert timetable.ignored == ()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_heading_is_one_that_the_import_understands(camps: Camps, tmp_path: object, language: str) -> None:
    cohort = camps.cohort()
    camps.activity(cohort, MONDAY)

    found = understood(export(camps, cohort, language), tmp_path / "t.xlsx")  # type: ignore[operator]

    assert found.fields == frozenset(HEADINGS)
    assert len(headings(translator(language))) == len(HEADINGS)


def test_days_and_times_are_real_ones_in_the_camps_zone(camps: Camps) -> None:
    cohort = camps.cohort(zone="Europe/Berlin")
    camps.activity(cohort, MONDAY, (9, 0), (10, 30))

    _, first = rows(export(camps, cohort))

    assert first[:3] == [MONDAY, time(9, 0), time(10, 30)]


def test_cancelled_activities_are_not_exported(camps: Camps) -> None:
    cohort = camps.cohort()
    camps.activity(cohort, MONDAY, cancelled_at=SUNDAY_NOON)

    assert len(rows(export(camps, cohort))) == 1


def test_an_earlier_version_can_be_exported_and_a_missing_one_is_gone(camps: Camps) -> None:
    cohort = camps.cohort()
    camps.activity(cohort, MONDAY, title="Old")
    camps.do(lambda s: versions.keep(s, cohort=cohort, cause=versions.Cause.EDIT, actor=Actor(), now=SUNDAY_NOON))
    camps.activity(cohort, WEDNESDAY, title="New")

    assert [row[4] for row in rows(export(camps, cohort, version=1))[1:]] == ["Old"]
    with pytest.raises(Gone):
        export(camps, cohort, version=7)


def test_a_row_is_written_for_each_activity_in_the_order_of_time(camps: Camps) -> None:
    cohort = camps.cohort()
    camps.activity(cohort, WEDNESDAY, title="Later")
    camps.activity(cohort, MONDAY, title="Sooner")

    found = rows(export(camps, cohort))

    assert [row[4] for row in found[1:]] == ["Sooner", "Later"]
    assert isinstance(found[1][0], datetime) or found[1][0] == MONDAY
