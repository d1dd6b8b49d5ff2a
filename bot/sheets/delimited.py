"""Reading delimited text of unknown encoding and delimiter into rows. Pure; never guesses beyond its ladder."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from bot.sheets.cells import plain_cell
from bot.sheets.limits import COLUMNS, ROWS
from bot.sheets.shapes import Cell, Row, Sheet
from bot.sheets.unreadable import Reason, UnreadableFile

_SAMPLE = 50
_DELIMITERS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r"sep=([^\r\n])(?:\r\n|\r|\n|$)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_OTHER_FORMATS = re.compile(r"\s*(?:%PDF-|\{\\rtf|<!doctype|<html|<\?xml|<table|<svg)", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_delimited(content: bytes) -> Sheet:
    """Read comma, semicolon or tab separated text; rows count as Excel shows them, so a `sep=` line does not.

    Raises `UnreadableFile`: ENCODING, NOT_A_SPREADSHEET, TOO_MANY_ROWS, TOO_MANY_COLUMNS.
    """
    # Old programs of the DOS family end a text with Ctrl-Z.
    text = decode(content).rstrip("\x1a")
    if _CONTROL.search(text) or _OTHER_FORMATS.match(text):
        raise UnreadableFile(Reason.NOT_A_SPREADSHEET)
    named = _SEPARATOR_LINE.match(text)
    body = text[named.end() :] if named else text
    try:
        rows = list(_rows(body, named[1] if named else _likeliest_delimiter(body)))
    except csv.Error as error:
        raise UnreadableFile(Reason.NOT_A_SPREADSHEET) from error
    return Sheet("", tuple(_bounded(rows)))


def decode(content: bytes) -> str:
    """Decode by the ladder: signature, strict UTF-8, GB18030. UTF-16 without a signature is refused as such."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content[len(mark) :], encoding)
    if b"\x00" in content:
        looks_like_text = any(_is_text(content, encoding) for encoding in ("utf-16-le", "utf-16-be"))
        raise UnreadableFile(Reason.ENCODING if looks_like_text else Reason.NOT_A_SPREADSHEET)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(content, "gb18030")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(Reason.ENCODING) from error


def _is_text(content: bytes, encoding: str) -> bool:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return _CONTROL.search(text) is None and re.search(r"[\r\n,;\t]", text) is not None


def _likeliest_delimiter(text: str) -> str:
    """Return the delimiter that gives most columns in the first records; a comma where none occurs."""
    return max(_DELIMITERS, key=lambda one: _columns_found(text, one))


def _columns_found(text: str, delimiter: str) -> tuple[int, int]:
    try:
        widths = [len(record) for record in islice(_records(text, delimiter), _SAMPLE)]
    except csv.Error:
        return (0, 0)
    return (sum(width > 1 for width in widths), sum(widths))


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    for number, record in enumerate(_records(text, delimiter), start=1):
        cells: list[Cell] = [plain_cell(value) for value in record]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            yield Row(number, tuple(cells))


def _bounded(rows: list[Row]) -> list[Row]:
    if len(rows) > ROWS:
        raise UnreadableFile(Reason.TOO_MANY_ROWS, found=len(rows), limit=ROWS)
    widest = max((len(row.cells) for row in rows), default=0)
    if widest > COLUMNS:
        raise UnreadableFile(Reason.TOO_MANY_COLUMNS, found=widest, limit=COLUMNS)
    return rows
