"""Real processes for stories, faults and benchmarks: the emulator in one, the bot in another; either may die."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.sandbox.core import DEFAULT_TOKEN

ROOT = Path(__file__).parents[2]
READY_SECONDS = 30.0


class Emulator:
    """A strict Bot API server in a process of its own, driven over its control endpoints."""

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-m", "bot.sandbox", "--port", "0", *options]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()

    def do(self, command: str, **given: Any) -> Any:
        """Give a command."""
        return _ask(f"{self.address}/control/{command}", given)

    def ask(self, query: str, **given: Any) -> Any:
        """Ask a question."""
        parameters = "&".join(f"{name}={value}" for name, value in given.items())
        return _ask(f"{self.address}/control/{query}?{parameters}", None)

    def act(self, name: str, **arguments: Any) -> Any:
        """Let somebody do something."""
        return self.do("act", acts=[[name, arguments]])[0]

    def chat(self, person: int) -> list[dict[str, Any]]:
        """The messages of a chat as its person sees them."""
        return list(self.ask("chat", person=person)["messages"])

    def said(self, person: int) -> list[str]:
        """What the bot has said to somebody."""
        return [message["text"] or message["caption"] or "" for message in self.chat(person) if message["from_bot"]]

    def press(self, person: int, label: str) -> Any:
        """Press the newest button whose label contains ``label``."""
        for message in reversed(self.chat(person)):
            for row in message["buttons"] or []:
                for button in row:
                    if label in button["text"] and button.get("callback_data"):
                        return self.act(
                            "press",
                            person_id=person,
                            message_id=message["message_id"],
                            callback_data=button["callback_data"],
                        )
        raise AssertionError(f"no button {label!r} in the chat of {person}: {self.chat(person)[-2:]}")

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(10)
        if self._process.stdout:
            self._process.stdout.close()


class BotProcess:
    """The bot as an operator runs it, in a process that a test may kill."""

    def __init__(self, emulator: Emulator, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.log = folder / "bot.log"
        self._environment = environment(emulator, folder) | settings
        self._process: subprocess.Popen[str] | None = None
        self.address = ""

    def start(self, **extra: str) -> None:
        """Start it and wait until it says that it runs."""
        folder_log = self.log.open("a")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot"],
            cwd=ROOT,
            env=self._environment | extra,
            text=True,
            stdout=subprocess.PIPE,
            stderr=folder_log,
        )
        folder_log.close()
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if "Cohort Bot is running" not in line:
            raise AssertionError(f"the bot did not start: {self.log.read_text()[-3000:]}")
        self.address = line.split()[-1]

    def command(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run ``python -m bot ...`` beside it."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=ROOT,
            env=self._environment,
            text=True,
            capture_output=True,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"{words} failed: {done.stdout}{done.stderr}")
        return done

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> float:
        """Ask it to end and return how many seconds it took."""
        began = time.monotonic()
        self._end(signal.SIGTERM)
        return time.monotonic() - began

    def wait_dead(self, seconds: float = READY_SECONDS) -> int:
        """Wait until it has ended by itself and return its exit status."""
        assert self._process is not None
        status = self._process.wait(seconds)
        self._forget()
        return status

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process is not None
        return self._process.pid

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(number)
        self._process.wait(20)
        self._forget()

    def _forget(self) -> None:
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None


@contextmanager
def camp(folder: Path, *emulator_options: str, **settings: str) -> Iterator[tuple[Emulator, BotProcess]]:
    """An emulator and a bot, both ended afterwards."""
    emulator = Emulator(*emulator_options)
    bot = BotProcess(emulator, folder, **settings)
    try:
        yield emulator, bot
    finally:
        bot.kill()
        emulator.close()


def free_port() -> int:
    """A port that nobody listens on, for a bot that must keep its address over restarts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Any, seconds: float = 60.0, what: str = "the condition") -> None:
    """Poll until the condition holds; fails when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {seconds} s")
        time.sleep(0.05)


def environment(emulator: Emulator, folder: Path) -> dict[str, str]:
    """What a bot is told so that it speaks to the emulator and keeps everything in the folder."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "FONTCONFIG_FILE")}
    return kept | {
        "BOT_TOKEN": DEFAULT_TOKEN,
        "TELEGRAM_BASE_URL": f"{emulator.address}/bot",
        "TELEGRAM_BASE_FILE_URL": f"{emulator.address}/file/bot",
        "DATA_DIR": str(folder),
        "WEB_PORT": "0",
        "LOG_LEVEL": "INFO",
        "PYTHONUNBUFFERED": "1",
    }


def _ask(url: str, given: Mapping[str, Any] | None) -> Any:
    body = None if given is None else json.dumps(given).encode()
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{url}: {error.read().decode()}") from None
