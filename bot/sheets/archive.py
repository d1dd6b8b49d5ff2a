"""Looking into a zipped workbook before anything unpacks it, and for what the spreadsheet library leaves out. Pure."""

import io
import re
import zipfile
from posixpath import join, normpath

from bot.sheets.limits import ARCHIVE_ENTRIES, UNPACKED_BYTES
from bot.sheets.unreadable import Reason, UnreadableFile

_ENCRYPTED = 0x1
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_FAILED_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?P<attributes>[^<>]*?\bt=[\"']e[\"'][^<>]*)>"
    rb"(?:<(?:\w+:)?f(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>(?P<code>[^<]{1,20})<"
)
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def open_archive(content: bytes) -> zipfile.ZipFile:
    """Open a zip archive, having read only its central directory.

    Raises `UnreadableFile`: NOT_A_SPREADSHEET, PASSWORD, BOMB (found and limit: entries, or bytes unpacked).
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnreadableFile(Reason.NOT_A_SPREADSHEET) from error
    entries = archive.infolist()
    if len(entries) > ARCHIVE_ENTRIES:
        raise UnreadableFile(Reason.BOMB, found=len(entries), limit=ARCHIVE_ENTRIES)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_BYTES:
        raise UnreadableFile(Reason.BOMB, found=unpacked, limit=UNPACKED_BYTES)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise UnreadableFile(Reason.PASSWORD)
    return archive


def failed_cells(archive: zipfile.ZipFile, sheet_index: int) -> dict[tuple[int, int], str]:
    """Return the failed formulas of a sheet of an .xlsx: (row, column) from 0 -> the code, as `#N/A`.

    The spreadsheet library gives them as empty. Whatever this cannot find, it leaves out.
    """
    try:
        content = archive.read(_path_of_sheet(archive, sheet_index))
    except (KeyError, IndexError, zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return {}
    found = {}
    for match in _FAILED_CELL.finditer(content):
        place = _PLACE.fullmatch(_attributes(match["attributes"]).get("r", ""))
        if place:
            found[int(place[2]) - 1, _column(place[1])] = match["code"].decode(errors="replace")
    return found


def _path_of_sheet(archive: zipfile.ZipFile, index: int) -> str:
    sheets = [_attributes(tag) for tag in _SHEET.findall(archive.read("xl/workbook.xml"))]
    relations = [_attributes(tag) for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))]
    targets = {relation.get("Id"): relation["Target"] for relation in relations}
    target = targets[next(value for name, value in sheets[index].items() if name.endswith(":id"))]
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): (one or other).decode(errors="replace") for name, one, other in _ATTRIBUTE.findall(tag)}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
