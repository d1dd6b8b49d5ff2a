import pytest

from bot.errors import NotAllowed
from bot.ids import PersonId
from bot.loadmap import service
from bot.loadmap.service import LoadMap
from bot.people.models import Cohort, Person, Role
from bot.people.service import Speaker
from tests.support.camps import MONDAY, WEDNESDAY, Camps


def found(camps: Camps, cohort: Cohort) -> LoadMap:
    return camps.see(lambda s: service.draw_up(s, cohort))


def speaker_of(person: Person) -> Speaker:
    return Speaker(PersonId(person.id or 0), 1, person.name, "en")


def test_a_trainee_who_is_in_another_camp_is_found(camps: Camps) -> None:
    one, other = camps.cohort("One"), camps.cohort("Other")
    camps.person(one, other, name="李睿")
    camps.person(one, name="杨兰")

    seen = found(camps, one)

    assert [(call.member.name, call.camp, call.first, call.last) for call in seen.calls] == [
        ("李睿", "Other", MONDAY, WEDNESDAY)
    ]
    assert (seen.people, len(seen.clashing)) == (2, 1)


def test_a_camp_long_ago_and_one_that_was_left_do_not_count(camps: Camps) -> None:
    one = camps.cohort("One")
    old = camps.cohort("Old", starts_on=MONDAY.replace(month=1), ends_on=MONDAY.replace(month=1))
    left = camps.cohort("Left")
    person = camps.person(one, old, left)
    camps.leave(person, left)

    assert found(camps, one).calls == ()


def test_those_who_coordinate_elsewhere_are_not_called_up(camps: Camps) -> None:
    one, other = camps.cohort("One"), camps.cohort("Other")
    person = camps.person(one)
    camps.join(person, other, Role.COORDINATOR)

    assert found(camps, one).calls == ()


def test_a_camp_of_the_weeks_around_is_shown_and_is_no_clash(camps: Camps) -> None:
    one = camps.cohort("One")
    near = camps.cohort("Near", starts_on=MONDAY.replace(day=14), ends_on=MONDAY.replace(day=16))
    camps.person(one, near)

    seen = found(camps, one)

    assert (len(seen.calls), seen.clashing) == (1, ())


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.TEACHER, Role.UNIT_CONTACT])
def test_only_coordinators_and_auditors_see_it(camps: Camps, role: Role) -> None:
    one = camps.cohort("One")
    auditor, other = camps.person(one, role=Role.AUDITOR), camps.person(one, role=role)

    assert camps.see(lambda s: service.load_map(s, cohort_id=one.id or 0, speaker=speaker_of(auditor))).calls == ()
    with pytest.raises(NotAllowed):
        camps.see(lambda s: service.load_map(s, cohort_id=one.id or 0, speaker=speaker_of(other)))


def test_more_people_than_one_question_takes_are_asked_about(camps: Camps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "CHUNK", 2)
    one, other = camps.cohort("One"), camps.cohort("Other")
    for number in range(5):
        camps.person(one, other, name=f"{number}")

    assert [call.member.name for call in found(camps, one).calls] == ["0", "1", "2", "3", "4"]
