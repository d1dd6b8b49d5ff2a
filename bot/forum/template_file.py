"""The table to fill in with calls: the camp's activities that are still to come, the rest to be chosen and typed.

Called by the courier; writes nothing.
"""

import io
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from sqlmodel import Session

from bot import i18n
from bot.forum.messages import importing as words
from bot.forum.sheet import Field
from bot.outbox.delivery import Rendered
from bot.people import service as people
from bot.timetable.models import Activity
from bot.timetable.service import activities_of

WIDTHS = {Field.ACTIVITY: 32, Field.TITLE: 28, Field.QUESTIONS: 48, Field.KIND: 24, Field.CHOICE: 24, Field.WHO: 20}
# Without these two options a title such as =1+1 would become a formula, and an address a link.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
LAST_ROW = 500


def render_call_sheet(session: Session, *, cohort_id: int, language: str, since: str) -> Rendered:
    """The workbook, with the activities that begin after the instant ``since`` (ISO 8601)."""
    cohort, t = people.get_cohort(session, cohort_id), i18n.translator(language)
    coming = [one for one in activities_of(session, cohort_id) if one.starts_at > datetime.fromisoformat(since)]
    content, zone = io.BytesIO(), ZoneInfo(cohort.time_zone)
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        forms = {
            "head": book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}),
            "time": book.add_format({"num_format": "hh:mm", "align": "left", "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        sheet = book.add_worksheet(t.plain("Calls"))
        for column, (field, name) in enumerate(zip(Field, words.headings(t), strict=True)):
            sheet.set_column(column, column, WIDTHS.get(field, 12))
            sheet.write_string(0, column, name, forms["head"])
        for row, one in enumerate(coming, start=1):
            _write(sheet, row, one, zone, forms)
        _offer(sheet, Field.KIND, words.kinds(t))
        _offer(sheet, Field.CHOICE, words.choices(t))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(coming)), len(Field) - 1)
    return Rendered(words.file_name(t), content.getvalue())


def _write(sheet: Any, row: int, one: Activity, zone: ZoneInfo, forms: dict[str, Any]) -> None:
    at = one.starts_at.astimezone(zone).replace(tzinfo=None)
    sheet.write_datetime(row, _column(Field.DATE), datetime.combine(at.date(), datetime.min.time()), forms["day"])
    sheet.write_datetime(row, _column(Field.START), at.time(), forms["time"])
    sheet.write_string(row, _column(Field.ACTIVITY), one.title, forms["text"])


def _offer(sheet: Any, field: Field, values: list[str]) -> None:
    """Let Excel offer the values that can stand in a column; another one is answered when the file comes back."""
    column = _column(field)
    sheet.data_validation(1, column, LAST_ROW, column, {"validate": "list", "source": values, "error_type": "warning"})


def _column(field: Field) -> int:
    return list(Field).index(field)
