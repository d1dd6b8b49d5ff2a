"""Reading an untrusted file: a child process does it, and this module bounds its size, memory, time and answer.

The only way into this package for the rest of the bot. Nothing here parses the file.
"""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import replace
from pathlib import Path

import bot
from bot.sheets.limits import ANSWER_BYTES, FILE_BYTES, MEMORY_BYTES, SECONDS
from bot.sheets.shapes import Workbook
from bot.sheets.unreadable import Reason, UnreadableFile
from bot.sheets.wire import load_workbook

_ROOT = Path(bot.__file__).resolve().parent.parent
_CHUNK = 1 << 16


async def read_workbook(path: Path, *, name: str, seconds: float = SECONDS) -> Workbook:
    """Read an .xlsx, .xlsm, .xls, .ods or delimited text file; `name` is what its sender called it.

    Raises `UnreadableFile` for anything that is not a plain, small spreadsheet, and OSError for no file at all.
    """
    answer, status = await _ask_child(_checked_path(path, name), name, seconds)
    # A million cells take a second to load, and the event loop is everybody's.
    return await asyncio.to_thread(_understand, answer, status, name)


def read_workbook_now(path: Path, *, name: str) -> Workbook:
    """Do the same outside an event loop, for the command line."""
    return asyncio.run(read_workbook(path, name=name))


def _checked_path(path: Path, name: str) -> str:
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile(Reason.EMPTY, name=name)
    if size > FILE_BYTES:
        raise UnreadableFile(Reason.TOO_BIG, name=name, found=size, limit=FILE_BYTES)
    return str(path.absolute())


async def _ask_child(path: str, name: str, seconds: float) -> tuple[bytes, int]:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.sheets.child", path),
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


def _understand(answer: bytes, status: int, name: str) -> Workbook:
    if status == 0:
        return _load(answer, name)
    if status > 0:
        raise UnreadableFile(Reason.NOT_A_SPREADSHEET, name=name)
    if signal.Signals(-status).name in ("SIGXCPU", "SIGKILL"):
        raise UnreadableFile(Reason.TOOK_TOO_LONG, name=name, limit=SECONDS)
    # An allocation refused inside the spreadsheet library aborts the process at once.
    raise UnreadableFile(Reason.BOMB, name=name, limit=MEMORY_BYTES)


def _load(answer: bytes, name: str) -> Workbook:
    # A child that wrote half an answer has failed like one that wrote none.
    try:
        read = json.loads(answer[:1000]) if answer.startswith(b'{"reason"') else None
        if read is None:
            return replace(load_workbook(answer), name=name)
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(Reason.NOT_A_SPREADSHEET, name=name) from error
    raise UnreadableFile(Reason(read["reason"]), name=name, found=read["found"], limit=read["limit"])
