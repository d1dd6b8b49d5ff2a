"""The emulator on one core, a bot on the other, and what happened between them according to the emulator's log."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.sandbox.core import DEFAULT_TOKEN
from tests.benchmarks import measuring
from tests.benchmarks.seeding import FIRST_ACCOUNT, Camp
from tests.support.processes import ROOT, Emulator

OURS = "bot"
OBSERVED = "tests.benchmarks.observed_bot"
ORDINARY = "tests.benchmarks.ordinary_bot"
KEPT = ("PATH", "HOME", "LANG", "FONTCONFIG_FILE")
PATIENCE = 240.0
IN_FLIGHT = 16


class Bot:
    """A bot's process on the bot's core; ready when it has printed its first line."""

    def __init__(self, module: str, folder: Path, settings: dict[str, str], cores: Sequence[int]) -> None:
        self.heartbeat = folder / "heartbeat"
        self.log = folder / "bot.log"
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        environment = kept | settings | {"HEARTBEAT": str(self.heartbeat), "PYTHONUNBUFFERED": "1"}
        with self.log.open("a") as log, measuring.on_cores(cores):
            began = time.monotonic()
            self._process = subprocess.Popen(
                [sys.executable, "-m", module], cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=log
            )
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            raise AssertionError(f"the bot did not start: {self.log.read_text()[-3000:]}")
        self.seconds_to_start = time.monotonic() - began

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    @property
    def cpu(self) -> float:
        """Its CPU seconds so far."""
        return measuring.cpu_seconds(self.pid)

    @property
    def worst_stall(self) -> float:
        """The longest its event loop was deaf since ``forget_stalls``, in seconds."""
        return float(self.heartbeat.read_text() or 0.0) if self.heartbeat.exists() else 0.0

    def forget_stalls(self) -> None:
        """Begin anew, and wait until the heart has noticed."""
        self.heartbeat.unlink(missing_ok=True)
        wait_for(self.heartbeat.exists, "the heartbeat")

    def stop(self) -> None:
        """End it in order."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(20)
        if self._process.stdout:
            self._process.stdout.close()


class Stage:
    """An emulator with people on it, and whichever bot is started."""

    def __init__(self, folder: Path, emulator: Emulator, url: str, bot_cores: Sequence[int]) -> None:
        self.folder = folder
        self._bot_cores = bot_cores
        self.emulator = emulator
        self.url = url
        self._bots: list[Bot] = []

    def start(self, module: str = OURS, **settings: str) -> Bot:
        """Start a bot on the stage's database."""
        bot = Bot(module, self.folder, self._settings() | settings, self._bot_cores)
        self._bots.append(bot)
        return bot

    def stop(self) -> None:
        """End every bot and the emulator."""
        for bot in self._bots:
            bot.stop()
        self.emulator.close()

    def invite(self, people: int) -> None:
        """Let so many people have pressed Start long ago."""
        self.emulator.do("people", first=FIRST_ACCOUNT, count=people, language_code="zh-hans")

    def put_buttons(self, camp: Camp) -> list[int]:
        """Send each person their check-in button and forget that; the numbers of the messages, in order."""
        numbers = asyncio.run(_send_buttons(self.emulator.address, camp))
        self.emulator.do("reset")
        return numbers

    def press_all(self, camp: Camp, messages: Sequence[int]) -> float:
        """Let everybody press their button at once; the instant before the first did."""
        return self.press(camp, messages, range(len(messages)))

    def press(self, camp: Camp, messages: Sequence[int], people: Iterable[int]) -> float:
        """Let these people press at once, each by number; the instant before the first did."""
        acts = [
            ["press", {"person_id": camp.account(one), "message_id": messages[one], "callback_data": camp.button(one)}]
            for one in people
        ]
        began = time.time()
        self.emulator.do("act", acts=acts)
        return began

    def calls(self, method: str = "") -> list[dict[str, Any]]:
        """What the bot has done, with ``at`` as a Unix time."""
        asked = {"method": method} if method else {}
        return [
            call | {"at": datetime.fromisoformat(call["at"]).timestamp()}
            for call in self.emulator.ask("calls", **asked)
        ]

    def wait_for_calls(self, number: int, seconds: float = PATIENCE) -> bool:
        """Wait until the bot has made so many calls; whether it has."""
        try:
            wait_for(lambda: self.emulator.ask("summary")["calls"] >= number, f"{number} calls", seconds)
        except TimeoutError:
            return False
        return True

    def _settings(self) -> dict[str, str]:
        address = self.emulator.address
        return {
            "BOT_TOKEN": DEFAULT_TOKEN,
            "TELEGRAM_BASE_URL": f"{address}/bot",
            "WEB_PORT": "0",
            "TELEGRAM_BASE_FILE_URL": f"{address}/file/bot",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.url,
            "LOG_LEVEL": "WARNING",
        }


@contextmanager
def stage(folder: Path, url: str = "", *options: str) -> Iterator[Stage]:
    """An emulator on its core, with these options, and a place for bots; everything ends with the block.

    Beside a database server, which ``url`` names, there are three processes, and the system shares the cores out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with measuring.on_cores(measuring.ALL_CORES if url else measuring.OTHER_CORES):
        emulator = Emulator(*options)
        bot_cores = measuring.ALL_CORES if url else measuring.BOT_CORES
        built = Stage(folder, emulator, url or f"sqlite:///{folder}/benchmark.sqlite3", bot_cores)
        try:
            yield built
        finally:
            built.stop()


def wait_for(condition: Any, what: str, seconds: float = 30.0, pause: float = 0.05) -> None:
    """Look again until the condition holds; raises TimeoutError when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(pause)


async def _send_buttons(address: str, camp: Camp) -> list[int]:
    turn = asyncio.Semaphore(IN_FLIGHT)
    async with aiohttp.ClientSession() as session:

        async def send(number: int) -> int:
            markup = {"inline_keyboard": [[{"text": "我到了", "callback_data": camp.button(number)}]]}
            body = {"chat_id": camp.account(number), "text": "⏰ 还没开始签到", "reply_markup": markup}
            async with turn, session.post(f"{address}/bot{DEFAULT_TOKEN}/sendMessage", json=body) as answer:
                return int((await answer.json())["result"]["message_id"])

        return list(await asyncio.gather(*(send(number) for number in range(camp.people))))
