"""A year's table of holidays that came as a file: its preview, and taking it over when that is confirmed."""

import hashlib
from datetime import datetime

from sqlmodel import Session

from bot.buttons import pack
from bot.errors import Refusal
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people import importing
from bot.people.messages.wording import FEATURE
from bot.people.models import Cohort, Import, ImportStatus
from bot.people.service import Speaker
from bot.sheets.wire import load_workbook
from bot.workdays import service
from bot.workdays.messages import screens as words
from bot.workdays.sheet import DayTable, read_days


def preview_table(session: Session, import_: Import, cohort: Cohort, t: Translator, now: datetime) -> Message:
    """What confirming the file would do."""
    table = read_days(load_workbook(import_.content or ""))
    try:
        service.require_whole(table)
    except Refusal as refusal:
        importing.close(session, import_, ImportStatus.FAILED)
        return words.render_bad_table(import_.file_name, table, refusal.line, t)
    confirm = pack(FEATURE, "confirm", import_.id or 0, _fingerprint(table))
    return words.render_table(
        import_.file_name, table, t, confirm=confirm, cancel=pack(FEATURE, "drop", import_.id or 0)
    )


def confirm_table(
    session: Session, import_: Import, seen: str, speaker: Speaker, t: Translator, now: datetime
) -> Message | None:
    """Take the table over; ``None`` where it is not the one that was shown."""
    table = read_days(load_workbook(import_.content or ""))
    if _fingerprint(table) != seen:
        return None
    return words.render_imported(service.import_days(session, table=table, speaker=speaker, now=now), t)


def _fingerprint(table: DayTable) -> str:
    return hashlib.sha256(repr(table.days).encode()).hexdigest()[:16]
