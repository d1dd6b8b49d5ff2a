import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.core import Sandbox
from bot.sandbox.server import serving
from tests.bot.sandbox.calling import START, pending, result
from tests.bot.sandbox.conftest import LIN

pytestmark = pytest.mark.anyio

KEYBOARD = json.dumps({"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]})


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with serving(sandbox) as address, aiohttp.ClientSession(address) as session:
        yield session


async def _get(page: aiohttp.ClientSession, path: str) -> Any:
    async with page.get(f"/sandbox/api/{path}") as answer:
        return await answer.json()


async def _post(page: aiohttp.ClientSession, path: str, **body: Any) -> Any:
    async with page.post(f"/sandbox/api/{path}", json=body) as answer:
        return await answer.json()


async def test_the_state_names_the_bot_and_the_people(page: aiohttp.ClientSession) -> None:
    state = await _get(page, "state")

    assert state == {
        "bot": {"id": 7000000001, "username": "cohort_sandbox_bot", "first_name": "Cohort Bot"},
        "people": [
            {
                "id": LIN,
                "name": "Lin",
                "username": "lin_mei",
                "language_code": "zh-hans",
                "caption": "",
                "blocked": False,
            }
        ],
        "now": START.isoformat(),
        "language": "en",
        "links": [],
    }


async def test_another_web_page_cannot_act_for_a_person(page: aiohttp.ClientSession) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}

    async with page.post("/sandbox/api/send", json={"person": LIN, "text": "hi"}, headers=headers) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("path", ["/", "/sandbox"])
async def test_the_bare_address_leads_to_the_page(page: aiohttp.ClientSession, path: str) -> None:
    async with page.get(path) as answer:
        assert (answer.status, answer.url.path) == (200, "/sandbox/")


async def test_a_stranger_can_be_added(page: aiohttp.ClientSession) -> None:
    person = await _post(page, "people", name="Wang", language_code="en")

    assert person["id"] in [known["id"] for known in (await _get(page, "state"))["people"]]


async def test_a_message_has_the_fields_the_page_shows(page: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    sent = result(sandbox, "sendMessage", chat_id=LIN, text="<b>x</b>", parse_mode="HTML", reply_markup=KEYBOARD)

    (message,) = (await _get(page, f"chat?person={LIN}"))["messages"]

    assert message == {
        "message_id": sent["message_id"],
        "date": START.isoformat(),
        "edited": False,
        "from_bot": True,
        "text": "x",
        "caption": None,
        "html": "<b>x</b>",
        "buttons": [[{"text": "Go", "callback_data": "go"}]],
        "document": None,
        "photo": None,
        "location": None,
        "contact": None,
        "poll": None,
        "reply_to": None,
        "pinned": False,
    }


async def test_a_reply_keyboard_stays_until_it_is_removed(page: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    keyboard = {"keyboard": [[{"text": "Here", "request_location": True}]], "resize_keyboard": True}
    result(sandbox, "sendMessage", chat_id=LIN, text="x", reply_markup=json.dumps(keyboard))
    shown = (await _get(page, f"chat?person={LIN}"))["reply_keyboard"]

    result(sandbox, "sendMessage", chat_id=LIN, text="x", reply_markup='{"remove_keyboard":true}')

    assert [shown, (await _get(page, f"chat?person={LIN}"))["reply_keyboard"]] == [keyboard, None]


async def test_people_act_through_the_page(page: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    sent = result(sandbox, "sendMessage", chat_id=LIN, text="x", reply_markup=KEYBOARD)

    await _post(page, "start", person=LIN, payload="ABC")
    await _post(page, "send", person=LIN, text="hello", reply_to=sent["message_id"])
    await _post(page, "press", person=LIN, message_id=sent["message_id"], callback_data="go")
    await _post(page, "location", person=LIN, latitude=31.2, longitude=121.5)
    await _post(page, "contact", person=LIN)
    await _post(page, "block", person=LIN)

    kinds = [next(iter(update.keys() - {"update_id"})) for update in pending(sandbox)]
    assert kinds == ["message", "message", "callback_query", "message", "message", "my_chat_member"]
    assert (await _get(page, f"chat?person={LIN}"))["blocked"] is True


async def test_a_file_goes_up_and_comes_down_with_its_name(page: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    form = aiohttp.FormData({"person": str(LIN), "caption": "the roster"}, quote_fields=False)
    form.add_field("file", b"a,b", filename="名册.csv", content_type="text/csv")

    await page.post("/sandbox/api/file", data=form)

    document = (await _get(page, f"chat?person={LIN}"))["messages"][0]["document"]
    async with page.get("/sandbox/api/file", params={"file_id": document["file_id"]}) as answer:
        assert (document["file_name"], await answer.read()) == ("名册.csv", b"a,b")
        assert "%E5%90%8D%E5%86%8C.csv" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("press", {"person": LIN, "message_id": 1, "callback_data": "none"}),
        ("send", {"person": LIN, "text": " "}),
        ("send", {"person": 99, "text": "x"}),
        ("send", {}),
        ("location", {"person": LIN, "latitude": "north", "longitude": 1}),
        ("people", {"name": ""}),
    ],
)
async def test_what_cannot_be_done_is_refused(page: aiohttp.ClientSession, path: str, body: dict[str, Any]) -> None:
    async with page.post(f"/sandbox/api/{path}", json=body) as answer:
        assert (answer.status, list(await answer.json())) == (400, ["error"])


async def test_changes_and_answers_are_pushed_to_the_page(page: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    sent = result(sandbox, "sendMessage", chat_id=LIN, text="x", reply_markup=KEYBOARD)
    query = sandbox.press(LIN, sent["message_id"], "go")

    async with page.get("/sandbox/api/events", params={"person": LIN}) as events:
        lines = [await _next_event(events)]
        result(sandbox, "sendMessage", chat_id=LIN, text="y")
        result(sandbox, "answerCallbackQuery", callback_query_id=query, text="done", show_alert=True)
        lines += [await _next_event(events), await _next_event(events)]

    assert [name for name, _ in lines] == ["change", "change", "answer"]
    assert lines[1][1]["version"] == lines[0][1]["version"] + 1
    assert lines[2][1] == {"callback_query_id": query, "text": "done", "show_alert": True, "url": None}


async def _next_event(events: aiohttp.ClientResponse) -> tuple[str, Any]:
    async with asyncio.timeout(5):
        name = (await events.content.readline()).decode().removeprefix("event: ").strip()
        data = (await events.content.readline()).decode().removeprefix("data: ")
        await events.content.readline()
    return name, json.loads(data)
