"""Making the paper sheet as a PDF to print and as a table to fill in. Called by the courier; writes nothing.

The PDF is laid out by typst from ``paper_sheet.typ``; data go in as JSON and are never part of the template.
"""

import io
import json
from functools import cache
from pathlib import Path

import typst
import xlsxwriter
from pylopdf_fonts_zh_cn import sans_path, serif_path
from sqlmodel import Session

from bot import i18n
from bot.checkin.attendees import activity_of
from bot.checkin.messages import paper as words
from bot.checkin.paper import SheetRow, sheet_rows
from bot.outbox.delivery import Rendered
from bot.people import service as people

TEMPLATE = Path(__file__).parent / "paper_sheet.typ"
WIDTHS = (10, 14, 12, 12, 12, 24)


def render_paper_sheet(session: Session, *, activity_id: int, language: str) -> Rendered:
    """The sheet to print."""
    activity, t = activity_of(session, activity_id), i18n.translator(language)
    cohort = people.get_cohort(session, activity.cohort_id).name
    content = draw_sheet(
        json.dumps(words.sheet(cohort, activity, sheet_rows(session, activity), t), ensure_ascii=False)
    )
    return Rendered(words.file_name(activity, t, "pdf"), content)


def render_paper_table(session: Session, *, activity_id: int, language: str) -> Rendered:
    """The same as a workbook in which arrivals are filled in and which the import understands."""
    activity, t = activity_of(session, activity_id), i18n.translator(language)
    return Rendered(words.file_name(activity, t, "xlsx"), draw_table(sheet_rows(session, activity)))


def draw_sheet(data: str) -> bytes:
    """Lay the rows out on A4."""
    result = _compiler().compile(format="pdf", sys_inputs={"data": data})
    assert isinstance(result, bytes)  # noqa: S101 - one file is asked for
    return result


def draw_table(rows: list[SheetRow]) -> bytes:
    """Write the workbook; codes are text, and nothing in it can be a formula."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as workbook:
        page = workbook.add_worksheet()
        bold, text = (
            workbook.add_format({"bold": True, "bg_color": "#E8E8E8"}),
            workbook.add_format({"num_format": "@"}),
        )
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, len(rows), len(words.COLUMNS) - 1)
        for column, (heading, width) in enumerate(zip(words.COLUMNS, WIDTHS, strict=True)):
            page.set_column(column, column, width, text)
            page.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate((row.code, row.name, row.group)):
                page.write_string(number, column, value)
    return target.getvalue()


@cache
def _compiler() -> typst.Compiler:
    folders = sorted({str(Path(path()).parent) for path in (sans_path, serif_path)})
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(str(TEMPLATE), font_paths=fonts)
