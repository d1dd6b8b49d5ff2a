import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import httpx
import pytest
from starlette.applications import Starlette

from bot.sandbox.core import Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.http import build_routes
from bot.sandbox.server import serving
from tests.bot.sandbox.conftest import LIN

pytestmark = pytest.mark.anyio


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[str]:
    async with serving(sandbox) as address:
        yield f"{address}/bot{sandbox.token}"


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize(
    "request_arguments",
    [
        {"params": {"chat_id": LIN, "text": "林 & 😀"}},
        {"data": {"chat_id": LIN, "text": "林 & 😀"}},
        {"json": {"chat_id": LIN, "text": "林 & 😀"}},
        {"data": aiohttp.FormData({"chat_id": str(LIN), "text": "林 & 😀"}, default_to_multipart=True)},
    ],
    ids=["query", "form", "json", "multipart"],
)
async def test_parameters_come_in_four_ways(
    api: str, client: aiohttp.ClientSession, request_arguments: dict[str, Any]
) -> None:
    async with client.post(f"{api}/sendMessage", **request_arguments) as answer:
        assert (await answer.json())["result"]["text"] == "林 & 😀"


async def test_get_works_as_well_as_post(api: str, client: aiohttp.ClientSession) -> None:
    async with client.get(f"{api}/GETME") as answer:
        assert (await answer.json())["result"]["is_bot"] is True


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot1:x/getMe", 401, "Unauthorized"),
        ("/botnonsense/getMe", 401, "Unauthorized: invalid token specified"),
        ("/bot{token}/getThis", 404, "Not Found: method not found"),
        ("/file/bot{token}/documents/none", 404, "Not Found"),
    ],
)
async def test_wrong_addresses_are_refused(
    api: str, client: aiohttp.ClientSession, sandbox: Sandbox, path: str, status: int, description: str
) -> None:
    address = api.partition("/bot")[0] + path.format(token=sandbox.token)

    async with client.get(address) as answer:
        assert (answer.status, (await answer.json())["description"]) == (status, description)


async def test_a_body_that_is_no_json_is_refused(api: str, client: aiohttp.ClientSession) -> None:
    headers = {"content-type": "application/json"}

    async with client.post(f"{api}/sendMessage", data=b"{", headers=headers) as answer:
        assert (await answer.json())["description"] == "Bad Request: can't parse JSON object"


async def test_a_flood_wait_has_its_header(api: str, client: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    sandbox.fail_next("getMe", Fault(status=429, description="Too Many Requests: retry after 5", retry_after=5))

    async with client.get(f"{api}/getMe") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "5")


async def test_a_cut_connection_gives_no_answer(api: str, client: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    sandbox.fail_next("getMe", Fault(cut=True))

    with pytest.raises(aiohttp.ClientError):
        await client.post(f"{api}/getMe")


async def test_answers_come_in_one_packet_over_a_kept_connection(api: str) -> None:
    host, _, path = api.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    request = f"GET /{path}/getMe HTTP/1.1\r\nhost: {host}\r\n\r\n".encode()
    packets = []
    for _ in range(2):
        writer.write(request)
        packets.append(await reader.read(65536))
    writer.close()
    await writer.wait_closed()

    assert [json.loads(packet.partition(b"\r\n\r\n")[2])["ok"] for packet in packets] == [True, True]


async def test_a_server_that_cannot_cut_connections_leaves_the_answer_unfinished(sandbox: Sandbox) -> None:
    sandbox.fail_next("getMe", Fault(cut=True))
    transport = httpx.ASGITransport(app=Starlette(routes=build_routes(sandbox)))

    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
        with pytest.raises(AssertionError):
            await client.get(f"/bot{sandbox.token}/getMe")
