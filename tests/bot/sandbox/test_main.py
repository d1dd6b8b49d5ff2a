import signal
import subprocess
import sys
from pathlib import Path

import httpx

LIN = 1001


def _start(folder: Path) -> tuple["subprocess.Popen[str]", httpx.Client]:
    command = [sys.executable, "-m", "bot.sandbox", "--folder", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    return process, httpx.Client(base_url=address, trust_env=False)


def test_a_killed_sandbox_starts_again_where_it_was_and_ends_when_asked(tmp_path: Path) -> None:
    process, client = _start(tmp_path)
    with process, client:
        client.post("/control/people", json={"people": [{"name": "Lin", "person_id": LIN}]})
        client.post("/control/act", json={"acts": [["start", {"person_id": LIN, "payload": "ABC"}]]})
        before = client.get("/control/updates").json()
        process.send_signal(signal.SIGKILL)

    process, client = _start(tmp_path)
    with process, client:
        after = client.get("/control/updates").json()
        process.send_signal(signal.SIGTERM)
        ended = process.wait(10)

    assert (after, ended) == (before, 0)
    assert before[0]["message"]["text"] == "/start ABC"
