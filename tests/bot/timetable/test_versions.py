from datetime import timedelta

import pytest

from bot.audit.service import Actor
from bot.errors import Gone, NotAllowed
from bot.ids import PersonId
from bot.people.models import Cohort, Role
from bot.people.service import Speaker
from bot.timetable import importing, versions
from bot.timetable.sheet_diff import Change
from bot.timetable.versions import Cause, Comparison
from tests.bot.timetable.sheets import row, sheet
from tests.support.camps import MONDAY, SUNDAY_NOON, TUESDAY, Camps

ACTOR = Actor(name="test")


def reader(camps: Camps, cohort: Cohort, role: Role = Role.AUDITOR) -> Speaker:
    person = camps.person(cohort, role=role)
    return Speaker(PersonId(person.id or 0), 1, person.name, "en")


def apply(camps: Camps, cohort: Cohort, *titles: tuple[str, int]) -> None:
    rows = [row(number, title, MONDAY, hour) for number, (title, hour) in enumerate(titles, 2)]
    camps.do(lambda s: importing.apply(s, cohort=cohort, timetable=sheet(*rows), actor=ACTOR, now=SUNDAY_NOON))


def compare(camps: Camps, cohort: Cohort, before: int, after: int) -> Comparison:
    speaker = reader(camps, cohort)
    return camps.see(
        lambda s: versions.compare_versions(s, cohort_id=cohort.id or 0, before=before, after=after, speaker=speaker)
    )


def test_every_import_that_changes_something_keeps_a_version(camps: Camps) -> None:
    cohort = camps.cohort()
    apply(camps, cohort, ("One", 9))
    apply(camps, cohort, ("One", 9))
    apply(camps, cohort, ("One", 9), ("Two", 11))

    assert camps.see(lambda s: versions.latest_number(s, cohort.id or 0)) == 2


def test_an_earlier_version_is_shown_as_it_was(camps: Camps) -> None:
    cohort = camps.cohort()
    apply(camps, cohort, ("One", 9), ("Two", 11))
    apply(camps, cohort, ("One", 10))
    speaker = reader(camps, cohort)

    first = camps.see(lambda s: versions.get_version(s, cohort_id=cohort.id or 0, number=1, speaker=speaker))

    assert [(one.title, one.starts_at.hour) for one in first.activities] == [("One", 1), ("Two", 3)]
    assert (first.cause, first.is_latest) == (Cause.IMPORT, False)


def test_a_comparison_names_what_is_new_gone_and_changed(camps: Camps) -> None:
    cohort = camps.cohort()
    apply(camps, cohort, ("One", 9), ("Two", 11))
    apply(camps, cohort, ("One", 10), ("Three", 15))

    found = compare(camps, cohort, 1, 2)

    assert ([one.title for one in found.added], [one.title for one in found.removed]) == (["Three"], ["Two"])
    (changed,) = found.changed
    assert changed.activity.title == "One"
    assert {change.field for change in changed.changes} == {Change.STARTS, Change.ENDS}


def test_versions_compare_the_earlier_one_first_whatever_their_order(camps: Camps) -> None:
    cohort = camps.cohort()
    apply(camps, cohort, ("One", 9))
    apply(camps, cohort, ("One", 9), ("Two", 11))

    found = compare(camps, cohort, 2, 1)

    assert (found.before.number, found.after.number, len(found.added)) == (1, 2, 1)
    assert compare(camps, cohort, 2, 2).is_empty


def test_a_version_that_is_not_there_is_gone(camps: Camps) -> None:
    cohort = camps.cohort()
    speaker = reader(camps, cohort)

    with pytest.raises(Gone):
        camps.see(lambda s: versions.get_version(s, cohort_id=cohort.id or 0, number=1, speaker=speaker))


def test_only_coordinators_and_auditors_see_versions(camps: Camps) -> None:
    cohort = camps.cohort()
    trainee = reader(camps, cohort, Role.TRAINEE)

    with pytest.raises(NotAllowed):
        camps.see(lambda s: versions.list_versions(s, cohort_id=cohort.id or 0, page=0, speaker=trainee))


def test_many_versions_are_paged_the_latest_first(camps: Camps) -> None:
    cohort = camps.cohort()
    for number in range(10):
        camps.activity(cohort, TUESDAY, (8 + number, 0), (9 + number, 0), f"{number}")
        camps.do(
            lambda s, at=number: versions.keep(  # type: ignore[misc]
                s, cohort=cohort, cause=Cause.EDIT, actor=ACTOR, now=SUNDAY_NOON + timedelta(minutes=at)
            )
        )
    speaker = reader(camps, cohort)

    first, last = (
        camps.see(lambda s, n=page: versions.list_versions(s, cohort_id=cohort.id or 0, page=n, speaker=speaker))  # type: ignore[misc]
        for page in (0, 99)
    )

    assert [one.number for one in first.versions] == [10, 9, 8, 7, 6, 5, 4, 3]
    assert ([one.number for one in last.versions], last.pages) == ([2, 1], 2)
