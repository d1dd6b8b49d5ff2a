import json
from datetime import timedelta

import pytest

from bot.people.models import Membership, Role
from bot.people.service import MEMBERSHIP
from bot.records import live
from bot.web.live import LivePages
from tests.bot.web.conftest import Site
from tests.support.checkin_camp import START

pytestmark = pytest.mark.anyio


def address(site: Site) -> str:
    token = site.camp.do(lambda s: live.token_for(s, speaker=site.camp.coordinator, activity_id=site.camp.lecture))
    return f"/live/{token}"


async def state(site: Site, page: str) -> dict[str, object]:
    found: dict[str, object] = (await site.browser.get(f"{page}/state")).json()
    return found


async def test_the_page_shows_groups_counts_and_who_is_missing(site: Site) -> None:
    site.camp.open()
    site.camp.type(site.camp.code(START), START)

    page = await site.browser.get(f"{address(site)}?lang=en")

    assert page.status_code == 200
    assert '<b id="arrived">1</b>' in page.text
    assert "学员01" in page.text
    assert "学员00" not in page.text
    assert "Check-in is open" in page.text


async def test_groups_stand_in_the_order_of_their_numbers_and_not_of_their_counts(site: Site) -> None:
    site.camp.do(lambda s: s.execute(MEMBERSHIP.update().where(MEMBERSHIP.c.id == 2).values(group_name="第十组")))
    site.camp.open()

    found = await state(site, address(site))

    assert [group["name"] for group in found["groups"]] == ["第2组", "第3组", "第十组"]  # type: ignore[attr-defined]


async def test_a_whole_group_has_nobody_missing(site: Site) -> None:
    site.camp.open()
    site.camp.type(site.camp.code(START), START)

    found = await state(site, address(site))

    assert found["groups"][0] == {"name": "第1组", "arrived": 1, "expected": 1, "missing": [], "excused": []}  # type: ignore[index]


async def test_the_stream_says_what_has_changed(site: Site) -> None:
    site.camp.open()
    pages = LivePages(site.turns, site.installation)
    events = pages.stream(address(site).removeprefix("/live/"))

    first = await anext(events)
    site.camp.type(site.camp.code(START), START)
    second = await anext(events)
    await events.aclose()  # type: ignore[attr-defined]

    assert json.loads(first.split("data: ")[1])["arrived"] == 0
    assert json.loads(second.split("data: ")[1])["arrived"] == 1


@pytest.mark.parametrize("wrong", ["x", "1-1-00000000000000000000000000000000", "1-1", "9" * 30])
async def test_an_address_that_never_was_one_shows_nothing(site: Site, wrong: str) -> None:
    address(site)

    answers = [await site.browser.get(f"/live/{wrong}{part}") for part in ("", "/state", "/events", "/list.xlsx")]

    assert [answer.status_code for answer in answers] == [404] * 4


async def test_the_address_dies_with_the_role(site: Site) -> None:
    page = address(site)
    site.camp.do(
        lambda s: s.execute(MEMBERSHIP.update().where(MEMBERSHIP.c.role == Role.COORDINATOR).values(left_at=START))
    )

    assert (await site.browser.get(page)).status_code == 404


async def test_an_auditor_has_an_address_of_their_own(site: Site) -> None:
    auditor = site.camp.trainees[2]
    site.camp.do(
        lambda s: s.add(
            Membership(cohort_id=site.camp.cohort, person_id=auditor.person_id, role=Role.AUDITOR, joined_at=START)
        )
    )

    token = site.camp.do(lambda s: live.token_for(s, speaker=auditor, activity_id=site.camp.lecture))

    assert f"/live/{token}" != address(site)
    assert (await site.browser.get(f"/live/{token}")).status_code == 200


async def test_half_a_day_after_the_end_the_address_is_over(site: Site) -> None:
    page = address(site)

    site.clock.at = START + timedelta(hours=14, seconds=1)

    assert (await site.browser.get(page)).status_code == 404


async def test_the_list_comes_as_a_workbook(site: Site) -> None:
    site.camp.open()

    answer = await site.browser.get(f"{address(site)}/list.xlsx")

    assert answer.content.startswith(b"PK")
    assert "attachment" in answer.headers["content-disposition"]


async def test_a_closed_check_in_still_shows_who_was_missing(site: Site) -> None:
    site.camp.open()
    site.camp.close()

    found = await state(site, address(site))

    assert found["open"] is False
    assert found["expected"] == 3


async def test_the_page_speaks_chinese_where_the_camp_does(site: Site) -> None:
    page = await site.browser.get(f"{address(site)}?lang=zh")

    assert "其中迟到" in page.text
    assert '<html lang="zh-CN">' in page.text
