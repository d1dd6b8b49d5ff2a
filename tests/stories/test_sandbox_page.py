"""The sample camp lived through the sandbox's page in a real browser, as a newcomer would, with a kill in between."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bot.sample.sandbox import COORDINATOR, STRANGER, TRAINEES
from tests.support.processes import ROOT, free_port

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 60_000
"""Milliseconds; a busy machine, not the bot, decides."""


class Sandbox:
    """The bot without a token, as the README's one line starts it."""

    def __init__(self, folder: Path) -> None:
        self.address = f"http://127.0.0.1:{(port := free_port())}"
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self._environment = kept | {"DATA_DIR": str(folder), "WEB_PORT": str(port), "PYTHONUNBUFFERED": "1"}
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> str:
        """Start it and return the line it prints."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot"], cwd=ROOT, env=self._environment, text=True, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def kill(self) -> None:
        """Pull the plug."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    running = Sandbox(tmp_path)
    yield running
    running.kill()


@pytest.fixture
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


def test_a_newcomer_lives_a_check_in_on_the_page_though_the_bot_is_killed(
    sandbox: Sandbox, browser: Browser, tmp_path: Path
) -> None:
    printed = sandbox.start()
    assert printed.strip().endswith(f"{sandbox.address}/sandbox/")
    page = open_page(browser, f"{sandbox.address}/sandbox/?left={COORDINATOR}&right={TRAINEES[0]}&lang=zh")
    coordinator, trainee = page.get_by_test_id("pane-left"), page.get_by_test_id("pane-right")
    say(coordinator, "/start")
    press(coordinator, "checkin:manage")
    press(coordinator, "checkin:activity")
    press(coordinator, "checkin:open")
    projector = open_projector(page, coordinator)
    say(trainee, "/checkin")
    expect(heard(trainee, "六位签到码")).to_be_visible(timeout=PATIENCE)
    sandbox.kill()
    sandbox.start()

    say(trainee, code_on(projector))

    expect(heard(trainee, "✅")).to_be_visible(timeout=PATIENCE)
    expect(projector.locator("#arrived")).to_have_text("1", timeout=PATIENCE)
    page.screenshot(path=tmp_path / "page.png")
    projector.screenshot(path=tmp_path / "projector.png")


def test_the_names_of_the_room_are_never_on_the_projector(sandbox: Sandbox, browser: Browser) -> None:
    sandbox.start()
    page = open_page(browser, f"{sandbox.address}/sandbox/?left={COORDINATOR}&right={TRAINEES[0]}")
    coordinator, trainee = page.get_by_test_id("pane-left"), page.get_by_test_id("pane-right")
    say(coordinator, "/start")
    press(coordinator, "checkin:manage")
    press(coordinator, "checkin:activity")
    press(coordinator, "checkin:open")
    projector = open_projector(page, coordinator)
    say(trainee, code_on(projector))
    expect(heard(trainee, "✅")).to_be_visible(timeout=PATIENCE)

    shown = projector.content()

    assert "杨兰远" not in shown


def test_a_stranger_is_told_whom_to_ask_and_nothing_else(sandbox: Sandbox, browser: Browser) -> None:
    sandbox.start()
    page = open_page(browser, f"{sandbox.address}/sandbox/?left={STRANGER}&right=")
    pane = page.get_by_test_id("pane-left")

    say(pane, "/start")

    expect(pane.get_by_test_id("message")).to_have_count(2, timeout=PATIENCE)
    assert pane.get_by_test_id("inline-button").count() <= 1
    assert "红领青训营" not in last(pane).inner_text()


def open_page(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page.goto(address)
    return page


def say(pane: Locator, text: str) -> None:
    pane.get_by_test_id("input").fill(text)
    pane.get_by_test_id("send").click()


def press(pane: Locator, data: str) -> None:
    button = pane.locator(f'[data-testid="inline-button"][data-callback^="{data}"]').first
    button.wait_for(timeout=PATIENCE)
    button.click()


def open_projector(page: Page, pane: Locator) -> Page:
    button = pane.locator('[data-testid="inline-button"][data-kind="url"]').last
    button.wait_for(timeout=PATIENCE)
    with page.expect_popup() as popup:
        button.click()
    return popup.value


def heard(pane: Locator, text: str) -> Locator:
    """The bot's newest message with that text; reminders come in between, as the hour has it."""
    return pane.locator('[data-testid="message"][data-from="bot"]', has_text=text).last


def last(pane: Locator) -> Locator:
    return pane.locator('[data-testid="message"][data-from="bot"]').last


def code_on(projector: Page) -> str:
    answer = projector.request.get(f"{projector.url.partition('?')[0]}/state")
    return "".join(answer.json()["code"])
