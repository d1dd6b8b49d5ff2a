"""The projector page of a forum: what it says, what it never says, and that nobody reaches it by guessing."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import pytest

from bot.context import Installation
from bot.database import Database
from bot.forum import projection, questions
from bot.forum.models import CallStatus
from bot.forum.pools import CALL, SIGNUP
from bot.forum.stage_models import QuestionStatus
from bot.turn import Turns
from bot.web import forum
from bot.web.app import build_web
from bot.web.forum import ForumPages
from tests.support.house import HandClock
from tests.support.seats_scene import STARTS
from tests.support.stage_scene import MINUTE, StageCamp, build_stage_camp

pytestmark = pytest.mark.anyio
NASTY = '</li><script>alert("x")</script><img src=x onerror=alert(1)> & "quotes"'


@dataclass
class Hall:
    """The forum's day with its page."""

    stage: StageCamp
    clock: HandClock
    pages: ForumPages
    browser: httpx.AsyncClient
    token: str

    async def get(self, rest: str = "", token: str | None = None) -> httpx.Response:
        """Ask for the page, its state or its events."""
        return await self.browser.get(f"/forum/{token or self.token}{rest}")

    async def state(self) -> dict[str, Any]:
        """What the page is told."""
        return dict((await self.get("/state")).json())

    def ask(self, text: str, *, release: bool = True, account: int = 1) -> int:
        """Put a question, and perhaps release it."""
        stage, now = self.stage, self.clock.now()
        stage.camp.do(lambda s: questions.ask(s, telegram_id=account, call_id=stage.call_id, text=text, now=now))
        listed = stage.camp.see(lambda s: questions.list_all(s, stage.call_id))
        number = next(one.id for one in listed if one.text == questions.clean(text))
        if release:
            self.judge(number, QuestionStatus.RELEASED)
        return number

    def judge(self, number: int, status: QuestionStatus) -> None:
        """Let the moderator judge."""
        boss, now = self.stage.camp.coordinator, self.clock.now()
        self.stage.camp.do(lambda s: questions.judge(s, speaker=boss, question_id=number, status=status, now=now))


@pytest.fixture
def stage(database_url: str) -> Iterator[StageCamp]:
    database = Database(database_url)
    yield build_stage_camp(database)
    database.close()


@pytest.fixture
async def hall(stage: StageCamp) -> AsyncIterator[Hall]:
    clock = HandClock(STARTS)
    turns, installation = Turns(stage.camp.database, clock), Installation("camp_bot")
    boss = stage.camp.coordinator
    token = stage.camp.do(lambda s: projection.token_for(s, speaker=boss, call_id=stage.call_id, now=STARTS))
    transport = httpx.ASGITransport(app=build_web(turns, installation))
    async with httpx.AsyncClient(transport=transport, base_url="https://camp.example.org") as browser:
        yield Hall(stage, clock, ForumPages(turns, installation), browser, token)


def begin(hall: Hall, at: datetime = STARTS + 10 * MINUTE) -> None:
    """Let the first speaker speak."""
    hall.stage.open()
    hall.stage.next(STARTS)
    hall.stage.next(at)
    hall.clock.at = at


async def test_the_page_names_speaker_unit_title_and_topic(hall: Hall) -> None:
    begin(hall)

    page = (await hall.get()).text

    for said in (
        "What holds a street together",
        "学员0",
        "East Street",
        "Doors that open",
        "What makes a neighbourhood?",
    ):
        assert said in page


async def test_the_state_keeps_time_and_says_what_is_next(hall: Hall) -> None:
    begin(hall)
    hall.clock.at += 3 * MINUTE

    state = await hall.state()

    assert (state["phase"], state["elapsed"], state["whole"]) == ("on", 180, 600)
    assert (state["next"]["name"], state["next"]["title"], state["next"]["at"]) == (
        "学员1",
        "A yard for everybody",
        "14:20",
    )


