"""Reading a file that somebody sent, off the transaction: the courier calls this with what it downloaded."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from bot.people.roster import find_roster, read_roster
from bot.people.roster_wire import dump_roster
from bot.sheets.reader import read_workbook
from bot.sheets.shapes import Workbook
from bot.sheets.unreadable import UnreadableFile
from bot.sheets.wire import dump_workbook


async def read_import(content: bytes, name: str) -> dict[str, Any]:
    """What the file says as plain JSON: ``workbook``, and ``roster`` where it looks like one; or why ``unreadable``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        await asyncio.to_thread(path.write_bytes, content)
        try:
            workbook = await read_workbook(path, name=name)
        except UnreadableFile as error:
            return {"unreadable": str(error.reason), "found": error.found, "limit": error.limit}
    return await asyncio.to_thread(_understand, workbook)


def _understand(workbook: Workbook) -> dict[str, Any]:
    result = {"workbook": dump_workbook(workbook)}
    if any(find_roster(sheet) for sheet in workbook.sheets):
        result["roster"] = dump_roster(read_roster(workbook))
    return result
