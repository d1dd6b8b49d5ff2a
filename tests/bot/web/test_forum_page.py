"""The forum's projector page in a browser: it fits the screen, follows what happens, and nothing typed breaks it."""

import os
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.clock import MovableClock
from bot.context import Installation
from bot.database import Database
from bot.forum import projection, questions
from bot.forum.models import Topic
from bot.forum.pools import CALL, SIGNUP
from bot.forum.stage_models import QuestionStatus
from bot.people.service import PERSON
from bot.turn import Turns
from bot.web.app import build_web
from tests.support.seats_scene import STARTS
from tests.support.stage_scene import MINUTE, StageCamp, build_stage_camp

TOPIC = Topic.__table__  # type: ignore[attr-defined]
AT = STARTS + 14 * MINUTE
PARTS = ["header", "#talk", "#room", "footer"]
INNER = ["#name", "#title", "#time", "#next", "#room h2", "#questions", "#ask"]
NASTY = "<img src=x onerror=alert(1)><script>document.title='broken'</script>"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[StageCamp]:
    made = build_stage_camp(Database(f"sqlite:///{tmp_path}/test.db"))
    made.open()
    made.next(STARTS)
    made.next(STARTS + 10 * MINUTE)
    yield made
    made.camp.database.close()


@pytest.fixture
def clock() -> MovableClock:
    clock = MovableClock()
    clock.set(AT)
    return clock


@pytest.fixture
def address(stage: StageCamp, clock: MovableClock) -> Iterator[str]:
    web = build_web(Turns(stage.camp.database, clock), Installation("camp_bot"))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(web, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    boss = stage.camp.coordinator
    token = stage.camp.do(lambda s: projection.token_for(s, speaker=boss, call_id=stage.call_id, now=AT))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/forum/{token}"
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
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.goto(url)
    expect(page.locator("#remaining")).not_to_be_empty()
    return page, faults


def put(stage: StageCamp, *texts: str) -> None:
    """Put questions and release them."""
    boss = stage.camp.coordinator
    for number, text in enumerate(texts):
        stage.camp.do(
            lambda s, n=number, t=text: questions.ask(s, telegram_id=9000 + n, call_id=stage.call_id, text=t, now=AT)  # type: ignore[misc]
        )
        listed = stage.camp.see(lambda s: questions.list_all(s, stage.call_id))
        found = next(one.id for one in listed if one.status is QuestionStatus.NEW)
        stage.camp.do(
            lambda s, n=found: questions.judge(s, speaker=boss, question_id=n, status=QuestionStatus.RELEASED, now=AT)  # type: ignore[misc]
        )


def fill_in_chinese(stage: StageCamp) -> None:
    """Names and titles as long as they come."""
    stage.camp.change(PERSON, unit="锦绣花园社区居民委员会党群服务中心")
    stage.camp.change(CALL, title="青年社区工作者论坛：在家门口办好群众身边的事——从网格到楼栋的实践与思考")
    stage.camp.change(SIGNUP, title="把议事厅搬到楼下：老旧小区加装电梯中邻里协商的三次失败与一次成功")
    stage.camp.change(
        TOPIC, text="社区治理中，怎样让沉默的大多数愿意开口、愿意参与、愿意承担？请结合一个真实案例谈谈体会。"
    )


LONG = ("请问加装电梯时，一楼住户坚决反对、已经签字的又反悔，居委会到底应该先做哪一家的工作？有没有可以照着做的步骤？"
        "如果业委会不配合，街道能不能出面？经费缺口又从哪里来？")  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (1024, 768), (390, 844)])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_everything_fits_the_screen_and_nothing_overlaps(
    stage: StageCamp, address: str, browser: Browser, width: int, height: int, language: str, count: int
) -> None:
    fill_in_chinese(stage)
    put(stage, *[f"{n}、{LONG}" for n in range(count)])

    page, faults = open_page(browser, f"{address}?lang={language}", width, height)
    shoot(page, f"forum_page_{language}_{width}_{count}")

    boxes = [box for part in PARTS if (box := page.locator(part).bounding_box())]
    inner = [box for part in INNER if (box := page.locator(part).bounding_box())]
    assert faults == []
    assert len(boxes) == len(PARTS)
    assert [box for box in [*boxes, *inner] if box["x"] < 0 or box["x"] + box["width"] > width + 1] == []
    assert width < 640 or [box for box in [*boxes, *inner] if box["y"] + box["height"] > height + 1] == []
    assert [
        (one, other) for group in (boxes, inner) for place, one in enumerate(group) for other in group[place + 1 :]
        if one["x"] + one["width"] > other["x"] + 1 and other["x"] + other["width"] > one["x"] + 1
        and one["y"] + one["height"] > other["y"] + 1 and other["y"] + other["height"] > one["y"] + 1
    ] == []  # fmt: skip


