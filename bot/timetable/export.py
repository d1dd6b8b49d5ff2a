"""The timetable as a workbook that can be edited and sent back. Called by the courier; writes nothing.

Its last column holds each activity's number, by which a row that was moved, renamed or given another speaker is known
again; so what comes back is a difference and not a new timetable.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from sqlmodel import Session
from sqlmodel import select as find

from bot import i18n
from bot.errors import Gone
from bot.outbox.delivery import Rendered
from bot.people import service as people
from bot.people.models import Cohort
from bot.timetable import versions
from bot.timetable.messages.export import HEADINGS, file_name, headings, sheet_name
from bot.timetable.models import TimetableVersion
from bot.timetable.service import activities_of
from bot.timetable.sheet_extras import write_number
from bot.timetable.sheet_shapes import Field
from bot.timetable.snapshots import Snapshot, snapshot

WIDTHS = {Field.DATE: 12, Field.START: 9, Field.END: 9, Field.TITLE: 40, Field.NOTES: 32, Field.ID: 14, Field.HOURS: 8}
# Without these two options a title such as =1+1 would become a formula, and an address a link.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def render_timetable_sheet(session: Session, *, cohort_id: int, language: str, version: int = 0) -> Rendered:
    """The workbook of the timetable as it stands, or of the version of that number."""
    cohort, t = people.get_cohort(session, cohort_id), i18n.translator(language)
    found = (
        _version(session, cohort, version) if version else [snapshot(one) for one in activities_of(session, cohort_id)]
    )
    return Rendered(file_name(cohort, version, t), write_sheet(cohort, found, headings(t), sheet_name(t)))


def write_sheet(cohort: Cohort, activities: Sequence[Snapshot], names: Sequence[str], title: str) -> bytes:
    """Write one row an activity under the headings, which must be those of ``HEADINGS`` in that order."""
    content, zone = io.BytesIO(), ZoneInfo(cohort.time_zone)
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        forms = {
            "head": book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            "time": book.add_format({"num_format": "hh:mm", "align": "left"}),
            "quiet": book.add_format({"font_color": "#8A8A8A"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        sheet = book.add_worksheet(title)
        for column, (field, name) in enumerate(zip(HEADINGS, names, strict=True)):
            sheet.set_column(column, column, WIDTHS.get(field, 18))
            sheet.write_string(0, column, name, forms["head"])
        for row, one in enumerate(activities, start=1):
            _write_row(sheet, row, _cells(one, cohort, zone), forms)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(activities)), len(HEADINGS) - 1)
    return content.getvalue()


def _cells(one: Snapshot, cohort: Cohort, zone: ZoneInfo) -> dict[Field, Any]:
    starts, ends = (at.astimezone(zone).replace(tzinfo=None) for at in (one.starts_at, one.ends_at))
    return {
        Field.DATE: starts,
        Field.START: starts,
        Field.END: ends,
        Field.KIND: one.kind,
        Field.TITLE: one.title,
        Field.SPEAKER: one.speaker,
        Field.PLACE: one.place,
        Field.GROUP: one.group_name or "",
        Field.HOURS: round(one.minutes / 60, 2) if one.minutes is not None else "",
        Field.NOTES: one.notes,
        Field.ID: write_number(cohort.id or 0, one.activity_id),
    }


def _write_row(sheet: Any, row: int, cells: dict[Field, Any], forms: dict[str, Any]) -> None:
    for column, field in enumerate(HEADINGS):
        value = cells[field]
        if field is Field.DATE:
            sheet.write_datetime(row, column, datetime.combine(value.date(), datetime.min.time()), forms["day"])
        elif field in (Field.START, Field.END):
            sheet.write_datetime(row, column, value.time(), forms["time"])
        elif isinstance(value, float):
            sheet.write_number(row, column, value)
        elif value:
            sheet.write_string(row, column, value, forms["quiet" if field is Field.ID else "text"])


def _version(session: Session, cohort: Cohort, number: int) -> Sequence[Snapshot]:
    query = find(TimetableVersion).where(TimetableVersion.cohort_id == cohort.id, TimetableVersion.number == number)
    row = session.exec(query).first()
    if row is None:
        raise Gone
    return versions.contents(row)
