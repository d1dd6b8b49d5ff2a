"""Reading a file that somebody sent, whatever it is: questions here, rosters and timetables by ``bot.people.reading``.

The courier calls this with what it downloaded, off the transaction. Nothing here parses the file in this process but
the cells of a workbook that a child has opened.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from bot.banks.checks import survey
from bot.banks.findings import dump_reading, load_reading
from bot.banks.formats.sheet import find_questions, read_sheets
from bot.people.reading import read_import
from bot.sheets.bounded import ask_child
from bot.sheets.unreadable import Reason, UnreadableFile
from bot.sheets.wire import load_workbook

QUESTIONS = "questions"

_CHILD = "bot.banks.child"
_ELSEWHERE = b"elsewhere"
_SECONDS = 30
"""Of wall time: ten thousand questions take two seconds of a processor that may be busy with a hundred other things."""


async def read_any(content: bytes, name: str) -> dict[str, Any]:
    """What the file says: ``questions`` as a dumped reading, or what ``read_import`` gives; or why ``unreadable``."""
    try:
        answer = await _ask(content, name)
    except UnreadableFile as error:
        return {"unreadable": str(error.reason), "found": error.found, "limit": error.limit}
    if answer != _ELSEWHERE:
        return await asyncio.to_thread(_checked, answer)
    result = await read_import(content, name)
    return await asyncio.to_thread(_with_questions, result)


async def _ask(content: bytes, name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        await asyncio.to_thread(path.write_bytes, content)
        return await ask_child(_CHILD, path, name=name, seconds=_SECONDS)


def _checked(answer: bytes) -> dict[str, Any]:
    """The child's answer, once it is sure that it can be read: what read the file is not believed on its word."""
    try:
        text = answer.decode()
        load_reading(text)
    except (ValueError, KeyError, TypeError, IndexError):
        return {"unreadable": str(Reason.NOT_A_SPREADSHEET), "found": 0, "limit": 0}
    return {QUESTIONS: text}


def _with_questions(result: dict[str, Any]) -> dict[str, Any]:
    """A workbook that is a sheet of questions is given as one."""
    if "workbook" not in result or "roster" in result:
        return result
    workbook = load_workbook(result["workbook"])
    if not any(find_questions(sheet) for sheet in workbook.sheets):
        return result
    return {QUESTIONS: dump_reading(survey(read_sheets(workbook)))}
