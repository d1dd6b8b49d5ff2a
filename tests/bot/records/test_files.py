"""The files, read back as Excel would read them."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from bot.checkin import service as checkin
from bot.checkin.rules import Status
from bot.database import Database
from bot.i18n import translator
from bot.outbox.delivery import Rendered
from bot.people import groups
from bot.people.service import MEMBERSHIP, PERSON
from bot.records import files, tables
from bot.records.messages import files as words
from bot.records.tables import Column
from tests.support.checkin_camp import START, Camp, build_camp

AFTER = START + timedelta(minutes=150)
DAY = timedelta(days=1)


@pytest.fixture
def camp(database_url: str) -> Iterator[Camp]:
    """A lecture of two hours: one came, one late by hand, one did not come."""
    camp = build_camp(Database(database_url))
    camp.open()
    camp.type(camp.code(START), START)
    mark(camp, 1, Status.LATE)
    camp.close(at=AFTER)
    yield camp
    camp.database.close()


def mark(camp: Camp, number: int, to: Status) -> None:
    who = camp.trainees[number].person_id
    camp.do(
        lambda s: checkin.mark(
            s,
            speaker=camp.coordinator,
            activity_id=camp.lecture,
            person_id=who,
            to=to,
            now=START + timedelta(minutes=20),
        )
    )


def make(camp: Camp, kind: str, form: str = "xlsx", language: str = "en", now: datetime = AFTER) -> Rendered:
    return camp.see(
        lambda s: files.render_file(
            s, cohort_id=camp.cohort, kind=kind, form=form, language=language, now=now.isoformat()
        )
    )


def read(made: Rendered) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(made.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_matrix_has_people_by_activities_with_minutes(camp: Camp) -> None:
    sheets = read(make(camp, "matrix"))

    assert list(sheets) == ["Matrix", "Records", "Overview"]
    head, *rows = sheets["Matrix"]
    assert head[:5] == ["Name", "Group", "Unit", "Phone", "12/7 09:00\n社区治理 <b>"]
    assert [row[0] for row in rows] == ["学员00", "学员01", "学员02"]
    assert [row[4] for row in rows] == [120.0, 100.0, 0.0]
    assert [row[5:10] for row in rows] == [
        [120.0, 1.0, 0.0, 0.0, 0.0],
        [100.0, 0.0, 1.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 1.0],
    ]


def test_the_records_say_how_and_who_marked(camp: Camp) -> None:
    head, *rows = read(make(camp, "matrix"))["Records"]

    assert [dict(zip(head, row, strict=True))["How"] for row in rows] == ["typed code", "by hand", ""]
    assert [dict(zip(head, row, strict=True))["Marked by"] for row in rows] == ["", "林老师", ""]
    assert [dict(zip(head, row, strict=True))["Record"] for row in rows] == ["present", "late", "missing"]
    assert rows[0][6] == datetime(2026, 12, 7, 9, 0)  # noqa: DTZ001 - Excel knows no zone


def test_in_chinese_everything_is_in_chinese(camp: Camp) -> None:
    made = make(camp, "matrix", language="zh")

    assert list(read(made)) == ["考勤表", "明细", "汇总"]
    assert made.name == "第一期 考勤表 2026-12-07 1130.xlsx"
    assert read(made)["明细"][2][5] == "迟到"


def test_a_past_day_keeps_the_group_of_that_day(camp: Camp) -> None:
    person = camp.trainees[0].person_id
    camp.do(
        lambda s: groups.change_group(
            s, speaker=camp.coordinator, cohort_id=camp.cohort, person_id=person, group="第9组", now=START + DAY
        )
    )

    sheets = read(make(camp, "matrix", now=START + DAY))

    assert next(row[3] for row in sheets["Records"][1:] if row[2] == "学员00") == "第1组"
    assert [row[1] for row in sheets["Matrix"][1:] if row[0] == "学员00"] == ["第9组"]


def test_whoever_has_left_stays_for_the_days_before(camp: Camp) -> None:
    gone = camp.trainees[0].person_id
    camp.do(lambda s: s.execute(MEMBERSHIP.update().where(MEMBERSHIP.c.person_id == gone).values(left_at=START + DAY)))

    rows = read(make(camp, "matrix", now=START + DAY))["Matrix"]

    assert [row[4] for row in rows if row[0] == "学员00"] == [120.0]


def test_an_activity_that_nobody_recorded_counts_against_nobody(camp: Camp) -> None:
    now = START + timedelta(hours=8)

    rows = read(make(camp, "matrix", now=now))["Matrix"][1:]

    assert {row[5] for row in rows} == {""}


def test_a_name_that_looks_like_a_formula_is_text(camp: Camp) -> None:
    evil = '=HYPERLINK("http://example.org","x")'
    camp.do(
        lambda s: s.execute(PERSON.update().where(PERSON.c.name == "学员00").values(name=evil, phone="+8613800000000"))
    )

    book = make(camp, "matrix")
    table = make(camp, "matrix", "csv").content.decode("utf-8-sig")

    assert read(book)["Matrix"][1][0] == evil
    with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any("<f>" in sheet for sheet in sheets)
    rows = list(csv.reader(io.StringIO(table)))
    assert [row[2] for row in rows if "HYPERLINK" in row[2]] == [f"'{evil}"]


def test_phones_are_text_and_panes_are_frozen_and_filtered(camp: Camp) -> None:
    camp.do(lambda s: s.execute(PERSON.update().where(PERSON.c.name == "学员00").values(phone="013800000000")))

    made = make(camp, "matrix")

    assert read(made)["Matrix"][1][3] == "013800000000"
    with zipfile.ZipFile(io.BytesIO(made.content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert any(name.startswith("xl/charts/chart") for name in parts.namelist())
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet


def test_a_csv_file_begins_with_the_signature_that_excel_wants(camp: Camp) -> None:
    assert all(make(camp, kind, "csv").content.startswith(b"\xef\xbb\xbf") for kind in files.KINDS)


def test_the_ledger_has_a_row_a_person_in_minutes(camp: Camp) -> None:
    head, *rows = read(make(camp, "ledger", now=START + timedelta(hours=10)))["Hours"]

    first = dict(zip(head, rows[0], strict=True))
    assert (first["Name"], first["Total (min)"], first["Attended (min)"]) == ("学员00", 240.0, 120.0)
    assert first["Can still pass"] in ("yes", "no")


def test_the_log_says_who_when_from_to(camp: Camp) -> None:
    head, *rows = read(make(camp, "log"))["Change log"]
    marks = [dict(zip(head, row, strict=True)) for row in rows if row[2] == "record changed by hand"]

    assert len(marks) == 1
    assert (marks[0]["Who"], marks[0]["About"], marks[0]["Activity"]) == ("林老师", "学员01", "社区治理 <b>")
    assert marks[0]["From"] == "record: missing"
    assert marks[0]["To"] == "record: late; arrived: 2026-12-07 09:20"


def test_the_list_of_one_activity_is_a_file_of_its_own(camp: Camp) -> None:
    made = camp.see(
        lambda s: files.render_list(
            s, activity_id=camp.lecture, cohort_id=camp.cohort, language="en", now=AFTER.isoformat()
        )
    )

    assert [row[5] for row in read(made)["Records"][1:]] == ["present", "late", "missing"]
    assert made.name.startswith("社区治理 b Who is there")


def test_a_cohort_without_activities_makes_an_empty_file(camp: Camp) -> None:
    other, activity, _ = camp.stranger_cohort()
    camp.change_activity(activity, cancelled_at=START)

    made = camp.see(
        lambda s: files.render_file(
            s, cohort_id=other, kind="matrix", form="xlsx", language="en", now=AFTER.isoformat()
        )
    )

    assert read(made)["Records"] == [[column.title for column in words.record_columns(translator("en"))]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_what_a_spreadsheet_would_compute_is_kept_from_it(text: str) -> None:
    content = tables.write_csv([Column("x")], [[text]]).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(content)))[1] == [f"'{text}"]


def test_cells_longer_than_excel_takes_are_cut_and_not_lost() -> None:
    book = tables.Workbook()
    sheet = book.sheet("a[b]:c*d?e/f\\g" * 5, [Column("x")])
    sheet.add(["y" * 40_000])
    sheet.finish()

    found = read(Rendered("x", book.close()))

    assert len(str(next(iter(found.values()))[1][0])) == tables.LONGEST
