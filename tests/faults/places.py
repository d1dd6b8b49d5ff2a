"""The emulator and the bot as children of the nursery; their deeds have the names of `tests.support.processes`."""

import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.nursery import Child, Nursery
from tests.support.processes import Emulator, environment

RETRY_UNIT = "0.05"
SECRET = "a-secret-only-Telegram-knows"


class ForkedEmulator(Emulator):
    """The strict Bot API server."""

    def __init__(self, nursery: Nursery, folder: Path, *options: str) -> None:
        arguments = ["--port", "0", "--retry-unit", RETRY_UNIT, *options]
        self._child = nursery.bear("emulator", arguments, {}, folder / "emulator.log")
        self.address = self._child.await_line("http://")

    def close(self) -> None:
        """End it."""
        self._child.end(signal.SIGKILL)


class ForkedBot:
    """The bot with the doors of the fault tests, or with its own (``kind="bot"``)."""

    def __init__(
        self, nursery: Nursery, emulator: Emulator, folder: Path, kind: str = "rehearsal", **settings: str
    ) -> None:
        self.log = folder / "bot.log"
        self.address = ""
        self._nursery = nursery
        self._kind = kind
        self._environment = environment(emulator, folder) | {"BULK_RATE": "1000"} | settings
        self._child: Child | None = None

    def launch(self, **extra: str) -> Child:
        """Start it and wait for nothing."""
        self._child = self._nursery.bear(self._kind, [], self._environment | extra, self.log)
        return self._child

    def start(self, **extra: str) -> None:
        """Start it and wait until it says that it runs."""
        line = self.launch(**extra).await_line("Cohort Bot is running")
        assert line, f"the bot did not start: {self.log.read_text()[-3000:]}"
        self.address = line.split()[-1]

    @property
    def child(self) -> Child:
        """The process that was started last."""
        assert self._child is not None
        return self._child

    def wait_dead(self, seconds: float = 20.0) -> int:
        """Wait until it has ended by itself and return its exit status."""
        return self.child.wait(seconds)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._child is not None:
            self._child.end(signal.SIGKILL)

    def stop(self) -> float:
        """Ask it to end and return how many seconds it took."""
        began = time.monotonic()
        self.child.end(signal.SIGTERM)
        return time.monotonic() - began


@contextmanager
def forked_camp(
    nursery: Nursery,
    folder: Path,
    database_url: str,
    *,
    kind: str = "rehearsal",
    webhook: bool = False,
    options: tuple[str, ...] = (),
    **settings: str,
) -> Iterator[tuple[ForkedEmulator, ForkedBot]]:
    """An emulator and a bot on an empty database, both ended afterwards."""
    emulator = ForkedEmulator(nursery, folder, *options)
    given = {"DATABASE_URL": database_url} | (_webhook_settings() if webhook else {}) | settings
    bot = ForkedBot(nursery, emulator, folder, kind, **given)
    try:
        yield emulator, bot
    finally:
        bot.kill()
        emulator.close()


def _webhook_settings() -> dict[str, str]:
    port = free_port()
    return {"WEB_PORT": str(port), "WEBHOOK_URL": f"http://127.0.0.1:{port}", "WEBHOOK_SECRET": SECRET}


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
