"""Telling by what is in a file which of the formats it has, and reading it. For the child process; pure."""

import codecs
import re
from collections.abc import Callable
from typing import Final

from bot.banks.checks import survey
from bot.banks.findings import Reading
from bot.banks.formats.aiken import looks_like_aiken, read_aiken
from bot.banks.formats.docx import is_docx, read_docx
from bot.banks.formats.gift import looks_like_gift, read_gift
from bot.banks.formats.moodle_xml import looks_like_moodle_xml, read_moodle_xml
from bot.banks.formats.sheet import find_questions
from bot.banks.formats.words import looks_like_words, read_words
from bot.banks.formats.xml_tree import BadXml
from bot.sheets.delimited import decode, read_delimited
from bot.sheets.unreadable import Reason, UnreadableFile
from bot.sheets.workbooks import OLE_SIGNATURE, ZIP_SIGNATURE

_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_XML: Final = re.compile(r"\ufeff?\s*<")

_FORMATS: Final[tuple[tuple[Callable[[str], bool], Callable[[str], Reading]], ...]] = (
    (looks_like_moodle_xml, read_moodle_xml),
    (looks_like_aiken, read_aiken),
    (looks_like_gift, read_gift),
    (looks_like_words, read_words),
)


def read_questions(content: bytes) -> Reading | None:
    """The questions of a file; ``None`` where it is a workbook, a table or something without any question in it.

    Raises:
        UnreadableFile: it is a bomb, or broken.
    """
    if content.startswith(OLE_SIGNATURE):
        return None
    try:
        if content.startswith(ZIP_SIGNATURE):
            return survey(read_words(read_docx(content))) if is_docx(content) else None
        return _read_text(_decoded(content))
    except BadXml as error:
        raise UnreadableFile(Reason.ENTITIES if error.is_bomb else Reason.BROKEN_DOCUMENT, found=error.line) from error


def _read_text(text: str) -> Reading | None:
    if _is_table(text):
        return None
    for looks, read in _FORMATS:
        if looks(text):
            return survey(read(text))
    return None


def _is_table(text: str) -> bool:
    """Whether the text is a sheet of questions saved as CSV, which is read like any other sheet."""
    if _XML.match(text):
        return False
    try:
        return find_questions(read_delimited(text.encode())) is not None
    except UnreadableFile:
        return False


def _decoded(content: bytes) -> str:
    try:
        return decode(content)
    except UnreadableFile as error:
        if error.reason is not Reason.ENCODING:
            raise
    # Old Windows programs save UTF-16 without its signature; read the wrong way round it has no plain digits or ends.
    texts = [codecs.decode(content, encoding, "replace") for encoding in ("utf-16-le", "utf-16-be")]
    text = max(texts, key=lambda one: sum(sign.isascii() for sign in one))
    if "\ufffd" in text or _CONTROL.search(text):
        raise UnreadableFile(Reason.ENCODING)
    return text
