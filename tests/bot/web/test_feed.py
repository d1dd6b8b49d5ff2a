from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from sqlmodel import Session

from bot.calendars import service
from bot.context import Installation
from bot.database import Database
from bot.ids import PersonId
from bot.people.models import Cohort, Person, Role
from bot.people.service import Speaker
from bot.reminders import service as reminders
from bot.turn import Turns
from bot.web.app import build_web
from tests.support.calendar_text import parse
from tests.support.camps import MONDAY, SUNDAY_NOON, Camps, build_camps
from tests.support.house import HandClock

pytestmark = pytest.mark.anyio


@dataclass
class Subscribed:
    camps: Camps
    camp: Cohort
    person: Person
    browser: httpx.AsyncClient

    @property
    def speaker(self) -> Speaker:
        return Speaker(PersonId(self.person.id or 0), 1, self.person.name, "en")

    @property
    def address(self) -> str:
        def work(session: Session) -> str:
            feed = service.open_feed(session, speaker=self.speaker, language="en", now=SUNDAY_NOON)
            return service.token_of(session, feed.id or 0)

        return f"/calendar/{self.camps.do(work)}.ics"


@pytest.fixture
async def subscribed(database_url: str) -> AsyncIterator[Subscribed]:
    database = Database(database_url)
    camps = build_camps(database)
    camp = camps.cohort()
    person = camps.person(camp)
    camps.activity(camp, MONDAY, title="开班式")
    web = build_web(Turns(database, HandClock(SUNDAY_NOON)), Installation("camp_bot"))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=web), base_url="https://camp.example.org"
    ) as browser:
        yield Subscribed(camps, camp, person, browser)
    database.close()


async def test_the_address_gives_the_persons_calendar(subscribed: Subscribed) -> None:
    answer = await subscribed.browser.get(subscribed.address)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert [one["SUMMARY"] for one in parse(answer.content).all("VEVENT")] == ["开班式"]


async def test_a_phone_that_has_this_state_is_told_that_nothing_changed(subscribed: Subscribed) -> None:
    first = await subscribed.browser.get(subscribed.address)

    by_tag = await subscribed.browser.get(subscribed.address, headers={"If-None-Match": first.headers["etag"]})
    weak = await subscribed.browser.get(
        subscribed.address, headers={"If-None-Match": f'"x", W/{first.headers["etag"]}'}
    )
    by_date = await subscribed.browser.get(
        subscribed.address, headers={"If-Modified-Since": first.headers["last-modified"]}
    )

    assert [by_tag.status_code, weak.status_code, by_date.status_code] == [304, 304, 304]
    assert by_tag.content == b""


async def test_a_change_gives_another_tag_and_the_new_state(subscribed: Subscribed) -> None:
    first = await subscribed.browser.get(subscribed.address)
    subscribed.camps.activity(subscribed.camp, MONDAY, (14, 0), (15, 0), "研讨")

    second = await subscribed.browser.get(subscribed.address, headers={"If-None-Match": first.headers["etag"]})

    assert second.status_code == 200
    assert second.headers["etag"] != first.headers["etag"]
    assert len(parse(second.content).all("VEVENT")) == 2


@pytest.mark.parametrize("date", ["yesterday", "", "Mon, 99 Dec 2026 00:00:00 GMT", "Sun, 06 Dec 1990 00:00:00 GMT"])
async def test_a_date_that_says_nothing_gets_the_calendar(subscribed: Subscribed, date: str) -> None:
    answer = await subscribed.browser.get(subscribed.address, headers={"If-Modified-Since": date})

    assert answer.status_code == 200


async def test_a_revoked_address_and_an_invented_one_are_not_found_and_say_nothing(subscribed: Subscribed) -> None:
    address = subscribed.address
    subscribed.camps.do(lambda s: service.revoke_feed(s, speaker=subscribed.speaker, now=SUNDAY_NOON))

    answers = [
        await subscribed.browser.get(one)
        for one in (address, "/calendar/23456789ABCDEFGHJKMNPQRSTUVWXYZ2.ics", "/calendar/x.ics", "/calendar/%00.ics")
    ]

    assert [(answer.status_code, answer.content) for answer in answers] == [(404, b"")] * 4


async def test_whoever_left_the_camp_reads_an_empty_calendar(subscribed: Subscribed) -> None:
    address = subscribed.address
    subscribed.camps.leave(subscribed.person, subscribed.camp)

    answer = await subscribed.browser.get(address)

    assert parse(answer.content).all("VEVENT") == []


async def test_the_calendar_is_kept_out_of_shared_caches_and_search(subscribed: Subscribed) -> None:
    answer = await subscribed.browser.head(subscribed.address)

    assert answer.status_code == 200
    assert answer.headers["cache-control"].startswith("private")
    assert "noindex" in answer.headers["x-robots-tag"]


async def test_an_alarm_rings_as_long_before_as_the_camp_reminds_of_that_kind(subscribed: Subscribed) -> None:
    person = subscribed.camps.person(subscribed.camp, role=Role.COORDINATOR)
    coordinator = Speaker(PersonId(person.id or 0), 2, person.name, "en")
    subscribed.camps.activity(subscribed.camp, MONDAY, (8, 10), (9, 0), "上车", kind="乘车")

    def set_lead(session: Session) -> None:
        camp_id = subscribed.camp.id or 0
        reminders.set_lead(session, speaker=coordinator, cohort_id=camp_id, kind="乘车", minutes=40, now=SUNDAY_NOON)

    subscribed.camps.do(set_lead)
    events = parse((await subscribed.browser.get(subscribed.address)).content).all("VEVENT")

    assert {one["SUMMARY"]: one.all("VALARM")[0]["TRIGGER"] for one in events} == {"上车": "-PT40M", "开班式": "-PT15M"}


async def test_a_year_of_camps_is_read_in_one_go(subscribed: Subscribed) -> None:
    for number in range(60):
        on = MONDAY + timedelta(days=number % 3)
        subscribed.camps.activity(subscribed.camp, on, title=f"第{number}讲")

    answer = await subscribed.browser.get(subscribed.address)

    assert len(parse(answer.content).all("VEVENT")) == 61
