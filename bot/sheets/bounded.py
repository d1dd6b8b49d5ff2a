"""Having an untrusted file read by a child process, and bounding its size, memory, time and answer.

Knows nothing of what the file is: ``module`` names the program that reads it, which answers on standard output.
"""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from weakref import WeakKeyDictionary

import bot
from bot.sheets.limits import ANSWER_BYTES, FILE_BYTES, MEMORY_BYTES, SECONDS
from bot.sheets.unreadable import Reason, UnreadableFile

_ROOT = Path(bot.__file__).resolve().parent.parent
_CHUNK = 1 << 16
AT_ONCE = 1
"""Children at a time: each may take half a gigabyte, and a small server must survive five files sent at once."""
_TURNS: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
_REFUSAL = b'{"reason"'


async def ask_child(module: str, path: Path, *, name: str, seconds: float = SECONDS) -> bytes:
    """Return what ``python -m MODULE PATH`` answers; ``name`` is what the file's sender called it.

    Raises `UnreadableFile` where the file is too large, the child refuses it, or the child costs too much, and OSError
    for no file at all.
    """
    checked = _checked_path(path, name)
    async with _turn():
        answer, status = await _ask(module, checked, name, seconds)
    _require_success(status, name)
    if answer.startswith(_REFUSAL):
        _refuse(answer, name)
    return answer


def _turn() -> asyncio.Semaphore:
    """Whoever has it may run a child; each event loop has its own, as semaphores need."""
    return _TURNS.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))


def _checked_path(path: Path, name: str) -> str:
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile(Reason.EMPTY, name=name)
    if size > FILE_BYTES:
        raise UnreadableFile(Reason.TOO_BIG, name=name, found=size, limit=FILE_BYTES)
    return str(path.absolute())


async def _ask(module: str, path: str, name: str, seconds: float) -> tuple[bytes, int]:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, path),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd=_ROOT,
        env=_environment(),
    )
    try:
        async with asyncio.timeout(seconds):
            answer = await _read_answer(child, name)
            return answer, await child.wait()
    except TimeoutError as error:
        raise UnreadableFile(Reason.TOOK_TOO_LONG, name=name, limit=SECONDS) from error
    finally:
        await _end(child)


async def _read_answer(child: Process, name: str) -> bytes:
    answer = bytearray()
    while child.stdout is not None and (chunk := await child.stdout.read(_CHUNK)):
        answer += chunk
        if len(answer) > ANSWER_BYTES:
            raise UnreadableFile(Reason.BOMB, name=name, found=len(answer), limit=ANSWER_BYTES)
    return bytes(answer)


async def _end(child: Process) -> None:
    if child.returncode is None:
        child.kill()
    # Waiting for the pipe's end as well lets the event loop close it.
    await child.communicate()


def _environment() -> dict[str, str]:
    """Return what the child may see of our environment: how to find libraries, and no secret."""
    kept = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if key in os.environ}
    return {**kept, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def _require_success(status: int, name: str) -> None:
    if status == 0:
        return
    if status > 0:
        raise UnreadableFile(Reason.NOT_A_SPREADSHEET, name=name)
    if signal.Signals(-status).name in ("SIGXCPU", "SIGKILL"):
        raise UnreadableFile(Reason.TOOK_TOO_LONG, name=name, limit=SECONDS)
    # An allocation refused inside a library of C aborts the process at once.
    raise UnreadableFile(Reason.BOMB, name=name, limit=MEMORY_BYTES)


def _refuse(answer: bytes, name: str) -> None:
    # A child that wrote half an answer has failed like one that wrote none.
    try:
        said = json.loads(answer[:1000])
        reason, found, limit = Reason(said["reason"]), said["found"], said["limit"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(Reason.NOT_A_SPREADSHEET, name=name) from error
    raise UnreadableFile(reason, name=name, found=found, limit=limit)
