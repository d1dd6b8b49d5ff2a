from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.audit.models import Change
from bot.calendars import service
from bot.calendars.models import CalendarFeed
from bot.calendars.rules import Agenda
from bot.calendars.service import FeedFault
from bot.errors import Gone, NotLinked
from bot.ids import PersonId
from bot.people.models import Person, Role
from bot.people.service import Speaker
from tests.support.camps import MONDAY, SUNDAY_NOON, TUESDAY, WEDNESDAY, Camps

NOW = SUNDAY_NOON


def speaker(person: Person) -> Speaker:
    return Speaker(PersonId(person.id or 0), person.telegram_id or 0, person.name, "en")


def agenda(camps: Camps, person: Person, now: datetime = NOW) -> Agenda:
    return camps.see(lambda s: service.agenda_of(s, person_id=person.id or 0, language="en", now=now))


def titles(camps: Camps, person: Person, now: datetime = NOW) -> list[str]:
    return [entry.title for entry in agenda(camps, person, now).entries]


def token(camps: Camps, person: Person) -> str:
    def work(session: Session) -> str:
        feed = service.open_feed(session, speaker=speaker(person), language="en", now=NOW)
        return service.token_of(session, feed.id or 0)

    return camps.do(work)


def test_a_trainee_sees_what_is_for_everybody_and_for_the_own_group_in_the_order_of_time(camps: Camps) -> None:
    camp = camps.cohort()
    person = camps.person(camp)
    camps.activity(camp, TUESDAY, title="Group one", group_name="one")
    camps.activity(camp, TUESDAY, title="Group two", group_name="two")
    camps.activity(camp, MONDAY, title="Everybody")
    camps.group(person, camp, "one")

    assert titles(camps, person) == ["Everybody", "Group one"]


def test_a_coordinator_sees_the_activities_of_every_group(camps: Camps) -> None:
    camp = camps.cohort()
    person = camps.person(camp, role=Role.COORDINATOR)
    camps.activity(camp, MONDAY, title="Group one", group_name="one")

    assert titles(camps, person) == ["Group one"]


def test_a_teacher_sees_only_the_activities_that_name_them(camps: Camps) -> None:
    camp = camps.cohort()
    person = camps.person(camp, role=Role.TEACHER, name="王芳")
    camps.activity(camp, MONDAY, title="Mine", speaker="李睿、王芳")
    camps.activity(camp, TUESDAY, title="Another's", speaker="李睿")

    assert titles(camps, person) == ["Mine"]


@pytest.mark.parametrize("role", [Role.UNIT_CONTACT, Role.AUDITOR])
def test_whoever_attends_nothing_has_an_empty_calendar(camps: Camps, role: Role) -> None:
    camp = camps.cohort()
    person = camps.person(camp, role=role)
    camps.activity(camp, MONDAY)

    assert titles(camps, person) == []


def test_several_camps_make_one_calendar_and_a_camp_left_is_no_longer_in_it(camps: Camps) -> None:
    first, second = camps.cohort("First"), camps.cohort("Second")
    person = camps.person(first, second)
    camps.activity(first, MONDAY, title="One")
    camps.activity(second, WEDNESDAY, title="Two")
    both = titles(camps, person)

    camps.leave(person, first)

    assert both == ["One", "Two"]
    assert titles(camps, person) == ["Two"]


def test_a_cancelled_activity_stays_and_is_marked(camps: Camps) -> None:
    camp = camps.cohort()
    person = camps.person(camp)
    camps.activity(camp, MONDAY, title="Gone", cancelled_at=NOW, version=3)

    (entry,) = agenda(camps, person).entries

    assert (entry.is_cancelled, entry.sequence) == (True, 3)


def test_a_camp_of_last_year_leaves_the_calendar(camps: Camps) -> None:
    camp = camps.cohort()
    person = camps.person(camp)
    camps.activity(camp, MONDAY)

    assert titles(camps, person, NOW + timedelta(days=402)) == ["Registration"]
    assert titles(camps, person, NOW + timedelta(days=404)) == []


def test_an_address_is_made_once_and_only_its_digest_is_kept(camps: Camps) -> None:
    person = camps.person(camps.cohort())

    first, again = token(camps, person), token(camps, person)

    feeds = camps.see(lambda s: s.exec(select(CalendarFeed)).all())
    assert first == again
    assert len(first) == service.TOKEN_LENGTH
    assert len(feeds) == 1
    assert first not in str(feeds[0])


def test_an_address_finds_its_feed_and_no_other_does(camps: Camps) -> None:
    person = camps.person(camps.cohort())
    address = token(camps, person)

    found = camps.see(lambda s: service.feed_of(s, address))
    other = address[:-1] + ("A" if address[-1] != "A" else "B")

    assert isinstance(found, CalendarFeed)
    assert found.person_id == person.id
    assert camps.see(lambda s: service.feed_of(s, other)) is FeedFault.UNKNOWN
    assert camps.see(lambda s: service.feed_of(s, "../etc")) is FeedFault.UNKNOWN


def test_a_revoked_address_never_works_again_and_the_next_one_is_another(camps: Camps) -> None:
    person = camps.person(camps.cohort())
    address = token(camps, person)

    revoked = camps.do(lambda s: service.revoke_feed(s, speaker=speaker(person), now=NOW))
    fresh = token(camps, person)

    assert revoked
    assert camps.see(lambda s: service.feed_of(s, address)) is FeedFault.REVOKED
    assert fresh != address
    assert isinstance(camps.see(lambda s: service.feed_of(s, fresh)), CalendarFeed)


def test_revoking_what_is_not_there_changes_nothing(camps: Camps) -> None:
    person = camps.person(camps.cohort())

    assert not camps.do(lambda s: service.revoke_feed(s, speaker=speaker(person), now=NOW))


def test_opening_and_revoking_stand_in_the_change_log_without_the_address(camps: Camps) -> None:
    person = camps.person(camps.cohort())
    address = token(camps, person)
    camps.do(lambda s: service.revoke_feed(s, speaker=speaker(person), now=NOW))

    changes = camps.see(lambda s: s.exec(select(Change).where(Change.subject == "calendar")).all())

    assert [(change.action, change.person_id) for change in changes] == [("open", person.id), ("revoke", person.id)]
    assert address not in str(changes)


def test_somebody_who_is_not_in_the_camp_gets_nothing(camps: Camps) -> None:
    camp, other = camps.cohort("One"), camps.cohort("Two")
    person = camps.person(other)

    with pytest.raises(Gone):
        camps.do(lambda s: service.show_calendar(s, cohort_id=camp.id or 0, speaker=speaker(person), now=NOW))
    with pytest.raises(NotLinked):
        camps.do(lambda s: service.open_feed(s, speaker=None, language="en", now=NOW))
