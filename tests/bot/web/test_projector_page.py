"""The projector page in a browser: it fits the screen, keeps itself current, and gets over a line that is down."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.clock import MovableClock
from bot.context import Installation
from bot.database import Database
from bot.turn import Turns
from bot.web.app import build_web
from tests.support.checkin_camp import START, Camp, build_camp

AT = START + timedelta(seconds=2)
PARTS = ["header", "#qr svg", "#code", ".side", "footer"]


@pytest.fixture
def camp(tmp_path: Path) -> Iterator[Camp]:
    camp = build_camp(Database(f"sqlite:///{tmp_path}/test.db"))
    yield camp
    camp.database.close()


@pytest.fixture
def clock() -> MovableClock:
    clock = MovableClock()
    clock.set(AT)
    return clock


@pytest.fixture
def address(camp: Camp, clock: MovableClock) -> Iterator[str]:
    web = build_web(Turns(camp.database, clock), Installation("camp_bot"))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(web, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


def open_page(browser: Browser, url: str, width: int = 1280, height: int = 720) -> tuple[Page, list[str]]:
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.goto(url)
    expect(page.locator("#left")).not_to_be_empty()
    return page, faults


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (1024, 768), (390, 844)])
def test_everything_fits_the_screen_and_nothing_overlaps(
    camp: Camp, address: str, browser: Browser, width: int, height: int, language: str
) -> None:
    title, place = (
        "基层治理现代化与社区工作方法：从网格到楼栋的实践与思考（第一讲）",
        "市委党校新校区 3 号教学楼三层 301 阶梯教室",
    )
    camp.change_activity(camp.lecture, title=title, place=place)
    token = camp.open().token

    page, faults = open_page(browser, f"{address}/projector/{token}?lang={language}", width, height)

    boxes = [box for part in PARTS if (box := page.locator(part).bounding_box())]
    assert faults == []
    assert len(boxes) == len(PARTS)
    assert [box for box in boxes if box["x"] < 0 or box["x"] + box["width"] > width] == []
    assert width < 640 or [box for box in boxes if box["y"] + box["height"] > height] == []
    assert [
        (one, other) for place, one in enumerate(boxes) for other in boxes[place + 1 :]
        if one["x"] + one["width"] > other["x"] + 1 and other["x"] + other["width"] > one["x"] + 1
        and one["y"] + one["height"] > other["y"] + 1 and other["y"] + other["height"] > one["y"] + 1
    ] == []  # fmt: skip


def test_title_and_code_can_be_read_from_the_back_row(camp: Camp, address: str, browser: Browser) -> None:
    page, _ = open_page(browser, f"{address}/projector/{camp.open().token}")

    sizes = [
        page.evaluate(f"parseFloat(getComputedStyle(document.querySelector('{part}')).fontSize) / innerHeight")
        for part in ("h1", "#code")
    ]

    assert sizes[0] >= 0.05
    assert sizes[1] >= 0.14


def test_count_and_code_follow_without_reloading(
    camp: Camp, address: str, browser: Browser, clock: MovableClock
) -> None:
    page, faults = open_page(browser, f"{address}/projector/{camp.open().token}")
    before = page.locator("#qr").inner_html()
    camp.type(camp.code(AT), AT)

    expect(page.locator("#arrived")).to_have_text("1", timeout=5_000)
    clock.set(AT + timedelta(seconds=15))
    code = camp.code(AT + timedelta(seconds=15))
    expect(page.locator("#code")).to_have_text(code, timeout=5_000)

    assert page.locator("#qr").inner_html() != before
    assert faults == []


def test_without_events_the_page_asks_again_and_again(camp: Camp, address: str, browser: Browser) -> None:
    page = browser.new_page()
    page.route("**/events", lambda route: route.abort())
    page.goto(f"{address}/projector/{camp.open().token}")

    camp.type(camp.code(AT), AT)

    expect(page.locator("#arrived")).to_have_text("1", timeout=8_000)


def test_the_end_of_the_check_in_is_shown_at_once(camp: Camp, address: str, browser: Browser) -> None:
    page, _ = open_page(browser, f"{address}/projector/{camp.open().token}?lang=en")

    camp.close(at=AT)
    expect(page.locator("#over")).to_be_visible(timeout=5_000)

    assert page.locator("#code").is_hidden()
    assert "Check-in is closed" in page.locator("#over").inner_text()


def test_the_way_from_six_digits_to_the_projector_needs_no_script(camp: Camp, address: str, browser: Browser) -> None:
    desk = camp.open()
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}/show?lang=en")

    page.fill("#digits", desk.show_code)
    page.click("button")

    assert page.url == f"{address}/projector/{desk.token}?lang=en"
    assert page.locator("#code").is_visible()
