from datetime import date, timedelta

import pytest
from sqlmodel import select

from bot.audit.models import Change
from bot.errors import Gone, NotAllowed
from bot.ids import PersonId
from bot.people.models import Cohort, Person, Role
from bot.people.service import Speaker
from bot.workdays import service
from bot.workdays.models import Blackout
from bot.workdays.rules import DayKind, Special
from bot.workdays.service import Flags, NothingInTheTable, NotThatUnit, TableTooShort
from bot.workdays.sheet import DayTable
from tests.support.camps import MONDAY, SUNDAY_NOON, WEDNESDAY, Camps

NEW_YEAR = date(2027, 1, 1)


def table(days: int = 10, year: int = 2027) -> DayTable:
    return DayTable(tuple(Special(date(year, 1, 1) + timedelta(days=n), True, "元旦") for n in range(days)), ())


def speaker_of(person: Person, *, is_operator: bool = False) -> Speaker:
    return Speaker(PersonId(person.id or 0), 1, person.name, "en", is_operator)


def coordinator(camps: Camps, cohort: Cohort) -> Speaker:
    return speaker_of(camps.person(cohort, role=Role.COORDINATOR))


def import_(camps: Camps, days: DayTable, speaker: Speaker) -> tuple[int, ...]:
    return camps.do(lambda s: service.import_days(s, table=days, speaker=speaker, now=SUNDAY_NOON))


def in_unit(camps: Camps, cohort: Cohort, unit: str) -> Person:
    person = camps.person(cohort)

    def work(session: object) -> None:
        found = session.get_one(Person, person.id)  # type: ignore[attr-defined]
        found.unit = unit
        session.add(found)  # type: ignore[attr-defined]

    camps.do(work)
    return person


def black_out(camps: Camps, cohort: Cohort, unit: str, speaker: Speaker, first: date, last: date) -> Blackout:
    return camps.do(
        lambda s: service.add_blackout(
            s,
            cohort_id=cohort.id or 0,
            unit=unit,
            first=first,
            last=last,
            reason="换届",
            speaker=speaker,
            now=SUNDAY_NOON,
        )
    )


def flags(camps: Camps, cohort: Cohort, first: date = MONDAY, last: date = WEDNESDAY, **more: object) -> Flags:
    return camps.see(
        lambda s: service.flags(s, organisation_id=cohort.organisation_id, first=first, last=last, **more)  # type: ignore[arg-type]
    )


def test_an_imported_table_makes_its_year_known(camps: Camps) -> None:
    speaker = coordinator(camps, camps.cohort())
    before = camps.see(lambda s: service.missing(s, date(2026, 12, 1)))

    years = import_(camps, table(), speaker)

    assert (before, years) == (2027, (2027,))
    assert camps.see(lambda s: service.missing(s, date(2026, 12, 1))) is None
    assert camps.see(lambda s: service.calendar(s).kind(NEW_YEAR)) is DayKind.HOLIDAY


def test_a_second_import_replaces_the_first_for_its_year_only(camps: Camps) -> None:
    speaker = coordinator(camps, camps.cohort())
    import_(camps, table(10, 2027), speaker)
    import_(camps, table(10, 2028), speaker)

    import_(camps, table(7, 2027), speaker)

    known = camps.see(service.calendar).imported
    assert sum(on.year == 2027 for on in known) == 7
    assert sum(on.year == 2028 for on in known) == 10


@pytest.mark.parametrize(("days", "fault"), [(0, NothingInTheTable), (6, TableTooShort)])
def test_what_is_no_table_of_a_year_changes_nothing(camps: Camps, days: int, fault: type[Exception]) -> None:
    speaker = coordinator(camps, camps.cohort())

    with pytest.raises(fault):
        import_(camps, table(days), speaker)

    assert camps.see(service.calendar).imported == {}


def test_only_those_who_plan_camps_import_a_table(camps: Camps) -> None:
    trainee = speaker_of(camps.person(camps.cohort()))

    with pytest.raises(NotAllowed):
        import_(camps, table(), trainee)


def test_a_blackout_flags_the_camps_whose_days_it_touches(camps: Camps) -> None:
    cohort = camps.cohort()
    in_unit(camps, cohort, "红山街道")
    black_out(camps, cohort, "红山街道", coordinator(camps, cohort), WEDNESDAY, WEDNESDAY + timedelta(days=9))

    assert [one.unit for one in flags(camps, cohort).blackouts] == ["红山街道"]
    assert flags(camps, cohort, last=WEDNESDAY - timedelta(days=1)).is_empty


def test_a_blackout_of_a_unit_that_sends_nobody_is_no_flag(camps: Camps) -> None:
    cohort = camps.cohort()
    in_unit(camps, cohort, "红山街道")
    black_out(camps, cohort, "红山街道", coordinator(camps, cohort), MONDAY, MONDAY)

    assert flags(camps, cohort, units={"秦虹街道"}).is_empty


def test_a_blackout_taken_back_flags_nothing_and_stays_on_record(camps: Camps) -> None:
    cohort = camps.cohort()
    in_unit(camps, cohort, "红山街道")
    speaker = coordinator(camps, cohort)
    made = black_out(camps, cohort, "红山街道", speaker, MONDAY, MONDAY)

    def remove() -> bool:
        return camps.do(
            lambda s: service.remove_blackout(
                s, cohort_id=cohort.id or 0, blackout_id=made.id or 0, speaker=speaker, now=SUNDAY_NOON
            )
        )

    assert (remove(), remove()) == (True, False)
    assert flags(camps, cohort).is_empty
    changes = camps.see(lambda s: s.exec(select(Change).where(Change.subject == "blackout")).all())
    assert [change.action for change in changes] == ["create", "remove"]


def test_a_unit_that_is_not_in_the_camp_cannot_be_blacked_out_from_there(camps: Camps) -> None:
    cohort = camps.cohort()

    with pytest.raises(NotThatUnit):
        black_out(camps, cohort, "红山街道", coordinator(camps, cohort), MONDAY, MONDAY)


def test_only_a_coordinator_of_the_camp_keeps_blackouts(camps: Camps) -> None:
    cohort, other = camps.cohort("One"), camps.cohort("Two")
    in_unit(camps, cohort, "红山街道")
    stranger, auditor = coordinator(camps, other), speaker_of(camps.person(cohort, role=Role.AUDITOR))

    for speaker in (stranger, auditor):
        with pytest.raises(NotAllowed):
            black_out(camps, cohort, "红山街道", speaker, MONDAY, MONDAY)


def test_a_blackout_that_is_not_there_is_gone(camps: Camps) -> None:
    cohort = camps.cohort()
    speaker = coordinator(camps, cohort)

    with pytest.raises(Gone):
        camps.do(
            lambda s: service.remove_blackout(
                s, cohort_id=cohort.id or 0, blackout_id=99, speaker=speaker, now=SUNDAY_NOON
            )
        )


def test_a_camp_over_a_holiday_is_flagged(camps: Camps) -> None:
    cohort = camps.cohort()

    found = flags(camps, cohort, date(2026, 9, 30), date(2026, 10, 2))

    assert [stretch.name for stretch in found.outlook.holidays] == ["国庆节"]


def test_the_units_of_a_camp_are_counted(camps: Camps) -> None:
    cohort = camps.cohort()
    for unit in ("乙", "甲", "乙"):
        in_unit(camps, cohort, unit)

    units = camps.see(lambda s: service.units_of(s, cohort.id or 0))

    assert sorted((one.unit, one.people) for one in units) == sorted([("乙", 2), ("甲", 1)])
