"""A camp whose people work with banks."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.banks import service
from bot.banks.questions import Question
from bot.banks.service import Kept
from bot.database import Database
from bot.ids import PersonId
from bot.people.models import Cohort, Person, Role
from bot.people.service import Speaker
from tests.support.banks import fill_bank
from tests.support.camps import Camps, build_camps


@dataclass
class Banks:
    """A cohort with one person of each role, and ways to fill and read its banks."""

    camps: Camps
    cohort: Cohort
    people: dict[Role, Person]

    @property
    def cohort_id(self) -> int:
        """The cohort's id."""
        return self.cohort.id or 0

    def speaker(self, role: Role) -> Speaker:
        """The person of that role."""
        person = self.people[role]
        return Speaker(PersonId(person.id or 0), person.telegram_id or 0, person.name, "en")

    def fill(self, *questions: Question, name: str = "Bank") -> int:
        """Import questions; the bank's id."""
        now = self.camps.now
        return self.camps.do(lambda session: fill_bank(session, self.cohort_id, questions, now, name=name)).bank_id

    def kept(self, bank_id: int) -> list[Kept]:
        """All questions of a bank, by number."""
        found = self.camps.see(lambda s: service.questions(s, service.draw(s, bank_id, count=99_999, seed=1)))
        return sorted(found.values(), key=lambda one: one.number)


ROLES = (Role.COORDINATOR, Role.TEACHER, Role.AUDITOR, Role.TRAINEE)


@pytest.fixture
def banks(database_url: str) -> Iterator[Banks]:
    """An empty camp."""
    database = Database(database_url)
    camps = build_camps(database)
    cohort = camps.cohort()
    yield Banks(camps, cohort, {role: camps.person(cohort, role=role, name=role.value) for role in ROLES})
    database.close()
