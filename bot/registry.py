"""Which file renderers and file readings the courier has, by the names that stand in the outbox."""

from collections.abc import Mapping
from functools import partial

from bot.banks.exporting import render_gift, render_sheet
from bot.banks.reading import read_any
from bot.calendars.files import render_calendar_address, render_calendar_file
from bot.changes.phones import render_phones
from bot.checkin.my_code_picture import render_my_code
from bot.checkin.paper_files import render_paper_sheet, render_paper_table
from bot.context import Installation
from bot.loadmap.picture import render_load_map
from bot.notices.report import render_report
from bot.outbox.delivery import Reading, Renderer
from bot.people.cards import render_card_link, render_seat_cards
from bot.quiz import files as quiz_files
from bot.records.files import render_file, render_list
from bot.reminders.service import alarms_of
from bot.timetable.export import render_timetable_sheet
from bot.workdays.reading import read_table

READINGS: Mapping[str, Reading] = {"import": partial(read_table, otherwise=read_any)}


def renderers(installation: Installation) -> Mapping[str, Renderer]:
    """Every renderer, bound to what it must know of the installation."""
    return {
        "notice_report": render_report,
        "seat_cards": partial(render_seat_cards, bot_username=installation.bot_username),
        "timetable_sheet": render_timetable_sheet,
        "load_map": render_load_map,
        "calendar_file": partial(render_calendar_file, alarms_of=alarms_of),
        "calendar_address": partial(render_calendar_address, public_url=installation.public_url),
        "change_phones": render_phones,
        "records_file": render_file,
        "records_list": render_list,
        "my_code": partial(render_my_code, bot_username=installation.bot_username),
        "paper_sheet": render_paper_sheet,
        "paper_table": render_paper_table,
        "bank_gift": render_gift,
        "bank_sheet": render_sheet,
        "quiz_statistics": quiz_files.render_statistics,
        "quiz_picture": quiz_files.render_statistics_picture,
        "quiz_results": quiz_files.render_results,
        "card_link": partial(render_card_link, bot_username=installation.bot_username),
    }
