from collections.abc import Iterator
from datetime import date

import pytest
from markupsafe import escape
from sqlmodel import Session

from bot import planning
from bot.database import Database
from bot.i18n import translator
from bot.outbox.calls import Message
from bot.people import enrolling
from bot.people.models import Cohort
from bot.people.roster_shapes import Roster, RosterEntry
from bot.timetable import importing
from bot.timetable.sheet_shapes import TimetableEntry
from bot.workdays.models import Blackout
from tests.bot.timetable.sheets import row, sheet
from tests.support.camps import MONDAY, SUNDAY_NOON, TUESDAY, Camps, build_camps

EN = translator("en")


@pytest.fixture
def camps(database_url: str) -> Iterator[Camps]:
    database = Database(database_url)
    yield build_camps(database)
    database.close()


def remarks(camps: Camps, cohort: Cohort, *entries: TimetableEntry) -> planning.Remarks:
    def work(session: Session) -> planning.Remarks:
        table = sheet(*entries)
        found = importing.preview(session, cohort=cohort, timetable=table, now=SUNDAY_NOON)
        return planning.remarks_on_timetable(session, cohort, table, found, EN, SUNDAY_NOON)

    return camps.see(work)


def test_a_file_on_plain_days_that_nobody_is_told_of_says_only_that(camps: Camps) -> None:
    (told,) = remarks(camps, camps.cohort(), row(2, "Lecture", date(2026, 12, 9)))

    assert told == "📣 Nobody gets a message about this."


def test_a_file_without_any_row_is_not_remarked_upon(camps: Camps) -> None:
    assert remarks(camps, camps.cohort()) == ()


def test_a_roster_says_which_of_its_units_can_spare_nobody_and_who_is_elsewhere(camps: Camps) -> None:
    cohort, other = camps.cohort("Camp 1"), camps.cohort("Camp 2", starts_on=MONDAY, ends_on=TUESDAY)
    person = camps.person(other, name="李睿")
    blackouts = [_blackout(cohort, unit, person.id or 0) for unit in ("红山街道", "秦虹街道")]
    camps.do(lambda session: session.add_all(blackouts))
    entries = (RosterEntry(2, "李睿", None, "红山街道"),)

    def work(session: Session) -> planning.Remarks:
        roster = Roster("", entries, (), (), ())
        plan = enrolling.plan_roster(session, cohort=cohort, roster=roster, answers={2: person.id or 0})
        return planning.remarks_on_roster(session, cohort, roster, plan, EN)

    flags, clashing = camps.see(work)

    assert "红山街道 can spare nobody" in flags
    assert "秦虹街道" not in flags
    assert "1 person is in another camp on these very days: 李睿 (Camp 2)" in clashing


def test_what_does_not_fit_under_a_preview_is_left_out_and_the_rest_stays() -> None:
    shown = Message(escape("x" * 4000))

    told = planning.put_under(shown, [escape("y" * 100), escape("short")])

    assert told.text == f"{'x' * 4000}\n\nshort"


def _blackout(cohort: Cohort, unit: str, made_by: int) -> Blackout:
    return Blackout(
        organisation_id=cohort.organisation_id,
        unit=unit,
        starts_on=MONDAY,
        ends_on=MONDAY,
        made_by=made_by,
        made_at=SUNDAY_NOON,
    )
