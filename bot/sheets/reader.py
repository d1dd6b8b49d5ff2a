"""Reading an untrusted spreadsheet: the only way into this package for the rest of the bot. Nothing here parses it."""

import asyncio
from pathlib import Path

from msgspec.structs import replace

from bot.sheets.bounded import ask_child
from bot.sheets.limits import SECONDS
from bot.sheets.shapes import Workbook
from bot.sheets.unreadable import Reason, UnreadableFile
from bot.sheets.wire import load_workbook

_CHILD = "bot.sheets.child"


async def read_workbook(path: Path, *, name: str, seconds: float = SECONDS) -> Workbook:
    """Read an .xlsx, .xlsm, .xls, .ods or delimited text file; `name` is what its sender called it.

    Raises `UnreadableFile` for anything that is not a plain, small spreadsheet, and OSError for no file at all.
    """
    answer = await ask_child(_CHILD, path, name=name, seconds=seconds)
    # A million cells take a second to load, and the event loop is everybody's.
    return await asyncio.to_thread(_load, answer, name)


def read_workbook_now(path: Path, *, name: str) -> Workbook:
    """Do the same outside an event loop, for the command line."""
    return asyncio.run(read_workbook(path, name=name))


def _load(answer: bytes, name: str) -> Workbook:
    try:
        return replace(load_workbook(answer), name=name)
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(Reason.NOT_A_SPREADSHEET, name=name) from error
