from datetime import date, timedelta

import pytest
from sqlmodel import Session

from bot.errors import Gone
from bot.people import listing, service
from bot.people.listing import Group
from bot.people.models import Role
from tests.support.camp import NOBODY, add_person, make_camp
from tests.support.house import MONDAY


def enrol(session: Session, name: str, group: str | None, telegram_id: int | None = None) -> int:
    person_id = add_person(session, 1, name, telegram_id=telegram_id)
    session.execute(
        service.MEMBERSHIP.update().where(service.MEMBERSHIP.c.person_id == person_id).values(group_name=group)
    )
    return person_id


def a_camp(session: Session) -> None:
    make_camp(session)
    for number, group in enumerate(("第十组", "第一组", None, "第十组")):
        enrol(session, f"P{number}", group, telegram_id=number or None)


def test_groups_stand_in_the_order_of_the_roster_with_how_many_are_linked(session: Session) -> None:
    a_camp(session)

    assert listing.groups_of(session, 1) == [Group("第十组", 2, 1), Group("第一组", 1, 1), Group("", 1, 1)]


def test_pages_go_group_by_group(session: Session) -> None:
    a_camp(session)

    page = listing.trainees_page(session, 1, 1, size=3)

    assert ([person.name for person in page.people], page.number, page.pages, page.total) == (["P2"], 1, 2, 4)


def test_a_page_beyond_the_end_is_the_last_one(session: Session) -> None:
    a_camp(session)

    assert listing.trainees_page(session, 1, 99, size=3).number == 1
    assert listing.trainees_page(session, 1, -5, size=3).number == 0


def test_a_list_can_be_of_one_group_or_of_those_not_linked(session: Session) -> None:
    a_camp(session)

    ungrouped = listing.trainees_page(session, 1, 0, group="")
    unlinked = listing.trainees_page(session, 1, 0, only_unlinked=True)

    assert [[person.name for person in page.people] for page in (ungrouped, unlinked)] == [["P2"], ["P0"]]


def test_what_runs_now_comes_first_then_what_is_next_then_what_is_over(session: Session) -> None:
    person_id = add_person(session, make_camp(session, "now"), "Li")
    for name, days in (("over", -30), ("later", 90), ("next", 30)):
        cohort = service.get_cohort(session, make_camp(session, name))
        cohort.starts_on, cohort.ends_on = cohort.starts_on + timedelta(days), cohort.ends_on + timedelta(days)
        session.flush()
        service.grant(
            session, person_id=person_id, cohort_id=cohort.id or 0, role=Role.TRAINEE, actor=NOBODY, now=MONDAY
        )

    camps = listing.camps_of(session, person_id, MONDAY)

    assert [camp.cohort.name for camp in camps] == ["now", "next", "later", "over"]
    assert [camp.is_running for camp in camps] == [True, False, False, False]


def test_the_day_of_a_camp_is_its_own(session: Session) -> None:
    person_id = add_person(session, make_camp(session), "Li")
    evening_before = MONDAY - timedelta(hours=8)

    days = [listing.camps_of(session, person_id, at)[0].today for at in (evening_before, MONDAY)]

    assert days == [date(2026, 12, 7), date(2026, 12, 7)]


def test_somebody_who_left_is_gone_from_the_camp(session: Session) -> None:
    person_id = add_person(session, make_camp(session), "Li")
    session.execute(service.MEMBERSHIP.update().values(left_at=MONDAY))
    session.expire_all()

    with pytest.raises(Gone):
        listing.profile(session, 1, person_id)
