"""The report of a notice as a workbook: a row for each recipient with what became of the copy. Writes nothing."""

import io
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from sqlmodel import Session

from bot import i18n
from bot.i18n import Translator
from bot.notices import queries
from bot.notices.audiences import find_audience, read_criteria
from bot.notices.drafting import parts_of
from bot.notices.messages.wording import STATES, headline, reason_of
from bot.notices.models import Notice, State
from bot.outbox.delivery import Rendered
from bot.people import service as people

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def render_report(session: Session, *, notice_id: int, language: str, at: str) -> Rendered:
    """The workbook of a notice as it stands at the instant ``at``."""
    t = i18n.translator(language)
    notice = session.get_one(Notice, notice_id)
    zone = ZoneInfo(people.get_cohort(session, notice.cohort_id).time_zone)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        _write_recipients(book, session, notice, zone, t)
        _write_unreached(book, session, notice, datetime.fromisoformat(at), t)
    name = headline(list(parts_of(session, notice_id)), t, 20).replace("/", " ")
    return Rendered(f"{t.plain('Notice')} {name}.xlsx", content.getvalue())


def _write_recipients(book: Any, session: Session, notice: Notice, zone: ZoneInfo, t: Translator) -> None:
    headings = [
        t.plain("Group"),
        t.plain("Name"),
        t.plain("Phone"),
        t.plain("Unit"),
        t.plain("State"),
        t.plain("Sent at"),
        t.plain("Read at"),
        t.plain("Answer"),
        t.plain("Why"),
    ]
    options = queries.options_of(session, notice.id or 0)
    rows = [_row(one, options, zone, t) for one in queries.recipients(session, notice, None)]
    _write_sheet(book, t.plain("Recipients"), headings, rows)


def _row(one: Any, options: list[str], zone: ZoneInfo, t: Translator) -> list[str]:
    return [
        one.group_name or "",
        one.name,
        one.phone or "",
        one.unit or "",
        t.plain(STATES[State(one.state)]),
        _local(one.settled_at if one.state in (State.SENT, State.UNKNOWN) else None, zone),
        _local(one.seen_at, zone),
        options[one.answer] if one.answer is not None and one.answer < len(options) else "",
        reason_of(one.error, t),
    ]


def _write_unreached(book: Any, session: Session, notice: Notice, now: datetime, t: Translator) -> None:
    audience = find_audience(session, notice.cohort_id, read_criteria(notice), now)
    headings = [t.plain("Group"), t.plain("Name"), t.plain("Phone"), t.plain("Unit")]
    rows = [[one.group, one.name, one.phone or "", one.unit] for one in audience.unreached]
    _write_sheet(book, t.plain("To be called"), headings, rows)


def _write_sheet(book: Any, name: str, headings: list[str], rows: list[list[str]]) -> None:
    sheet = book.add_worksheet(name[:31])
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    sheet.set_column(0, len(headings) - 1, 16, text)
    sheet.write_row(0, 0, headings, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, value, text)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""
