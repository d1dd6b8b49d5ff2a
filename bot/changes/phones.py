"""The file of phone numbers of those who have not seen a change. Rendered by the courier; reads only."""

import io

import xlsxwriter
from sqlmodel import Session

from bot import i18n
from bot.changes import roll
from bot.changes.messages import desk
from bot.changes.roll import Unseen
from bot.i18n import Translator
from bot.outbox.delivery import Rendered

WIDTHS = (14, 30, 18, 14)


def render_phones(session: Session, *, announcement_id: int, language: str) -> Rendered:
    """The workbook as it is when it is sent."""
    t = i18n.translator(language)
    return Rendered(f"{t.plain('not seen')}.xlsx", build_workbook(roll.unseen_by(session, announcement_id), t))


def build_workbook(unseen: list[Unseen], t: Translator) -> bytes:
    """One row a person; phones are text, so that no zero is lost."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(t.plain("Phones"))
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        for column, (heading, width) in enumerate(zip(desk.headings(t), WIDTHS, strict=True)):
            sheet.set_column(column, column, width, text)
            sheet.write_string(0, column, heading, bold)
        for row, one in enumerate(unseen, start=1):
            for column, cell in enumerate((one.name, one.unit or "", one.phone or "", desk.reached(one, t))):
                sheet.write_string(row, column, cell, text)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(unseen), len(WIDTHS) - 1)
    return content.getvalue()
