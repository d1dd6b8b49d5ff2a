from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.database import Database
from bot.guests import service
from bot.guests.service import GUEST, Party
from bot.people import service as people
from tests.support.camps import SUNDAY_NOON, Camps, build_camps

ACCOUNT = 7001


@pytest.fixture
def camps(database_url: str) -> Iterator[Camps]:
    database = Database(database_url)
    yield build_camps(database)
    database.close()


def enrol(camps: Camps, account: int = ACCOUNT, name: str = "李明", unit: str = "花园街道") -> Party:
    camp = camps.do(lambda s: people.open_organisation(s, people.OFFICE))
    return camps.do(
        lambda s: service.enrol(
            s,
            organisation_id=camp.id or 0,
            telegram_id=account,
            name=name,
            unit=unit,
            phone="13800001111",
            language="zh",
            now=SUNDAY_NOON,
        )
    )


def party_of(camps: Camps, account: int = ACCOUNT) -> Party | None:
    return camps.do(lambda s: service.party_of(s, speaker=people.find_speaker(s, account), telegram_id=account))


def test_a_guest_is_known_by_their_account(camps: Camps) -> None:
    guest = enrol(camps)

    assert party_of(camps) == guest
    assert (guest.person_id, guest.name, guest.unit, guest.chat_id) == (None, "李明", "花园街道", ACCOUNT)


def test_the_same_account_again_is_the_same_guest_with_what_they_say_now(camps: Camps) -> None:
    first = enrol(camps)

    again = enrol(camps, name="李小明")

    assert (again.guest_id, again.name) == (first.guest_id, "李小明")
    assert camps.see(lambda s: s.execute(select(func.count()).select_from(GUEST)).scalar()) == 1


def test_nobody_stands_behind_an_unknown_account(camps: Camps) -> None:
    assert party_of(camps, 1) is None


def test_a_person_of_the_roster_comes_before_the_guest_they_were(camps: Camps) -> None:
    person = camps.person(camps.cohort(), name="王芳")
    enrol(camps, account=person.telegram_id or 0)

    party = party_of(camps, person.telegram_id or 0)

    assert party is not None
    assert (party.person_id, party.guest_id, party.name) == (person.id, None, "王芳")


def test_parties_are_read_together_and_unknown_numbers_are_passed_over(camps: Camps) -> None:
    guest, person = enrol(camps), camps.person(camps.cohort(), name="王芳")

    found = camps.see(
        lambda s: service.parties(s, person_ids=[person.id, None, 999], guest_ids=[guest.guest_id], language="en")
    )

    assert [party.name for party in found.all()] == ["王芳", "李明"]
    assert found.of(person.id, None) == found.persons[person.id or 0]
    assert found.of(None, guest.guest_id) == guest
    assert found.of(None, 999) is None


def test_whoever_chose_no_language_reads_the_one_that_is_given(camps: Camps) -> None:
    person = camps.person(camps.cohort(), language="")

    found = camps.see(lambda s: service.parties(s, person_ids=[person.id], language="en"))

    assert found.persons[person.id or 0].language == "en"


def test_who_has_blocked_the_bot_cannot_be_reached_until_they_write_again(camps: Camps) -> None:
    guest = enrol(camps)
    was_news = camps.do(lambda s: service.mark_unreachable(s, ACCOUNT, SUNDAY_NOON))
    silent = camps.see(lambda s: service.parties(s, guest_ids=[guest.guest_id])).guests[guest.guest_id or 0]

    back = party_of(camps)

    assert was_news
    assert silent.chat_id is None
    assert back is not None
    assert back.chat_id == ACCOUNT
    assert camps.do(lambda s: service.mark_unreachable(s, 1, SUNDAY_NOON)) is False


def test_a_guest_is_forgotten_and_the_account_can_come_back_as_a_new_one(camps: Camps) -> None:
    guest = enrol(camps)

    forgotten = camps.do(lambda s: service.forget(s, [guest.guest_id or 0]))

    assert forgotten == 1
    assert party_of(camps) is None
    empty = camps.see(lambda s: service.parties(s, guest_ids=[guest.guest_id])).guests[guest.guest_id or 0]
    assert (empty.name, empty.unit, empty.chat_id) == ("", "", None)
    assert enrol(camps).guest_id != guest.guest_id


def test_forgetting_twice_forgets_once_and_nobody_forgets_nobody(camps: Camps) -> None:
    guest = enrol(camps)
    camps.do(lambda s: service.forget(s, [guest.guest_id or 0]))

    assert camps.do(lambda s: service.forget(s, [guest.guest_id or 0])) == 0
    assert camps.do(lambda s: service.forget(s, [])) == 0


def test_only_guests_who_are_still_known_are_looked_through_for_forgetting(camps: Camps) -> None:
    known, gone = enrol(camps), enrol(camps, account=ACCOUNT + 1)
    camps.do(lambda s: service.forget(s, [gone.guest_id or 0]))

    later = SUNDAY_NOON + timedelta(seconds=1)

    assert camps.see(lambda s: service.joined_before(s, later)) == [known.guest_id]
    assert camps.see(lambda s: service.joined_before(s, SUNDAY_NOON)) == []
