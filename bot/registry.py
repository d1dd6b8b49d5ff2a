"""Which file renderers and file readings the courier has, by the names that stand in the outbox.

What makes a file is loaded with the first that is asked for: the libraries for workbooks, calendars and pictures are a
tenth of all that the bot consists of, and a start need not wait for them.
"""

import importlib
from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.banks.reading import read_any
from bot.context import Installation
from bot.outbox.calls import Message
from bot.outbox.delivery import Reading, Rendered, Renderer
from bot.reminders.service import alarms_of
from bot.workdays.reading import read_table

READINGS: Mapping[str, Reading] = {"import": partial(read_table, otherwise=read_any)}


def renderers(installation: Installation) -> Mapping[str, Renderer]:
    """Every renderer, bound to what it must know of the installation."""
    username = {"bot_username": installation.bot_username}
    return {
        "notice_report": _later("bot.notices.report:render_report"),
        "discussion_minutes": _later("bot.discussions.paper:render_minutes"),
        "discussion_joint": _later("bot.discussions.paper:render_joint"),
        "seat_cards": _later("bot.people.cards:render_seat_cards", **username),
        "timetable_sheet": _later("bot.timetable.export:render_timetable_sheet"),
        "load_map": _later("bot.loadmap.picture:render_load_map"),
        "calendar_file": _later("bot.calendars.files:render_calendar_file", alarms_of=alarms_of),
        "calendar_address": _later("bot.calendars.files:render_calendar_address", public_url=installation.public_url),
        "change_phones": _later("bot.changes.phones:render_phones"),
        "forum_call_sheet": _later("bot.forum.template_file:render_call_sheet"),
        "forum_list": _later("bot.forum.exporting:render_list"),
        "forum_draw": _later("bot.forum.exporting:render_draw"),
        "records_file": _later("bot.records.files:render_file"),
        "records_list": _later("bot.records.files:render_list"),
        "my_code": _later("bot.checkin.my_code_picture:render_my_code", **username),
        "paper_sheet": _later("bot.checkin.paper_files:render_paper_sheet"),
        "paper_table": _later("bot.checkin.paper_files:render_paper_table"),
        "bank_gift": _later("bot.banks.exporting:render_gift"),
        "bank_sheet": _later("bot.banks.exporting:render_sheet"),
        "quiz_statistics": _later("bot.quiz.files:render_statistics"),
        "quiz_picture": _later("bot.quiz.files:render_statistics_picture"),
        "quiz_results": _later("bot.quiz.files:render_results"),
        "running_order": _later("bot.forum.day_files:render_running_order"),
        "visitor_list": _later("bot.forum.guest_files:render_visitor_list"),
        "visitor_code": _later("bot.forum.guest_files:render_visitor_code", **username),
        "invitation_text": _later("bot.forum.guest_files:render_invitation_text", **username),
        "invitation_picture": _later("bot.forum.guest_files:render_invitation_picture", **username),
        "forum_questions": _later("bot.forum.day_files:render_questions"),
        "card_link": _later("bot.people.cards:render_card_link", **username),
    }


def _later(place: str, **known: Any) -> Renderer:
    """The renderer at ``module:function``, loaded when it is first called, bound to what is known already."""

    def render(session: Session, **arguments: Any) -> Rendered | Message:
        return find(place)(session, **known, **arguments)

    render.__qualname__ = place
    return render


def find(place: str) -> Renderer:
    """Load the renderer at ``module:function``."""
    module, _, name = place.partition(":")
    renderer: Renderer = getattr(importlib.import_module(module), name)
    return renderer
