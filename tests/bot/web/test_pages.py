import re

import pytest

from bot.web.pages import POLICY, TEMPLATES
from tests.bot.web.conftest import Site

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("path", ["/show", "/projector/{token}", "/projector/{token}/state", "/projector/nothing"])
async def test_every_page_is_private_and_takes_nothing_from_elsewhere(site: Site, path: str) -> None:
    desk = site.camp.open()

    answer = await site.browser.get(path.format(token=desk.token))

    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in answer.headers["x-robots-tag"]


def test_the_policy_allows_no_inline_script_or_style_and_no_other_site() -> None:
    assert "default-src 'none'" in POLICY
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


@pytest.mark.parametrize("template", sorted(path.name for path in TEMPLATES.iterdir()))
def test_no_template_has_inline_code_or_a_resource_from_elsewhere(template: str) -> None:
    text = (TEMPLATES / template).read_text(encoding="utf-8")

    assert not re.search(r"https?://|\son\w+=|\sstyle=|<style|<script(?! src=\"/static/)", text)


async def test_a_page_says_its_language_and_offers_the_other(site: Site) -> None:
    chinese = (await site.browser.get("/show?lang=zh")).text
    english = (await site.browser.get("/show", headers={"accept-language": "en"})).text

    assert '<html lang="zh-CN">' in chinese
    assert 'href="/show?lang=en"' in chinese
    assert '<html lang="en">' in english
    assert 'href="/show?lang=zh"' in english