def shoot(page: Page, name: str) -> None:
    """Keep a picture where somebody asks for pictures."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_name_and_title_can_be_read_from_the_back_row(address: str, browser: Browser) -> None:
    page, _ = open_page(browser, address)

    sizes = [
        page.evaluate(f"parseFloat(getComputedStyle(document.querySelector('{part}')).fontSize) / innerHeight")
        for part in ("#name", "#title", "#clock")
    ]

    assert sizes[0] >= 0.1
    assert sizes[1] >= 0.06
    assert sizes[2] >= 0.05


def test_the_page_follows_speaker_time_and_questions_without_reloading(
    stage: StageCamp, address: str, browser: Browser, clock: MovableClock
) -> None:
    page, faults = open_page(browser, f"{address}?lang=en")
    expect(page.locator("#name")).to_have_text("学员0")
    expect(page.locator("#remaining")).to_have_text(re.compile(r"5:\d\d"))

    put(stage, "Who waters the trees?")
    expect(page.locator("#questions li")).to_have_text(["Who waters the trees?"], timeout=5_000)
    clock.set(STARTS + 20 * MINUTE)
    stage.next(STARTS + 20 * MINUTE)
    expect(page.locator("#name")).to_have_text("学员1", timeout=5_000)
    stage.end(STARTS + 21 * MINUTE)
    expect(page.locator("#ended")).to_be_visible(timeout=5_000)

    assert page.locator("#time").is_hidden()
    assert faults == []


@pytest.mark.parametrize(("minutes", "shown"), [(14, ""), (19, "is-soon"), (23, "is-late")])
def test_the_bar_says_when_time_is_nearly_up_and_when_it_is(
    address: str, browser: Browser, clock: MovableClock, minutes: int, shown: str
) -> None:
    clock.set(STARTS + minutes * MINUTE)

    page, _ = open_page(browser, f"{address}?lang=en")

    assert [name for name in page.locator("body").get_attribute("class").split() if name.startswith("is-")] == (  # type: ignore[union-attr]
        [shown] if shown else []
    )
    assert page.locator(".late").is_visible() == (shown == "is-late")
    shoot(page, f"forum_page_time_{minutes}")


def test_nothing_typed_breaks_out_of_the_page(stage: StageCamp, address: str, browser: Browser) -> None:
    stage.camp.change(SIGNUP, title=NASTY)
    page, faults = open_page(browser, f"{address}?lang=en")

    put(stage, NASTY)
    expect(page.locator("#questions li")).to_have_text([NASTY], timeout=5_000)

    assert page.locator("#title").inner_text() == NASTY
    assert page.title() == "What holds a street together"
    assert page.locator("#talk img, #room img").count() == 0
    assert faults == []


def test_without_events_the_page_asks_again_and_again(stage: StageCamp, address: str, browser: Browser) -> None:
    page = browser.new_page()
    page.route("**/events", lambda route: route.abort())
    page.goto(address)

    put(stage, "Why?")

    expect(page.locator("#questions li")).to_have_text(["Why?"], timeout=8_000)


def test_the_page_can_be_read_without_a_script(address: str, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}?lang=en")

    assert page.locator("#name").inner_text() == "学员0"
    assert 240 <= int(page.locator("#bar").get_attribute("value") or 0) < 300
