"""The child process that reads one untrusted file: `python -m bot.sheets.child PATH`.

It gives up its own memory and time first, and answers with one JSON document on standard output. It must not import
anything of the bot but this package: it starts anew for every file, and knows no secret.
"""

import contextlib
import json
import sys
from pathlib import Path

from bot.sheets.delimited import read_delimited
from bot.sheets.limits import FILE_BYTES, MEMORY_BYTES, SECONDS, TEXT_CHARACTERS
from bot.sheets.shapes import Sheet, Workbook
from bot.sheets.unreadable import Reason, UnreadableFile
from bot.sheets.wire import dump_workbook
from bot.sheets.workbooks import OLE_SIGNATURE, ZIP_SIGNATURE, read_ole, read_zipped

if sys.platform != "win32":
    import resource


def main() -> None:
    """Read the file named by the only argument, and print the workbook or the reason why not."""
    _limit_resources()
    try:
        answer = dump_workbook(read_file(Path(sys.argv[1])))
    except MemoryError:
        answer = _refusal(UnreadableFile(Reason.BOMB))
    except UnreadableFile as unreadable:
        answer = _refusal(unreadable)
    sys.stdout.write(answer)


def read_file(path: Path) -> Workbook:
    """Read a file by what is in it: its name says nothing reliable. Raises `UnreadableFile`."""
    with path.open("rb") as file:
        content = file.read(FILE_BYTES + 1)
    if len(content) > FILE_BYTES:
        raise UnreadableFile(Reason.TOO_BIG, found=path.stat().st_size, limit=FILE_BYTES)
    sheets = tuple(sheet for sheet in _read_content(content) if sheet.rows)
    if not sheets:
        raise UnreadableFile(Reason.EMPTY)
    _require_little_text(sheets)
    return Workbook("", sheets)


def _read_content(content: bytes) -> list[Sheet]:
    if content.startswith(ZIP_SIGNATURE):
        return read_zipped(content)
    if content.startswith(OLE_SIGNATURE):
        return read_ole(content)
    return [read_delimited(content)]


def _require_little_text(sheets: tuple[Sheet, ...]) -> None:
    texts = (cell for sheet in sheets for row in sheet.rows for cell in row.cells if isinstance(cell, str))
    characters = sum(len(text) for text in texts)
    if characters > TEXT_CHARACTERS:
        raise UnreadableFile(Reason.BOMB, found=characters, limit=TEXT_CHARACTERS)


def _refusal(unreadable: UnreadableFile) -> str:
    return json.dumps({"reason": unreadable.reason, "found": unreadable.found, "limit": unreadable.limit})


def _limit_resources() -> None:
    if sys.platform == "win32":
        return
    for kind, wanted in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, most = resource.getrlimit(kind)
        value = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        # Some systems (macOS) refuse a limit on memory; the limits on the file and on time still hold there.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, value))


if __name__ == "__main__":
    main()
