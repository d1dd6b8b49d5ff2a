"""What each kind of file means: recognising it, its preview, and confirming it. The one place that knows all kinds."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlmodel import Session

from bot import planning
from bot.banks import service as banks
from bot.banks.reading import QUESTIONS
from bot.buttons import pack
from bot.checkin import paper_import
from bot.errors import Gone
from bot.forum import sheet as call_sheets
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people import access, enrolling, importing, service
from bot.people.messages import imports as words
from bot.people.messages import roster as roster_words
from bot.people.messages.wording import FEATURE
from bot.people.models import Cohort, Import, ImportStatus, Role
from bot.people.roster_shapes import Roster
from bot.people.roster_wire import load_roster
from bot.people.service import Speaker
from bot.sheets.headings import HeaderNotFound
from bot.sheets.wire import load_workbook
from bot.timetable import importing as timetables
from bot.timetable import messages as timetable_words
from bot.timetable.sheet import read_timetable
from bot.timetable.sheet_kind import SheetKind, recognise
from bot.timetable.sheet_shapes import Timetable
from handlers import checkin_files, forum_files, question_files, workday_files


def take_content(session: Session, import_: Import, result: Mapping[str, Any], t: Translator) -> Message | None:
    """Keep what was read of the file; what to say where nothing of it can be used."""
    if "unreadable" in result:
        importing.close(session, import_, ImportStatus.FAILED)
        return words.render_unreadable(import_, result, t)
    if QUESTIONS in result:
        importing.keep_content(session, import_, kind=QUESTIONS, content=str(result[QUESTIONS]))
        return None
    if paper_import.is_sheet(load_workbook(result["workbook"])):
        importing.keep_content(session, import_, kind=paper_import.KIND, content=result["workbook"])
        return None
    if call_sheets.is_sheet(load_workbook(result["workbook"])):
        importing.keep_content(session, import_, kind=call_sheets.KIND, content=result["workbook"])
        return None
    found = recognise(load_workbook(result["workbook"]))
    if found.kind is SheetKind.UNKNOWN:
        importing.close(session, import_, ImportStatus.FAILED)
        return words.render_no_headings(import_, found.looked_for, found.seen, t)
    content = result["roster"] if found.kind is SheetKind.ROSTER else result["workbook"]
    importing.keep_content(session, import_, kind=found.kind.value, content=content)
    return None


def preview(session: Session, import_: Import, t: Translator, now: datetime) -> Message:
    """What confirming the import would do, or the next question about it."""
    return _kind(import_).preview(session, import_, _cohort(session, import_), t, now)


def confirm(session: Session, import_: Import, seen: str, speaker: Speaker, t: Translator, now: datetime) -> Message:
    """Do what the preview with the fingerprint ``seen`` said; where it would now do something else, the new preview."""
    access.require_role(session, speaker, import_.cohort_id or 0, *roles_for(import_))
    done = _kind(import_).confirm(session, import_, seen, speaker, t, now)
    if done is None:
        return words.render_moved(preview(session, import_, t, now), t)
    importing.close(session, import_, ImportStatus.DONE)
    return done


def roles_for(import_: Import) -> tuple[Role, ...]:
    """Who may import a file of this kind."""
    return _kind(import_).roles


def is_for_every_camp(import_: Import) -> bool:
    """Whether it does not matter which camp a file of this kind is sent for."""
    return _kind(import_).is_for_every_camp


def _preview_roster(session: Session, import_: Import, cohort: Cohort, t: Translator, now: datetime) -> Message:
    roster = load_roster(import_.content or "")
    if isinstance(roster, HeaderNotFound):
        return _refuse(session, import_, words.render_no_headings(import_, roster.looked_for, roster.seen, t))
    if not roster.entries:
        return _refuse(session, import_, words.render_nothing_in_it(import_, t))
    plan = _plan(session, import_, cohort, roster)
    if plan.diff.questions:
        return roster_words.render_question(import_, plan, t)
    remarks = planning.remarks_on_roster(session, cohort, roster, plan, t)
    return planning.put_under(roster_words.render_preview(import_, plan, t), remarks)


def _confirm_roster(
    session: Session, import_: Import, seen: str, speaker: Speaker, t: Translator, now: datetime
) -> Message | None:
    cohort, roster = _cohort(session, import_), load_roster(import_.content or "")
    if isinstance(roster, HeaderNotFound):
        raise Gone
    plan = _plan(session, import_, cohort, roster)
    if plan.fingerprint != seen or plan.diff.questions:
        return None
    done = enrolling.carry_out(session, cohort=cohort, plan=plan, actor=speaker.actor, now=now)
    return roster_words.render_enrolled(done, cohort, t)


def _plan(session: Session, import_: Import, cohort: Cohort, roster: Roster) -> enrolling.Plan:
    return enrolling.plan_roster(
        session, cohort=cohort, roster=roster, answers=importing.answers_of(import_), leave=importing.leaves(import_)
    )


def _preview_timetable(session: Session, import_: Import, cohort: Cohort, t: Translator, now: datetime) -> Message:
    timetable = _timetable(import_, cohort)
    if isinstance(timetable, HeaderNotFound):
        return _refuse(session, import_, words.render_no_headings(import_, timetable.looked_for, timetable.seen, t))
    plan = timetables.preview(session, cohort=cohort, timetable=timetable, now=now)
    return timetable_words.render_preview(
        plan,
        t,
        confirm=pack(FEATURE, "confirm", import_.id or 0, plan.fingerprint),
        cancel=pack(FEATURE, "drop", import_.id or 0),
        remarks=planning.remarks_on_timetable(session, cohort, timetable, plan, t, now),
    )


def _confirm_timetable(
    session: Session, import_: Import, seen: str, speaker: Speaker, t: Translator, now: datetime
) -> Message | None:
    cohort = _cohort(session, import_)
    timetable = _timetable(import_, cohort)
    if isinstance(timetable, HeaderNotFound):
        raise Gone
    if timetables.preview(session, cohort=cohort, timetable=timetable, now=now).fingerprint != seen:
        return None
    done = timetables.apply(session, cohort=cohort, timetable=timetable, actor=speaker.actor, now=now, expected=seen)
    return timetable_words.render_applied(done, t)


def _timetable(import_: Import, cohort: Cohort) -> Timetable | HeaderNotFound:
    return read_timetable(
        load_workbook(import_.content or ""),
        first_day=cohort.starts_on,
        last_day=cohort.ends_on,
        zone=ZoneInfo(cohort.time_zone),
    )


def _cohort(session: Session, import_: Import) -> Cohort:
    return service.get_cohort(session, import_.cohort_id or 0)


def _refuse(session: Session, import_: Import, message: Message) -> Message:
    importing.close(session, import_, ImportStatus.FAILED)
    return message


class _Kind(Struct, frozen=True):
    preview: Callable[[Session, Import, Cohort, Translator, datetime], Message]
    confirm: Callable[[Session, Import, str, Speaker, Translator, datetime], Message | None]
    roles: tuple[Role, ...] = (Role.COORDINATOR,)
    is_for_every_camp: bool = False


_KINDS: Mapping[str, _Kind] = {
    SheetKind.ROSTER: _Kind(_preview_roster, _confirm_roster),
    SheetKind.TIMETABLE: _Kind(_preview_timetable, _confirm_timetable),
    SheetKind.HOLIDAYS: _Kind(workday_files.preview_table, workday_files.confirm_table, is_for_every_camp=True),
    QUESTIONS: _Kind(question_files.preview, question_files.confirm, banks.WRITING),
    call_sheets.KIND: _Kind(forum_files.preview_calls, forum_files.confirm_calls),
    paper_import.KIND: _Kind(checkin_files.preview_sheet, checkin_files.confirm_sheet),
}


def _kind(import_: Import) -> _Kind:
    if import_.kind not in _KINDS or import_.content is None:
        raise Gone
    return _KINDS[import_.kind]
