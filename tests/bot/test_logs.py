"""The token in every place a log line can have one: none of it may come out."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from bot import logs
from bot.settings import Settings

TOKEN = "123456789:" + "AAExampleExampleExampleExample-_xyz"  # in two parts: no file may hold what looks like a token
OTHER = "987654321:" + "BBExampleExampleExampleExample-_xyz"
SECRET = "hook-secret"
ROOT = Path(__file__).parents[2]

log = logging.getLogger("somewhere")


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    """Put logging back as it was."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.NOISY}
    yield
    root.handlers[:], sys.excepthook = handlers, hook
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def raise_with_token() -> None:
    try:
        try:
            raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
        except ValueError as cause:
            raise RuntimeError(f"failed for {OTHER}") from cause
    except RuntimeError:
        log.exception("it broke")


def log_bound() -> None:
    structlog.contextvars.bind_contextvars(token=TOKEN)
    log.info("bound")


class Shy:
    def __repr__(self) -> str:
        return f"Bot(token={TOKEN})"


WAYS: list[Callable[[], object]] = [
    lambda: log.debug(f"using {TOKEN}"),
    lambda: log.info("using %s and %s", TOKEN, OTHER),
    lambda: log.info("using %(token)s", {"token": TOKEN}),
    lambda: log.warning("at %r", f"https://api.telegram.org/bot{OTHER}/sendMessage"),
    lambda: log.warning("at /bot%s/sendMessage", OTHER.replace(":", "%3A")),
    lambda: log.warning(Shy()),
    lambda: log.warning("with %s", Shy()),
    lambda: log.warning("in bytes %s", TOKEN.encode()),
    lambda: log.warning("ends in a dash %s-", TOKEN),
    lambda: log.info("webhook %s", SECRET),
    lambda: log.error("with an error", exc_info=ValueError(TOKEN)),
    lambda: log.error("with the stack", stack_info=True, extra={"token": TOKEN}),
    log_bound,
    raise_with_token,
]


@pytest.mark.parametrize("form", ["console", "json"])
@pytest.mark.parametrize("way", WAYS, ids=range(len(WAYS)))
def test_no_secret_comes_out(way: Callable[[], object], form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form, "DEBUG", [TOKEN, SECRET])

    way()
    structlog.contextvars.clear_contextvars()

    written = capsys.readouterr().err
    assert written != ""
    assert [
        secret
        for secret in (TOKEN, OTHER, SECRET, TOKEN.partition(":")[2], OTHER.partition(":")[2])
        if secret in written
    ] == []


@pytest.mark.parametrize("form", ["console", "json"])
def test_the_row_that_postgresql_refused_does_not_come_out(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(form, "INFO")

    log.error("null value\nDETAIL:  Failing row contains (1, 杨兰远, null).\nHINT: none")

    written = capsys.readouterr().err
    assert "杨兰远" not in written
    assert "null value" in written
    assert "HINT" in written


def test_a_json_line_says_when_who_and_how_bad(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "INFO", [])

    log.warning("row %s 张三", 7)

    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["logger"], line["event"]) == ("warning", "somewhere", "row 7 张三")
    assert line["timestamp"].endswith("Z")


def test_lines_below_the_level_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("console", "WARNING", [])

    log.info("chatter")

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["httpx", "telegram.ext.ExtBot"])
def test_libraries_that_log_addresses_are_silent_even_at_debug(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("console", "DEBUG", [])

    logging.getLogger(name).info("POST https://example.org")

    assert capsys.readouterr().err == ""


def test_an_error_that_ends_the_process_goes_through_the_same_gate() -> None:
    program = f"from bot import logs\nlogs.configure('json', 'INFO', [])\nraise ValueError('bot{TOKEN}/getMe')"

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, TOKEN in done.stderr, "the process ends by an error" in done.stderr) == (1, False, True)


def test_settings_do_not_show_their_secrets() -> None:
    settings = Settings(
        bot_token=TOKEN,
        webhook_secret=SECRET,
        webhook_url="https://camp.example.org",
        database_url="postgresql://me:open-sesame@db/camp",
        proxy_url="http://me:pass-word@proxy:1",
    )

    shown = f"{settings!r} {settings!s} {settings.model_dump_json(exclude={'database_url', 'proxy_url'})}"

    assert [secret for secret in (TOKEN, SECRET, "open-sesame", "pass-word") if secret in shown] == []
    assert settings.secrets == [TOKEN, SECRET, "open-sesame", "pass-word"]
