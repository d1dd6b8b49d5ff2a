"""What is said about a file on its way in, whatever its kind, and why one could not be taken."""

from collections.abc import Mapping, Sequence

from telegram import InlineKeyboardButton

from bot import buttons
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import act, bold, cut, lines, paragraphs, shorten
from bot.people.models import Cohort, Import, ImportStatus
from bot.people.rules import LARGEST_FILE, FileFault

MEGABYTE = 1024 * 1024
COHORTS_SHOWN = 10
UNREADABLE = {
    "too_big": N_("The file is too large: at most {limit} can be read. Please send the sheet alone, without pictures."),
    "too_many_rows": N_("The file has more than {limit} rows, which is no roster of one camp. Nothing was read."),
    "too_many_columns": N_("The file has more than {limit} columns. Nothing was read; please send only those needed."),
    "password": N_(
        "The file is protected by a password. Please save it without one (in Excel: File, Info, "
        "Protect Workbook) and send it again."
    ),
    "not_a_spreadsheet": N_(
        "This is not a spreadsheet, whatever its name says. Please open it in Excel and save it as .xlsx."
    ),
    "bomb": N_(
        "Unpacked, this file would be far larger than any roster, so it was not opened. Please copy the table "
        "into a new workbook and send that."
    ),
    "broken_document": N_("This file is damaged: it cannot be read beyond line {found}. Please save it anew."),
    "entities": N_(
        "This XML defines entities of its own, which can hide a file of any size, so it was not opened. "
        "Please export it from Moodle anew."
    ),
    "empty": N_("The file is empty."),
    "took_too_long": N_(
        "Reading the file took too long and was stopped. Please copy the table into a new workbook and send that."
    ),
    "encoding": N_(
        "I cannot tell how the letters of this text file are stored. Please save it as .xlsx, or as CSV UTF-8."
    ),
    "gone": N_("Telegram no longer has this file. Please send it again."),
}
_FILE_FAULTS = {
    FileFault.NOT_A_TABLE: N_(
        "I can import .xlsx, .xls and .csv files, and questions as .gift, .xml, .txt or .docx too. {name} is none "
        "of these; if it holds a table, please save it as .xlsx and send it again."
    ),
    FileFault.TOO_BIG: N_(
        "{name} is too large: I take files of at most 5 MB. Please send the sheet alone, without pictures."
    ),
}
_CLOSED = {
    ImportStatus.DONE: N_("This file was already imported."),
    ImportStatus.DROPPED: N_(
        "This import was cancelled; nothing was changed. Please send the file again if you need it."
    ),
    ImportStatus.FAILED: N_("This file could not be read. Please send it again."),
}


def render_file_fault(fault: FileFault, name: str, t: Translator) -> Message:
    """Why a document is not even fetched."""
    return Message(t(_FILE_FAULTS[fault], name=bold(shorten(name, 60))))


def render_picture(t: Translator) -> Message:
    """On a photo or a screenshot."""
    return Message(t("I cannot read pictures. A roster or a timetable comes as a file: .xlsx, .xls or .csv."))


def render_reading(name: str, t: Translator) -> Message:
    """While the file is fetched and read; the message later becomes the preview."""
    return Message(t("📄 Reading {name} …", name=bold(shorten(name, 60))))


def render_unreadable(import_: Import, result: Mapping[str, object], t: Translator) -> Message:
    """Why the file as a whole could not be read."""
    reason = str(result.get("unreadable"))
    line = UNREADABLE.get(reason, UNREADABLE["not_a_spreadsheet"])
    limit = result.get("limit")
    if reason == "too_big":
        most = limit if isinstance(limit, int) and limit else LARGEST_FILE
        limit = t("{n} MB", n=most // MEGABYTE)
    return _failed(import_, t, t(line, limit=limit, found=result.get("found")))


def render_no_headings(import_: Import, looked_for: Sequence[str], seen: Sequence[str], t: Translator) -> Message:
    """No row of headings was found: what was looked for, and what stands there instead."""
    wanted = t("I found no row of headings. I looked for: {words}.", words=t.join(looked_for))
    row = shorten(t.join(cut(list(seen), 12, t)), 300)
    there = t("The likeliest row says: {words}.", words=row) if seen else None
    return _failed(
        import_,
        t,
        lines(wanted, there),
        t(
            "Please give the columns headings such as 姓名, 手机号, 单位 (roster) or 日期, 开始时间, "
            "结束时间, 课程名称 (timetable)."
        ),
    )


def render_not_yours(import_: Import, t: Translator) -> Message:
    """Somebody who teaches has sent what only a coordinator may import."""
    return _failed(import_, t, t("Rosters and timetables are imported by the coordinator of the camp."))


def render_nothing_in_it(import_: Import, t: Translator) -> Message:
    """Headings, and nobody under them."""
    return _failed(import_, t, t("There are headings, but no people below them."))


def render_which_cohort(import_: Import, cohorts: Sequence[Cohort], t: Translator) -> Message:
    """Which cohort the file is for."""
    number = import_.id or 0
    rows = [[act(shorten(cohort.name), "into", number, cohort.id or 0)] for cohort in cohorts[:COHORTS_SHOWN]]
    text = t("Which camp is {name} for?", name=bold(shorten(import_.file_name, 60)))
    return Message(text, buttons.keyboard(*rows, [cancel_button(import_, t)]))


def render_no_cohorts(import_: Import, t: Translator) -> Message:
    """There is no cohort to import into."""
    return _failed(import_, t, t("There is no camp yet to import it into. Please make one first: /cohorts"))


def render_closed(import_: Import, t: Translator) -> Message:
    """What became of an import whose button was pressed once more."""
    return Message(t(_CLOSED.get(ImportStatus(import_.status), _CLOSED[ImportStatus.DROPPED])))


def render_done_toast(t: Translator) -> str:
    """On a second press of Confirm."""
    return t.plain("This file was already imported.")


def render_dropped(import_: Import, t: Translator) -> Message:
    """After Cancel."""
    return Message(
        t("Cancelled: {name} was not imported and nothing was changed.", name=bold(shorten(import_.file_name, 60)))
    )


def render_moved(preview: Message, t: Translator) -> Message:
    """The preview anew, because something changed since it was last shown."""
    return Message(
        paragraphs(t("⚠️ Something has changed since this preview. Please look once more."), preview.text),
        preview.keyboard,
    )


def cancel_button(import_: Import, t: Translator) -> InlineKeyboardButton:
    """The way out of an import."""
    return act(t.plain("✖ Cancel"), "drop", import_.id or 0)


def _failed(import_: Import, t: Translator, *why: str | None) -> Message:
    head = t("❌ {name} was not imported. Nothing was changed.", name=bold(shorten(import_.file_name, 60)))
    return Message(paragraphs(head, *why))
