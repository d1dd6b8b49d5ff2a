"""The child process that reads one untrusted spreadsheet: `python -m bot.sheets.child PATH`.

It gives up its own memory and time first, and answers with one JSON document on standard output. It must not import
anything of the bot but this package: it starts anew for every file, and knows no secret.
"""

from pathlib import Path

from bot.sheets.confinement import answer_confined, read_bounded
from bot.sheets.delimited import read_delimited
from bot.sheets.limits import TEXT_CHARACTERS
from bot.sheets.shapes import Sheet, Workbook
from bot.sheets.unreadable import Reason, UnreadableFile
from bot.sheets.wire import dump_workbook
from bot.sheets.workbooks import OLE_SIGNATURE, ZIP_SIGNATURE, read_ole, read_zipped


def main() -> None:
    """Answer with the workbook or the reason why not."""
    answer_confined(lambda path: dump_workbook(read_file(path)))


def read_file(path: Path) -> Workbook:
    """Read a file by what is in it: its name says nothing reliable. Raises `UnreadableFile`."""
    sheets = tuple(sheet for sheet in _read_content(read_bounded(path)) if sheet.rows)
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


if __name__ == "__main__":
    main()
