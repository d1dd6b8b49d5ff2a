"""A process that has everything imported and forks bots and emulators: real processes, started in a tenth of a second.

It runs no thread and no event loop of its own, so that its children begin as clean as a process that was started anew.
"""

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.commands import run
from bot.errors import CohortBotError
from bot.sandbox import __main__ as emulator
from tests.faults import rehearsal_bot
from tests.support.processes import ROOT, wait_until


class Nursery:
    """The parent of all processes that a test kills."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._ask(["hello"])

    def bear(self, kind: str, arguments: list[str], environment: Mapping[str, str], log: Path) -> "Child":
        """Start a child: its number and a handle on it. Whatever it prints goes to the end of ``log``."""
        log.touch()
        began = log.stat().st_size
        return Child(self, self._ask(["bear", kind, arguments, dict(environment), str(log)]), log, began)

    def status_of(self, pid: int) -> int | None:
        """The exit status of a child that ended (negative: the signal that ended it), or ``None``."""
        answer: int | None = self._ask(["status", pid])
        return answer

    def close(self) -> None:
        """End it; children must have ended before."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(10)

    def _ask(self, words: list[Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


class Child:
    """One process of the nursery's."""

    def __init__(self, nursery: Nursery, pid: int, log: Path, began: int) -> None:
        self.pid = pid
        self._nursery = nursery
        self._log = log
        self._began = began
        self._status: int | None = None

    @property
    def status(self) -> int | None:
        """Its exit status, or ``None`` while it runs."""
        if self._status is None:
            self._status = self._nursery.status_of(self.pid)
        return self._status

    def output(self) -> str:
        """What it has printed so far."""
        with self._log.open("rb") as log:
            log.seek(self._began)
            return log.read().decode(errors="replace")

    def await_line(self, word: str, seconds: float = 20.0) -> str:
        """Wait for a whole line with ``word`` in it; an empty string when the process ended instead."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            ended = self.status is not None
            lines = self.output().splitlines(keepends=True)
            if found := [line for line in lines if word in line and line.endswith("\n")]:
                return found[0].strip()
            if ended:
                return ""
            time.sleep(0.01)
        raise AssertionError(f"{word!r} was not said within {seconds} s: {self.output()[-2000:]}")

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; nothing happens when it has ended."""
        if self.status is None:
            os.kill(self.pid, number)

    def end(self, number: signal.Signals, seconds: float = 20.0) -> int:
        """Send a signal, wait, and return the exit status."""
        self.send(number)
        return self.wait(seconds)

    def wait(self, seconds: float = 20.0) -> int:
        """Wait until it has ended and return its exit status."""
        wait_until(lambda: self.status is not None, seconds, "the end of the process")
        assert self._status is not None
        return self._status


@contextmanager
def open_nursery() -> Iterator[Nursery]:
    """A nursery for as long as the block lasts."""
    nursery = Nursery()
    try:
        yield nursery
    finally:
        nursery.close()


KINDS: dict[str, Callable[[], object]] = {
    "rehearsal": rehearsal_bot.main,
    "heedless": rehearsal_bot.main_without_waiting,
    "bot": run.run_bot,
    "emulator": emulator.main,
}


def _serve() -> None:
    for line in sys.stdin:
        match json.loads(line):
            case ["bear", kind, arguments, environment, log]:
                print(_bear(kind, arguments, environment, log), flush=True)
            case ["status", pid]:
                print(json.dumps(_status(pid)), flush=True)
            case _:
                print("null", flush=True)


def _status(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _bear(kind: str, arguments: list[str], environment: dict[str, str], log: str) -> int:
    pid = os.fork()
    if pid:
        return pid
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    quiet = os.open(os.devnull, os.O_RDONLY)
    for stream, place in ((quiet, 0), (output, 1), (output, 2)):
        os.dup2(stream, place)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [kind, *arguments]
    os._exit(_live(KINDS[kind]))


def _live(work: Callable[[], object]) -> int:
    try:
        work()
    except CohortBotError as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    except BaseException:  # noqa: BLE001 - the child's edge: nothing may return into the parent's code
        traceback.print_exc()
        return 70
    return 0


if __name__ == "__main__":
    _serve()
