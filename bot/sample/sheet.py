"""The sample timetable as a workbook with the days of the loaded camp, so that sending it back changes nothing."""

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from bot.timetable.sheet_shapes import TimetableEntry

HEADINGS = ("日期", "开始时间", "结束时间", "类型", "课程名称", "主讲人/主持人", "地点", "备注")


def write_timetable(path: Path, title: str, entries: Sequence[TimetableEntry]) -> None:
    """Write the workbook as an office would: a title row, a row of headings, one row an activity."""
    # Without these two options a title such as =1+1 would become a formula, and an address a link.
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("课程表")
        sheet.write_string(0, 0, title)
        sheet.write_row(1, 0, HEADINGS)
        for row, entry in enumerate(entries, start=2):
            sheet.write_row(row, 0, _cells(entry))


def _cells(entry: TimetableEntry) -> list[str]:
    times = [f"{entry.starts:%H:%M}", f"{entry.ends:%H:%M}"]
    words = [entry.kind, entry.title, entry.speaker, entry.place, entry.notes]
    return [entry.on.isoformat(), *times, *(word or "" for word in words)]
