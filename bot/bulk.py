"""Files imported from outside the chat: what they would change, and changing it. Shared by the command and its errand.

A roster with an open question cannot be imported here: nobody is guessed, so that the chat must ask.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup
from msgspec import Struct
from sqlmodel import Session

from bot import planning
from bot.audit.service import Actor
from bot.banks import importing as banks
from bot.banks.findings import Summary, load_summary
from bot.banks.messages import report as bank_words
from bot.banks.reading import QUESTIONS
from bot.changes import service as changes
from bot.errors import Refusal
from bot.i18n import Translator
from bot.people import enrolling, service
from bot.people.messages import roster as roster_words
from bot.people.messages.wording import paragraphs
from bot.people.models import Cohort
from bot.people.roster import read_roster
from bot.people.roster_shapes import Roster
from bot.sheets.headings import HeaderNotFound
from bot.sheets.wire import load_workbook
from bot.timetable import importing as timetables
from bot.timetable import messages as timetable_words
from bot.timetable.importing import Applied
from bot.timetable.sheet import read_timetable
from bot.timetable.sheet_shapes import Timetable

COMMAND = Actor(name="command")


class NoSuchCohort(Refusal):
    """There is no cohort of that name or number."""


class NoHeadings(Refusal):
    """No row of headings was found in this file."""


class BankMoved(Refusal):
    """Something has changed since this was shown. Please look at it once more."""


class AskInTheChat(Refusal):
    """Some rows could be one person or another. Please send the file to the bot in the chat, where it can ask you."""


class Outlook(Struct, frozen=True):
    """What importing the file would do, in words, and the fingerprint that confirming it must name."""

    text: Markup
    changes_something: bool
    fingerprint: str


class Errand(Struct, frozen=True):
    """One import to be carried out: its kind, cohort, what was read of the file as JSON, what was seen, its name."""

    kind: str
    cohort_id: int
    workbook: str
    fingerprint: str
    name: str = ""

    @classmethod
    def from_json(cls, given: Mapping[str, object]) -> "Errand":
        """Read one that came over the wire; raises KeyError or ValueError where it is not one."""
        kind, cohort_id, workbook = str(given["kind"]), int(str(given["cohort_id"])), str(given["workbook"])
        return cls(kind, cohort_id, workbook, str(given["fingerprint"]), str(given.get("name", "")))


def find_cohort(session: Session, name: str) -> Cohort:
    """The cohort of that name or number; raises NoSuchCohort."""
    cohort = service.find_cohort(session, name)
    if cohort is None:
        raise NoSuchCohort
    return cohort


def look(
    session: Session, kind: str, cohort: Cohort, workbook: str, t: Translator, now: datetime, name: str = ""
) -> Outlook:
    """Say what importing the file would do; raises NoHeadings, AskInTheChat."""
    if kind == QUESTIONS:
        summary = load_summary(workbook)
        questions = _questions(session, cohort.id or 0, summary, name)
        report = bank_words.report_text(name, cohort.name, summary, questions, t)
        return Outlook(report, questions.changes_something, questions.fingerprint)
    if kind == "timetable":
        table = _timetable(cohort, workbook)
        plan = timetables.preview(session, cohort=cohort, timetable=table, now=now)
        remarks = planning.remarks_on_timetable(session, cohort, table, plan, t, now)
        text = timetable_words.render_preview(plan, t, confirm="-", cancel="-", remarks=remarks).text
        return Outlook(Markup(text), plan.changes_something, plan.fingerprint)  # noqa: S704 - our own wording
    roster = _roster(workbook)
    roster_plan = _plan(session, cohort, roster)
    told = roster_words.preview_text(roster_plan, t)
    told = paragraphs(told, *planning.remarks_on_roster(session, cohort, roster, roster_plan, t))
    return Outlook(told, roster_plan.changes_something, roster_plan.fingerprint)


def carry_out(session: Session, errand: Errand, t: Translator, now: datetime) -> Markup:
    """Import, if that would still do what was seen; raises the refusals of the feature where it would not."""
    cohort = service.get_cohort(session, errand.cohort_id)
    if errand.kind == "timetable":
        applied = _replace_timetable(session, cohort, errand, now)
        return Markup(timetable_words.render_applied(applied, t).text)  # noqa: S704 - our own wording
    if errand.kind == QUESTIONS:
        return _carry_out_questions(session, errand, t, now)
    plan = _plan(session, cohort, _roster(errand.workbook))
    if plan.fingerprint != errand.fingerprint:
        raise enrolling.RosterMoved
    enrolled = enrolling.carry_out(session, cohort=cohort, plan=plan, actor=COMMAND, now=now)
    return Markup(roster_words.render_enrolled(enrolled, cohort, t).text)  # noqa: S704 - our own wording


def _replace_timetable(session: Session, cohort: Cohort, errand: Errand, now: datetime) -> Applied:
    """Import the timetable, and note what changes for those concerned."""
    before = changes.stand(session, errand.cohort_id)
    timetable = _timetable(cohort, errand.workbook)
    applied = timetables.apply(
        session, cohort=cohort, timetable=timetable, actor=COMMAND, now=now, expected=errand.fingerprint
    )
    changes.note_change(session, cohort_id=errand.cohort_id, before=before, actor=COMMAND, now=now)
    return applied


def _questions(session: Session, cohort_id: int, summary: Summary, name: str) -> banks.Plan:
    target = banks.target_for(session, cohort_id, banks.name_for(name))
    return banks.make_plan(session, cohort_id=cohort_id, summary=summary, target=target, replaces=False)


def _carry_out_questions(session: Session, errand: Errand, t: Translator, now: datetime) -> Markup:
    summary = load_summary(errand.workbook)
    plan = _questions(session, errand.cohort_id, summary, errand.name)
    if plan.fingerprint != errand.fingerprint:
        raise BankMoved
    done = banks.carry_out(session, cohort_id=errand.cohort_id, summary=summary, plan=plan, actor=COMMAND, now=now)
    return Markup(bank_words.render_imported(done, t).text)  # noqa: S704 - our own wording


def _roster(workbook: str) -> Roster:
    roster = read_roster(load_workbook(workbook))
    if not isinstance(roster, Roster):
        raise NoHeadings
    return roster


def _plan(session: Session, cohort: Cohort, roster: Roster) -> enrolling.Plan:
    plan = enrolling.plan_roster(session, cohort=cohort, roster=roster)
    if plan.diff.questions:
        raise AskInTheChat
    return plan


def _timetable(cohort: Cohort, workbook: str) -> Timetable:
    timetable = read_timetable(
        load_workbook(workbook), first_day=cohort.starts_on, last_day=cohort.ends_on, zone=ZoneInfo(cohort.time_zone)
    )
    if isinstance(timetable, HeaderNotFound):
        raise NoHeadings
    return timetable
