import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.web.app import build_web
from tests.bot.web.conftest import Site

pytestmark = pytest.mark.anyio


async def test_the_files_of_the_pages_are_served(site: Site) -> None:
    for name in ("pages.css", "projector.js"):
        assert (await site.browser.get(f"/static/{name}")).status_code == 200


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/", "/projector", "/projector/"])
async def test_nothing_else_is_served(site: Site, path: str) -> None:
    assert (await site.browser.get(path)).status_code == 404


async def test_the_house_can_add_pages_of_its_own(site: Site) -> None:
    def answer(_: object) -> PlainTextResponse:
        return PlainTextResponse("added")

    web = build_web(site.turns, site.installation, [Route("/added", answer)])

    async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://camp") as browser:
        assert (await browser.get("/added")).text == "added"
