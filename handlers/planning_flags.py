"""Puts what speaks against a camp's days under a preview, before anything is saved: holidays, blackouts, call-ups."""

from collections.abc import Collection
from dataclasses import replace

from markupsafe import Markup
from sqlmodel import Session

from bot.i18n import Translator
from bot.loadmap import service as loadmap
from bot.loadmap.messages import render_clashing
from bot.outbox.calls import Message
from bot.people.enrolling import Plan
from bot.people.messages.wording import paragraphs
from bot.people.models import Cohort
from bot.timetable.messages.items import size
from bot.timetable.sheet_shapes import Timetable
from bot.workdays import service as workdays
from bot.workdays.messages import render_flags

ROOM = 4050
"""In UTF-16 units; Telegram takes 4,096."""


def flag_roster(
    session: Session, cohort: Cohort, plan: Plan, units: Collection[str], shown: Message, t: Translator
) -> Message:
    """The preview of a roster, and which units can spare nobody, and who is elsewhere on these very days."""
    flags = workdays.flags_of_camp(session, cohort, units=units, language=t.language)
    known = {match.person.person_id for match in (*plan.diff.returning, *plan.diff.changed, *plan.diff.unchanged)}
    clashing = loadmap.called_up(session, cohort, known, cohort.starts_on, cohort.ends_on)
    return _under(shown, render_flags(flags, t), render_clashing(clashing, t))


def flag_timetable(session: Session, cohort: Cohort, timetable: Timetable, shown: Message, t: Translator) -> Message:
    """The preview of a timetable, and what speaks against the days it names."""
    days = [entry.on for entry in timetable.entries]
    if not days:
        return shown
    units = {one.unit for one in workdays.units_of(session, cohort.id or 0)}
    flags = workdays.flags(
        session,
        organisation_id=cohort.organisation_id,
        first=min(days),
        last=max(days),
        units=units,
        language=t.language,
    )
    return _under(shown, render_flags(flags, t))


def _under(shown: Message, *told: Markup | None) -> Message:
    """The preview with what fits under it."""
    text = Markup(shown.text)  # noqa: S704 - our own wording
    for one in told:
        longer = paragraphs(text, one) if one else text
        text = longer if size(longer) <= ROOM else text
    return replace(shown, text=text)
