"""Reading a table of holidays that came as JSON, off the transaction; every other file is read as ever."""

import asyncio
from typing import Any

from bot.outbox.delivery import Reading
from bot.sheets.unreadable import Reason
from bot.sheets.wire import dump_workbook
from bot.workdays.sheet import NotATable, workbook_of_json

SUFFIX = ".json"


async def read_table(content: bytes, name: str, otherwise: Reading) -> dict[str, Any]:
    """The table as a ``workbook``, or why it is ``unreadable``; what is no JSON is left to ``otherwise``."""
    if not name.lower().endswith(SUFFIX):
        return await otherwise(content, name)
    try:
        return {"workbook": dump_workbook(await asyncio.to_thread(workbook_of_json, content, name))}
    except NotATable:
        return {"unreadable": str(Reason.NOT_A_SPREADSHEET), "found": 0, "limit": 0}
