"""The files of a call's places: the sign-up list as a workbook, and the list of a draw. Rendered by the courier.

The workbook is for coordinators and auditors; the draw's list names nobody and is for everybody.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from sqlmodel import Session

from bot import i18n
from bot.forum import draw_file, drawing, entrants, hat
from bot.forum.draw_file import DrawFile
from bot.forum.entrants import Roll
from bot.forum.messages import sheets as words
from bot.forum.models import Part, SignUpStatus
from bot.forum.views import view_of
from bot.i18n import Translator
from bot.outbox.delivery import Rendered

NAME = 60


def render_list(session: Session, *, call_id: int, language: str, now: str) -> Rendered:
    """The sign-up list as it is when it is sent, one sheet a part; ``now`` is when it was asked for."""
    t, at = i18n.translator(language), datetime.fromisoformat(now)
    call = view_of(session, call_id, at)
    rolls = [entrants.read_roll(session, call, part, at) for part in entrants.parts_of(call)]
    return Rendered(f"{_file_name(call.title)}.xlsx", build_workbook(rolls, t))


def render_draw(session: Session, *, call_id: int, now: str) -> Rendered:
    """The list with which anybody can hold the draw again; raises Gone where none was held."""
    text = draw_file.write(file_of(session, call_id, datetime.fromisoformat(now)))
    return Rendered(f"draw-{call_id}.json", text.encode())


def file_of(session: Session, call_id: int, now: datetime) -> DrawFile:
    """A draw as a file; raises Gone where none was held."""
    record = drawing.get_record(session, call_id)
    call = view_of(session, call_id, now)
    roll = entrants.read_roll(session, call, Part.SPEAKER, now)
    return DrawFile(
        title=call.title,
        seed=record.seed,
        digest=hat.digest_of(record.seed),
        places=record.places,
        entries=draw_file.without_names(record.entries),
        order=record.order,
        later=changed_later(roll),
    )


def changed_later(roll: Roll) -> tuple[int, ...]:
    """The entrants whose place a coordinator has changed since the draw: those with a reason beside a drawn place."""
    drawn = set(roll.draw.order) if roll.draw else set()
    kept = (SignUpStatus.CONFIRMED, SignUpStatus.RESERVE, SignUpStatus.OFFERED)
    return tuple(one.signup_id for one in roll.entrants if one.signup_id in drawn and one.reason and one.status in kept)


def build_workbook(rolls: Sequence[Roll], t: Translator) -> bytes:
    """One sheet a part, one row a sign-up; everything typed is text, so that nothing becomes a formula."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@", "text_wrap": True})
        for roll in rolls:
            _fill(book.add_worksheet(words.sheet_name(roll.part, t)), roll, t, bold, text)
    return content.getvalue()


def _fill(sheet: Any, roll: Roll, t: Translator, bold: Any, text: Any) -> None:
    columns = words.columns(roll, t)
    for number, (heading, width) in enumerate(columns):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, heading, bold)
    for row, one in enumerate(roll.entrants, start=1):
        for number, cell in enumerate(words.cells(roll, one, t)):
            if isinstance(cell, int):
                sheet.write_number(row, number, cell)
            else:
                sheet.write_string(row, number, cell, text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(roll.entrants)), len(columns) - 1)


def _file_name(title: str) -> str:
    kept = "".join(one for one in title if one.isalnum() or one in " -_·").strip()
    return kept[:NAME].strip() or "forum"