async def test_the_phases_of_a_forum(hall: Hall) -> None:
    phases = [(await hall.state())["phase"]]
    hall.stage.open()
    phases.append((await hall.state())["phase"])
    hall.stage.next(STARTS)
    phases.append((await hall.state())["phase"])
    hall.stage.end(STARTS + MINUTE)
    phases.append((await hall.state())["phase"])

    assert phases == ["before", "between", "on", "over"]


async def test_only_released_questions_stand_on_it_and_only_three_at_once(hall: Hall) -> None:
    begin(hall)
    numbers = [hall.ask(f"question {n}", account=n) for n in range(6)]
    hall.ask("not released", release=False, account=9)

    before = await hall.state()
    hall.judge(numbers[0], QuestionStatus.ANSWERED)
    after = await hall.state()

    assert (before["questions"], before["more"]) == ([f"question {n}" for n in range(3)], 3)
    assert (after["questions"], after["more"]) == ([f"question {n}" for n in range(1, 4)], 2)
    assert "not released" not in (await hall.get()).text


async def test_no_account_and_no_asker_is_part_of_it(hall: Hall) -> None:
    begin(hall)
    hall.ask("Why?", account=777_123)

    for rest in ("", "/state"):
        assert "777123" not in (await hall.get(rest)).text


async def test_nothing_typed_breaks_out_of_the_page(hall: Hall) -> None:
    begin(hall)
    hall.stage.camp.change(SIGNUP, title=NASTY)
    hall.stage.camp.change(CALL, title=NASTY)
    hall.ask(NASTY)

    page, state = (await hall.get()).text, await hall.state()

    assert "<script>alert" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;") == 5
    assert state["questions"] == [NASTY]


async def test_the_page_allows_no_script_but_its_own(hall: Hall) -> None:
    policy = (await hall.get()).headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy


@pytest.mark.parametrize("rest", ["", "/state", "/events"])
async def test_an_address_that_was_made_up_shows_nothing(hall: Hall, rest: str) -> None:
    number, mac = hall.token.split("-")

    for made_up in ("x", number, f"{number}-{'0' * 32}", f"{int(number) + 1}-{mac}", f"{hall.token}0"):
        answer = await hall.get(rest, made_up)

        assert answer.status_code == 404
        assert "What holds" not in answer.text


async def test_the_page_of_a_cancelled_forum_is_gone(hall: Hall) -> None:
    hall.stage.camp.change(CALL, status=CallStatus.CANCELLED)

    assert (await hall.get()).status_code == 404


@pytest.mark.parametrize(("language", "said"), [("en", "Questions from the room"), ("zh", "现场提问")])
async def test_the_page_speaks_both_languages(hall: Hall, language: str, said: str) -> None:
    assert said in (await hall.get(f"?lang={language}")).text


async def test_the_stream_says_each_change_and_nothing_twice(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forum, "LOOK_EVERY", 0.0)
    begin(hall)
    stream = hall.pages.stream(hall.token)

    first = json.loads((await anext(stream)).split("data: ")[1])
    hall.clock.at += MINUTE
    number = hall.ask("Why?")
    second = json.loads((await anext(stream)).split("data: ")[1])
    quiet = await anext(stream)
    hall.judge(number, QuestionStatus.HIDDEN)
    third = json.loads((await anext(stream)).split("data: ")[1])

    assert (first["questions"], second["questions"], third["questions"]) == ([], ["Why?"], [])
    assert second["elapsed"] == 60
    assert quiet.startswith(":"), "while nothing changes the line is only kept open"


async def test_a_stream_ends_with_a_forum_that_is_cancelled(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forum, "LOOK_EVERY", 0.0)
    stream = hall.pages.stream(hall.token)
    await anext(stream)
    hall.stage.camp.change(CALL, status=CallStatus.CANCELLED)

    assert [event async for event in stream] == []


async def test_a_person_without_a_unit_and_a_talk_without_a_title_leave_no_holes(hall: Hall) -> None:
    begin(hall)
    hall.stage.camp.change(SIGNUP, title="")

    state = await hall.state()

    assert (state["now"]["title"], state["now"]["topic"]) == ("What makes a neighbourhood?", "")
