"""Files about people outside the roster: the list of visitors as a workbook, and codes and links as pictures.

Made by the courier from the database when it sends them; whoever asked was checked when asking. Writes nothing.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
import xlsxwriter
from sqlmodel import Session

from bot import i18n
from bot.errors import Gone
from bot.forum import arrival_code, invitation_links, invitation_views, occasions
from bot.forum.messages import invitation_texts, lecture_desk, lectures
from bot.forum.visitor_lists import Entry, entries_of
from bot.outbox.calls import Message
from bot.outbox.delivery import Rendered
from bot.people import service as people

SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
FONT = {"font_name": "Microsoft YaHei", "font_size": 10}
WIDTHS = (16, 24, 16, 12, 14, 17, 17, 14, 10)
SCALE, QUIET_ZONE = 12, 4


def render_visitor_list(session: Session, *, call_id: int, language: str, now: str) -> Rendered:
    """Everybody who signed up to a call, with when and how they came."""
    t, occasion = i18n.translator(language), occasions.get_occasion(session, call_id)
    at = datetime.fromisoformat(now).astimezone(occasion.zone)
    rows = [_localised(lecture_desk.row_of(entry, t), occasion.zone) for entry in _listed(session, call_id)]
    content = write_sheet(lecture_desk.sheet_name(t), lecture_desk.headings(t), rows)
    return Rendered(lecture_desk.file_name(occasion, at, t), content)


def render_visitor_code(session: Session, *, signup_id: int, step: int, bot_username: str) -> Rendered:
    """The QR code whose link the staff at the door open: of one sign-up, in one half day."""
    payload = arrival_code.payload_of(people.secret(session, arrival_code.SECRET), signup_id, step)
    return Rendered(lectures.file_name(signup_id), draw(bot_username, payload))


def render_invitation_picture(session: Session, *, invitation_id: int, issue: int, bot_username: str) -> Rendered:
    """The invitation's link as a QR code.

    Raises:
        Gone: the link has been replaced by a newer one meanwhile.
    """
    link = invitation_links.link_of(session, invitation_id)
    if link is None or link.issue != issue:
        raise Gone
    return Rendered(invitation_texts.file_name(invitation_id), draw(bot_username, link.payload))


def render_invitation_text(
    session: Session, *, invitation_id: int, issue: int, language: str, bot_username: str
) -> Message:
    """The words to pass on with the link in them, so that the link never waits in the outbox.

    Raises:
        Gone: the link has been replaced by a newer one meanwhile.
    """
    link = invitation_links.link_of(session, invitation_id)
    if link is None or link.issue != issue:
        raise Gone
    view = invitation_views.view_of(session, invitation_id)
    return invitation_texts.render_pass_on(view, address(bot_username, link.payload), i18n.translator(language))


def draw(bot_username: str, payload: str) -> bytes:
    """A deep link as a picture."""
    drawn = io.BytesIO()
    segno.make_qr(address(bot_username, payload), error="m").save(drawn, kind="png", scale=SCALE, border=QUIET_ZONE)
    return drawn.getvalue()


def address(bot_username: str, payload: str) -> str:
    """The address that opens the bot with the payload."""
    return f"https://t.me/{bot_username}?start={payload}"


def write_sheet(title: str, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of one sheet; text stays text, whatever somebody has typed into a name."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, SAFE) as book:
        head = book.add_format(FONT | {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF7"})
        looks = {
            str: book.add_format(FONT | {"num_format": "@", "valign": "top"}),
            datetime: book.add_format(FONT | {"num_format": "yyyy-mm-dd hh:mm", "align": "left", "valign": "top"}),
        }
        page = book.add_worksheet(title)
        page.freeze_panes(1, 1)
        for column, (heading, width) in enumerate(zip(headings, WIDTHS, strict=True)):
            page.set_column(column, column, width)
            page.write_string(0, column, heading, head)
        for number, row in enumerate(rows, 1):
            _write_row(page, number, row, looks)
        page.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)
    return content.getvalue()


def _write_row(page: Any, number: int, row: Sequence[Any], looks: dict[Any, Any]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, datetime):
            page.write_datetime(number, column, value.replace(tzinfo=None), looks[datetime])
        elif value:
            page.write_string(number, column, str(value), looks[str])
        else:
            page.write_blank(number, column, None, looks[str])


def _listed(session: Session, call_id: int) -> list[Entry]:
    return entries_of(session, occasions.get_occasion(session, call_id))


def _localised(row: list[object], zone: ZoneInfo) -> list[object]:
    return [value.astimezone(zone) if isinstance(value, datetime) else value for value in row]
