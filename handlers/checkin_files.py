"""A filled check-in sheet that came as a file: its preview, and recording it when that is confirmed."""

from datetime import datetime

from sqlmodel import Session

from bot.buttons import pack
from bot.checkin import paper_import
from bot.checkin.messages import paper as words
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people import importing
from bot.people.messages.wording import FEATURE
from bot.people.models import Cohort, Import, ImportStatus
from bot.people.service import Speaker
from bot.sheets.wire import load_workbook


def preview_sheet(session: Session, import_: Import, cohort: Cohort, t: Translator, now: datetime) -> Message:
    """What confirming the file would record."""
    workbook = load_workbook(import_.content or "")
    found = paper_import.preview_sheet(session, cohort_id=cohort.id or 0, workbook=workbook, now=now)
    if found is None:
        importing.close(session, import_, ImportStatus.FAILED)
        return words.render_no_sheet(t)
    confirm = pack(FEATURE, "confirm", import_.id or 0, found.fingerprint)
    cancel = pack(FEATURE, "drop", import_.id or 0)
    return words.render_import(found.plan, found.rubbish, t, confirm=confirm, cancel=cancel)


def confirm_sheet(
    session: Session, import_: Import, seen: str, speaker: Speaker, t: Translator, now: datetime
) -> Message | None:
    """Record what the preview said; ``None`` where it would now be something else."""
    kept = paper_import.keep_sheet(
        session,
        speaker=speaker,
        cohort_id=import_.cohort_id or 0,
        workbook=load_workbook(import_.content or ""),
        seen=seen,
        now=now,
    )
    return words.render_kept(kept, t) if kept is not None else None
