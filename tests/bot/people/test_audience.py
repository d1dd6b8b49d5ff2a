from collections.abc import Iterator

import pytest

from bot.database import Database
from bot.people.audience import Audience, find_audience
from bot.people.models import Cohort, Role
from tests.support.camps import Camps, build_camps


@pytest.fixture
def camps(database_url: str) -> Iterator[Camps]:
    database = Database(database_url)
    yield build_camps(database)
    database.close()


def find(camps: Camps, cohort: Cohort, *, after: int = 0, limit: int = 10) -> Audience:
    return camps.see(lambda s: find_audience(s, cohort.id or 0, Role.TRAINEE, after=after, limit=limit))


def test_an_audience_is_sorted_by_language_and_the_cohorts_fills_a_gap(camps: Camps) -> None:
    cohort = camps.cohort(language="zh")
    people = [camps.person(cohort, language=language) for language in ("", "en", "zh", "")]

    found = find(camps, cohort)

    chats = {one.id: one.telegram_id for one in people}
    english = {people[1].id: chats.pop(people[1].id)}
    assert (found.chats, found.size, found.last) == ({"zh": chats, "en": english}, 4, people[-1].id)


def test_only_whoever_can_be_reached_in_that_role_belongs_to_it(camps: Camps) -> None:
    cohort, other = camps.cohort("One"), camps.cohort("Other")
    camps.person(cohort, linked=False)
    camps.person(cohort, role=Role.COORDINATOR)
    camps.person(other)
    camps.leave(camps.person(cohort), cohort)

    found = find(camps, cohort, after=5)

    assert (found.size, found.last) == (0, 5)


def test_pages_follow_one_another_without_a_gap(camps: Camps) -> None:
    cohort = camps.cohort()
    people = [camps.person(cohort).id for _ in range(5)]

    lasts, after = [], 0
    while (page := find(camps, cohort, after=after, limit=2)).size:
        after = page.last
        lasts.append((page.size, after))

    assert lasts == [(2, people[1]), (2, people[3]), (1, people[4])]
