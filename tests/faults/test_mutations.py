"""The checks of the fault tests can fail: each is shown a bot that does what it is there to find."""

import io
import logging
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from bot import logs
from bot.crashpoints import reach
from bot.database import Database
from bot.inbox import redaction
from bot.inbox.intake import Intake, Poller
from bot.sandbox.core import DEFAULT_TOKEN, Sandbox
from tests.faults import rebirth
from tests.faults.evidence import collect, judge
from tests.faults.rebirth import Life, empty_database
from tests.faults.script import people_of
from tests.faults.test_every_point import calls_of

PERSON = 5000
NUMBERS = range(12)
AFTER_FETCH, AFTER_COMMIT = 1, 3


class ConfirmsFirst(Poller):
    """The commit comes after the confirmation."""

    async def poll_once(self) -> int:
        updates = await self._fetch()
        if updates:
            self._offset = max(update["update_id"] for update in updates) + 1
            await self._bot.do_api_request("getUpdates", api_kwargs={"offset": self._offset, "timeout": 0})
            reach("intake:fetched")
            await self._intake.store(updates)
        return len(updates)


class KnowsNothingAgain(Intake):
    """No key tells a redelivered update from a new one."""

    def _row(self, update: dict[str, Any], now: datetime) -> dict[str, Any]:
        return super()._row(update, now) | {"source": uuid.uuid4().hex}


async def storm(database: Database, nth: int, act: Callable[[Sandbox], object] = lambda sandbox: None) -> list[str]:
    """A dozen numbers, a crash at the ``nth`` point, a new life; what the checks find."""
    sandbox = Sandbox()
    people_of(sandbox)
    for number in NUMBERS:
        sandbox.say(PERSON + number, f"n{number}")
    act(sandbox)
    for crash_at in (nth, rebirth.NEVER):
        await Life(database, sandbox, crash_at).run(lambda: False)
    evidence = database.read_now(partial(collect, calls=calls_of(sandbox)))
    return judge(evidence, {number: PERSON + number for number in NUMBERS}, in_flight=len(NUMBERS))


@pytest.mark.anyio
@pytest.mark.parametrize("nth", [AFTER_FETCH, AFTER_COMMIT])
async def test_the_scenario_finds_nothing_in_the_bot_as_it_is(tmp_path_url: str, nth: int) -> None:
    with empty_database(tmp_path_url) as database:
        assert await storm(database, nth) == []


@pytest.mark.anyio
async def test_a_commit_after_the_confirmation_is_found_as_lost_updates(
    tmp_path_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebirth, "Poller", ConfirmsFirst)

    with empty_database(tmp_path_url) as database:
        found = await storm(database, AFTER_FETCH)

    assert [line.partition(":")[0] for line in found] == [
        "12 updates are not in the inbox",
        "12 effects were lost",
        "12 messages were never sent",
    ]


@pytest.mark.anyio
async def test_a_missing_key_is_found_as_doubled_effects(tmp_path_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebirth, "Intake", KnowsNothingAgain)

    with empty_database(tmp_path_url) as database:
        found = await storm(database, AFTER_COMMIT)

    assert [line.partition(":")[0] for line in found] == [
        "12 updates stand in the inbox twice",
        "12 effects were doubled",
    ]


@pytest.mark.anyio
async def test_an_inbox_that_keeps_coordinates_is_found(tmp_path_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "blank_body", lambda body, raw: raw)

    with empty_database(tmp_path_url) as database:
        found = await storm(database, AFTER_COMMIT, lambda sandbox: sandbox.send_location(PERSON, 32.06, 118.79))

    assert [line.partition(":")[0] for line in found] == ["I12"]


def write_log(monkeypatch: pytest.MonkeyPatch) -> str:
    """What the log says of a line that has the token in it."""
    stream = io.StringIO()
    root = logging.getLogger()
    monkeypatch.setattr("sys.stderr", stream)
    handlers, level = root.handlers[:], root.level
    try:
        logs.configure("console", "DEBUG", [DEFAULT_TOKEN])
        logging.getLogger("anything").debug("calling /bot%s/getMe", DEFAULT_TOKEN)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    return stream.getvalue()


@pytest.mark.parametrize("is_removed", [False, True])
def test_a_log_without_its_filter_is_found_to_show_the_token(monkeypatch: pytest.MonkeyPatch, is_removed: bool) -> None:
    if is_removed:
        monkeypatch.setattr(logs.Redaction, "clean", lambda self, text: text)

    assert (DEFAULT_TOKEN in write_log(monkeypatch)) == is_removed
