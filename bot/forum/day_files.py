"""What the courier makes of the day: the running order to print, and the moderator's list of questions.

The list is made when it is sent, so that no question waits in the outbox beside the hour at which it came. Writes
nothing.
"""

import json
from datetime import datetime
from functools import cache
from pathlib import Path

import typst
from pylopdf_fonts_zh_cn import sans_path, serif_path
from sqlmodel import Session

from bot import i18n
from bot.forum import questions
from bot.forum.messages import printed
from bot.forum.messages.questions import render_list
from bot.forum.running_order import load
from bot.outbox.calls import Message
from bot.outbox.delivery import Rendered

TEMPLATE = Path(__file__).parent / "running_order.typ"


def render_running_order(session: Session, *, call_id: int, language: str, now: str) -> Rendered:
    """The running order on A4."""
    order, t = load(session, call_id, datetime.fromisoformat(now)), i18n.translator(language)
    return Rendered(printed.file_name(order, t), draw(json.dumps(printed.page(order, t), ensure_ascii=False)))


def render_questions(session: Session, *, call_id: int, page: int, language: str, now: str) -> Message:
    """The moderator's list as it is when it is sent."""
    order = load(session, call_id, datetime.fromisoformat(now))
    return render_list(order, questions.list_all(session, call_id), page, i18n.translator(language))


def draw(data: str) -> bytes:
    """Lay the rows out; they are data of the template and never part of it."""
    result = _compiler().compile(format="pdf", sys_inputs={"data": data})
    assert isinstance(result, bytes)  # noqa: S101 - one file is asked for
    return result


@cache
def _compiler() -> typst.Compiler:
    folders = sorted({str(Path(path()).parent) for path in (sans_path, serif_path)})
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(str(TEMPLATE), font_paths=fonts)
