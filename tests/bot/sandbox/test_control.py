import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.sandbox.core import DEFAULT_TOKEN

LIN = 1001


class Emulator:
    """A sandbox in another process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        self.process = process
        self.client = httpx.Client(base_url=process.stdout.readline().strip(), trust_env=False)

    def order(self, command: str, **given: Any) -> Any:
        answer = self.client.post(f"/control/{command}", json=given)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ask(self, query: str, **given: Any) -> Any:
        return self.client.get(f"/control/{query}", params=given).json()

    def call(self, method: str, **params: Any) -> httpx.Response:
        return self.client.post(f"/bot{DEFAULT_TOKEN}/{method}", data=params)


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    command = [sys.executable, "-m", "bot.sandbox", "--folder", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        made = Emulator(process)
        made.order("people", people=[{"name": "Lin", "person_id": LIN, "started": True}])
        yield made
        made.client.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_people_act_and_the_bots_calls_are_read(emulator: Emulator) -> None:
    (said,) = emulator.order("act", acts=[["say", {"person_id": LIN, "text": "/start"}]])
    emulator.call("sendMessage", chat_id=LIN, text="hello")

    (call,) = emulator.ask("calls", method="sendMessage")
    assert (said["text"], call["message_id"], call["params"]["text"]) == ("/start", said["message_id"] + 1, "hello")
    assert [update["message"]["text"] for update in emulator.ask("updates")] == ["/start"]


def test_faults_limits_and_raw_updates_are_set_from_outside(emulator: Emulator) -> None:
    emulator.order("fail", method="getMe", status=502, body="<html>")
    emulator.order("configure", rate=1, latency=0.001)
    emulator.order("inject", updates=[{"update_id": 7, "odd": 1}])

    statuses = [emulator.call(*given).status_code for given in (("getMe",), ("getMe",))]
    statuses += [emulator.call("sendMessage", chat_id=LIN, text="x").status_code for _ in range(2)]

    assert statuses == [502, 200, 200, 429]
    assert emulator.ask("updates") == [{"update_id": 7, "odd": 1}]
    assert emulator.ask("summary")["violations"] == 1


def test_the_clock_moves_when_told(emulator: Emulator) -> None:
    emulator.order("act", acts=[["say", {"person_id": LIN, "text": "old"}]])

    emulator.order("advance", seconds=24 * 3600 + 1)

    assert emulator.call("getUpdates").json()["result"] == []


def test_an_unknown_command_is_refused(emulator: Emulator) -> None:
    assert emulator.client.post("/control/explode", json={}).status_code == 404
    assert emulator.client.post("/control/act", json={"acts": [["__init__", {}]]}).status_code == 400


def test_many_people_are_added_at_once(emulator: Emulator) -> None:
    emulator.order("people", count=1000, first=20_000)

    assert emulator.call("sendMessage", chat_id=20_999, text="x").status_code == 200
