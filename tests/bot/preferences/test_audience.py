from datetime import timedelta

import pytest

from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people.models import Cohort, Person, Role
from bot.preferences import service
from bot.preferences.audience import Audience, Manner, Wanted, find_audience
from bot.preferences.models import Topic
from bot.preferences.rules import QuietHours
from bot.preferences.service import Span
from bot.turn import Turns
from tests.support.camps import MONDAY, Camps, local
from tests.support.house import HandClock

NOW = local(MONDAY, 8)


@pytest.fixture
def cohort(camps: Camps) -> Cohort:
    return camps.cohort()


def find(camps: Camps, wanted: Wanted, after: int = 0, limit: int = 100) -> Audience:
    """Look for an audience."""
    return camps.see(lambda s: find_audience(s, wanted, NOW, after=after, limit=limit))


def manners(audience: Audience) -> dict[str, int]:
    """How many there are of each manner, by its key."""
    return {manner.key: len(chats) for manner, chats in audience.chats.items()}


def test_people_are_sorted_by_language_sound_quiet_hours_and_group(camps: Camps, cohort: Cohort) -> None:
    plain, silent, quiet = camps.person(cohort), camps.person(cohort, language="zh"), camps.person(cohort)
    camps.person(cohort)
    camps.group(quiet, cohort, "a:b")
    camps.do(lambda s: service.set_silent(s, person_id=silent.id or 0, is_silent=True))
    camps.do(lambda s: service.set_quiet_hours(s, person_id=quiet.id or 0, hours=QuietHours(1320, 420)))

    found = find(camps, Wanted(cohort.id or 0, Topic.MORNING, by_group=True))

    assert manners(found) == {"en:0::": 2, "zh:1::": 1, "en:0:1320-420:a:b": 1}
    assert Manner.read("en:0:1320-420:a:b") == Manner("en:0:1320-420:a:b", "en", False, QuietHours(1320, 420), "a:b")
    assert found.size == 4
    assert plain.id is not None


@pytest.mark.parametrize("span", list(Span))
def test_whoever_has_paused_the_topic_is_left_out_and_hears_what_comes_anyway(
    camps: Camps, cohort: Cohort, span: Span
) -> None:
    person = camps.person(cohort)
    camps.person(cohort)
    ids = {"person_id": person.id or 0, "cohort_id": cohort.id or 0}
    camps.do(lambda s: service.pause(s, **ids, topic=Topic.MORNING, span=span, now=NOW))

    sizes = [find(camps, Wanted(cohort.id or 0, topic)).size for topic in (Topic.MORNING, Topic.EVENING, None)]
    tomorrow = camps.see(
        lambda s: find_audience(s, Wanted(cohort.id or 0, Topic.MORNING), NOW + timedelta(days=1), limit=9)
    )

    assert sizes == [1, 2, 2]
    assert tomorrow.size == (2 if span is Span.TODAY else 1)


def test_a_pause_in_another_camp_does_not_count(camps: Camps, cohort: Cohort) -> None:
    other = camps.cohort("Other")
    person = camps.person(cohort, other)
    ids = {"person_id": person.id or 0, "cohort_id": other.id or 0}
    camps.do(lambda s: service.pause(s, **ids, topic=Topic.MORNING, span=Span.CAMP, now=NOW))

    assert [find(camps, Wanted(one.id or 0, Topic.MORNING)).size for one in (cohort, other)] == [1, 0]


def test_only_those_of_the_role_and_group_who_can_be_reached_are_found(camps: Camps, cohort: Cohort) -> None:
    member, blocked = camps.person(cohort), camps.person(cohort)
    camps.person(cohort)
    camps.person(cohort, linked=False)
    camps.person(cohort, role=Role.COORDINATOR)
    for person in (member, blocked):
        camps.group(person, cohort, "一组")
    camps.do(lambda s: s.get_one(Person, blocked.id).__setattr__("unreachable_at", NOW))

    assert find(camps, Wanted(cohort.id or 0, None)).size == 2
    assert find(camps, Wanted(cohort.id or 0, None, group="一组")).size == 1
    assert find(camps, Wanted(cohort.id or 0, None, Role.COORDINATOR)).size == 1


def test_those_who_want_another_lead_are_not_found(camps: Camps, cohort: Cohort) -> None:
    early = camps.person(cohort)
    camps.person(cohort)
    camps.do(lambda s: service.set_before(s, person_id=early.id or 0, minutes=30))

    sizes = [
        find(camps, Wanted(cohort.id or 0, Topic.BEFORE, lead=lead, usual_lead=15)).size for lead in (15, 30, 20, None)
    ]

    assert sizes == [1, 1, 0, 2]


def test_a_page_ends_where_its_room_ends_and_the_next_one_goes_on(camps: Camps, cohort: Cohort) -> None:
    people = [camps.person(cohort) for _ in range(3)]

    first = find(camps, Wanted(cohort.id or 0, None), limit=2)
    second = find(camps, Wanted(cohort.id or 0, None), after=first.last, limit=2)

    assert (first.size, first.last, second.size, second.last) == (2, people[1].id, 1, people[2].id)


def test_whoever_was_told_already_is_left_out(camps: Camps, cohort: Cohort) -> None:
    told, other = camps.person(cohort), camps.person(cohort)
    turns = Turns(camps.database, HandClock(NOW))
    turns.take_now(lambda turn: turn.send(1, Message("x"), lane=Lane.REMINDER, key=f"evening:1:{told.id}"))

    found = find(camps, Wanted(cohort.id or 0, None, unsaid="evening:1:"))

    assert (found.size, found.last) == (1, other.id)
