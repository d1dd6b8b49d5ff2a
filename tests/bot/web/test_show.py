from datetime import timedelta

import httpx
import pytest
from starlette.requests import Request

from bot.checkin import digits
from bot.web.show import client_of
from tests.bot.web.conftest import Site
from tests.support.checkin_camp import START

pytestmark = pytest.mark.anyio


async def enter(site: Site, digits: str, **headers: str) -> httpx.Response:
    return await site.browser.post("/show?lang=en", data={"digits": digits}, headers=headers)


@pytest.mark.parametrize("shape", ["{}", " {} ", "spaced", "full-width", "dashed"])
async def test_the_right_digits_lead_to_the_projector(site: Site, shape: str) -> None:
    desk = site.camp.open()
    digits = desk.show_code
    typed = {
        "spaced": f"{digits[:3]} {digits[3:]}",
        "dashed": f"{digits[:3]}-{digits[3:]}",
        "full-width": "".join(chr(ord(sign) + 0xFEE0) for sign in digits),
    }.get(shape, shape.format(digits))

    answer = await enter(site, typed)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/projector/{desk.token}?lang=en"


async def test_wrong_digits_are_said_to_be_wrong(site: Site) -> None:
    answer = await enter(site, "000000")

    assert answer.status_code == 422
    assert "No open check-in has these digits" in answer.text


@pytest.mark.parametrize("text", ["", "12345", "1234567", "abcdef", "12345x", "٠١٢٣٤٥", "'; drop", "9" * 100_000])
async def test_what_is_not_six_digits_costs_no_try(site: Site, text: str) -> None:
    desk = site.camp.open()

    answers = [(await enter(site, text)).status_code for _ in range(6)]

    assert answers == [422] * 6
    assert (await enter(site, desk.show_code)).status_code == 303


async def test_the_digits_of_a_closed_check_in_are_wrong(site: Site) -> None:
    desk = site.camp.open()
    site.camp.close(at=START)

    assert (await enter(site, desk.show_code)).status_code == 422


async def test_after_five_wrong_tries_an_address_waits_a_minute_even_with_the_right_digits(site: Site) -> None:
    desk = site.camp.open()
    wrong = f"{(int(desk.show_code) + 1) % 10**6:06}"

    tries = [(await enter(site, wrong)).status_code for _ in range(5)]
    during = await enter(site, desk.show_code)
    site.clock.at = START + timedelta(minutes=1)
    after = await enter(site, desk.show_code)

    assert tries == [422, 422, 422, 422, 429]
    assert during.status_code == 429
    assert "Please wait 60 seconds" in during.text
    assert after.status_code == 303


async def test_many_addresses_together_are_slowed_down(site: Site) -> None:
    desk = site.camp.open()
    wrong = f"{(int(desk.show_code) + 1) % 10**6:06}"
    site.camp.do(
        lambda s: [
            digits.enter_digits(s, address=f"192.0.2.{number}", text=wrong, now=START) for number in range(digits.MANY)
        ]
    )

    slowed = await enter(site, desk.show_code)
    site.clock.at = START + timedelta(seconds=10)
    later = await enter(site, desk.show_code)

    assert (slowed.status_code, later.status_code) == (429, 303)


async def test_a_form_on_another_site_is_refused(site: Site) -> None:
    desk = site.camp.open()

    answer = await enter(site, desk.show_code, **{"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403


@pytest.mark.parametrize("body", [b"", b"digits", b"=&=&", b"\xff\xfe", b"digits=1&digits=2", b"x" * 5000])
async def test_a_malformed_form_is_answered_like_an_empty_one(site: Site, body: bytes) -> None:
    assert (await site.browser.post("/show", content=body)).status_code == 422


@pytest.mark.parametrize(
    ("host", "counted"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("testclient", "testclient")],
)
def test_tries_are_counted_for_an_address_or_an_ipv6_household(host: str, counted: str) -> None:
    assert client_of(Request({"type": "http", "client": (host, 1)})) == counted


def test_a_request_without_an_address_is_counted_too() -> None:
    assert client_of(Request({"type": "http"})) == ""
