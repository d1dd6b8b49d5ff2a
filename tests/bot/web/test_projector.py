import json
from datetime import timedelta

import pytest

from bot.web.projector import ProjectorPages
from tests.bot.web.conftest import Site
from tests.support.checkin_camp import START

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)


async def test_the_page_shows_title_time_place_code_and_count(site: Site) -> None:
    desk = site.camp.open()
    site.camp.type(site.camp.code(START), START)

    page = await site.browser.get(f"/projector/{desk.token}?lang=en")

    code = site.camp.code(START)
    assert page.status_code == 200
    assert f"<span>{code[:3]}</span><span>{code[3:]}</span>" in page.text
    assert "社区治理 &lt;b&gt;" in page.text
    assert "Mon, Dec 7  09:00–11:00" in page.text
    assert "Room 301" in page.text
    assert '<span id="arrived">1</span>' in page.text
    assert '<span id="expected" class="of">3</span>' in page.text


async def test_no_name_is_on_the_page_or_in_its_events(site: Site) -> None:
    desk = site.camp.open()
    site.camp.type(site.camp.code(START), START)

    seen = (await site.browser.get(f"/projector/{desk.token}")).text
    seen += (await site.browser.get(f"/projector/{desk.token}/state")).text

    assert [person.name for person in [*site.camp.trainees, site.camp.coordinator] if person.name in seen] == []


async def test_the_page_speaks_the_cohorts_language_until_another_is_asked_for(site: Site) -> None:
    desk = site.camp.open()

    chinese = await site.browser.get(f"/projector/{desk.token}", headers={"accept-language": "en"})
    english = await site.browser.get(f"/projector/{desk.token}?lang=en")

    assert '<html lang="zh-CN">' in chinese.text
    assert "12月7日周一" in chinese.text
    assert '<html lang="en">' in english.text


async def test_the_qr_code_is_drawn_dark_on_white_with_its_quiet_zone(site: Site) -> None:
    desk = site.camp.open()

    svg = (await site.browser.get(f"/projector/{desk.token}/state")).json()["svg"]

    assert svg.startswith("<svg xmlns=")
    assert 'stroke="#000"' in svg
    assert 'd="M0 0h' in svg
    assert "M4 4.5h7" in svg


async def test_the_state_changes_with_the_period(site: Site) -> None:
    desk = site.camp.open()
    site.clock.at = START + 14 * SECOND
    before = (await site.browser.get(f"/projector/{desk.token}/state")).json()
    site.clock.at = START + 15 * SECOND

    after = (await site.browser.get(f"/projector/{desk.token}/state")).json()

    assert (before["left"], after["left"]) == (1.0, 15.0)
    assert "".join(before["code"]) == site.camp.code(START)
    assert "".join(after["code"]) == site.camp.code(START + 15 * SECOND)
    assert before["svg"] != after["svg"]


async def test_the_page_is_gone_with_words_once_closed(site: Site) -> None:
    desk = site.camp.open()
    site.camp.close(at=START)

    page = await site.browser.get(f"/projector/{desk.token}?lang=en")
    state = await site.browser.get(f"/projector/{desk.token}/state")

    assert page.status_code == 410
    assert "Check-in is closed" in page.text
    assert state.json() == {"open": False}


@pytest.mark.parametrize("ending", ["", "/state", "/events"])
@pytest.mark.parametrize("token", ["1-" + "0" * 32, "x", "%2e%2e", "1-" + "g" * 32, "a" * 5000])
async def test_a_guessed_address_shows_nothing(site: Site, token: str, ending: str) -> None:
    site.camp.open()

    assert (await site.browser.get(f"/projector/{token}{ending}")).status_code == 404


async def test_the_stream_says_each_new_code_and_count_and_ends_with_the_check_in(site: Site) -> None:
    desk = site.camp.open()
    pages = ProjectorPages(site.turns, site.installation)
    stream = pages.stream(desk.token)

    first = await anext(stream)
    site.camp.type(site.camp.code(START), START)
    second = await anext(stream)
    site.camp.close(at=START)
    last = [event async for event in stream]

    states = [json.loads(event.partition("data: ")[2]) for event in (first, second, *last)]
    assert [state.get("arrived") for state in states] == [0, 1, None]
    assert states[-1] == {"open": False}


async def test_the_events_of_a_closed_check_in_say_so_and_end(site: Site) -> None:
    desk = site.camp.open()
    site.camp.close(at=START)

    answer = await site.browser.get(f"/projector/{desk.token}/events")

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.endswith('data: {"open": false}\n\n')
