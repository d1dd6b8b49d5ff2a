import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.sandbox.core import Sandbox
from bot.sandbox.params import Upload
from tests.bot.sandbox.calling import SetClock, pending, refusal, result
from tests.bot.sandbox.conftest import LIN

KEYBOARD = json.dumps({"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]})


Reopen = Callable[[], Sandbox]


@pytest.fixture
def reopen(tmp_path: Path) -> Iterator[Reopen]:
    """Open the folder once more, as after a kill: the one before is not closed."""
    opened: list[Sandbox] = []

    def _open() -> Sandbox:
        opened.append(Sandbox(clock=SetClock(), folder=tmp_path))
        return opened[-1]

    yield _open
    for sandbox in opened:
        sandbox.world.journal.close()


def _fill(sandbox: Sandbox) -> None:
    sandbox.add_person("Lin", person_id=LIN, started=True)
    sandbox.start(LIN, "ABC")
    sent = result(sandbox, "sendMessage", chat_id=LIN, text="hello", reply_markup=KEYBOARD)
    sandbox.press(LIN, sent["message_id"], "go")
    sandbox.send_file(LIN, Upload("名册.csv", b"a,b"))


def test_everything_is_there_after_a_restart(reopen: Reopen) -> None:
    before = reopen()
    _fill(before)

    after = reopen()

    assert after.chat(LIN) == before.chat(LIN)
    assert pending(after) == pending(before)
    file_id = after.messages(LIN)[-1]["document"]["file_id"]
    assert after.download(result(after, "getFile", file_id=file_id)["file_path"]) == b"a,b"


def test_confirmed_updates_stay_confirmed_and_ids_go_on(reopen: Reopen) -> None:
    before = reopen()
    _fill(before)
    last = pending(before)[-1]["update_id"]
    before.world.queue.take(last + 1, 100, before.world.now())
    before.world.journal.flush()

    after = reopen()
    after.say(LIN, "next")

    assert [update["update_id"] for update in pending(after)] == [last + 1]


def test_message_ids_are_not_used_again_after_a_deletion_and_two_restarts(reopen: Reopen) -> None:
    before = reopen()
    _fill(before)
    last = before.messages(LIN)[-1]["message_id"]
    result(before, "deleteMessage", chat_id=LIN, message_id=last)
    reopen()

    after = reopen()

    assert after.say(LIN, "next")["message_id"] == last + 1


def test_an_answered_press_stays_answered(reopen: Reopen) -> None:
    before = reopen()
    _fill(before)
    query = next(iter(before.world.queries.rows))
    result(before, "answerCallbackQuery", callback_query_id=query)

    after = reopen()

    assert "query is too old" in refusal(after, "answerCallbackQuery", callback_query_id=query)


def test_half_a_line_at_the_end_is_ignored(reopen: Reopen, tmp_path: Path) -> None:
    before = reopen()
    _fill(before)
    with (tmp_path / "journal.jsonl").open("a") as file:
        file.write('["messages",[1001,9')

    after = reopen()

    assert after.messages(LIN) == before.messages(LIN)


_KILLED_WHILE_WRITING = """
import sys, pathlib
from bot.sandbox.core import Sandbox
sandbox = Sandbox(folder=pathlib.Path(sys.argv[1]))
sandbox.add_person("Lin", person_id=1001, started=True)
while True:
    print(sandbox.say(1001, "hello")["message_id"], flush=True)
"""


def test_a_killed_process_loses_nothing_it_acknowledged(reopen: Reopen, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _KILLED_WHILE_WRITING, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(300)]
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += [int(line) for line in process.stdout if line.endswith("\n")]

    after = reopen()

    kept = {update["message"]["message_id"] for update in pending(after)}
    assert set(acknowledged) - kept == set()
    assert {message["message_id"] for message in after.messages(LIN)} >= set(acknowledged)


def test_without_a_folder_nothing_is_written(tmp_path: Path, sandbox: Sandbox) -> None:
    _fill(sandbox)

    assert list(tmp_path.iterdir()) == []
