"""Zipped workbooks are judged by their directory before they are unpacked."""

import io
import zipfile

import pytest

from bot.sheets.archive import failed_cells, open_archive
from bot.sheets.unreadable import Reason, UnreadableFile
from tests.bot.sheets.builders import DATA


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_an_encrypted_entry_is_a_password() -> None:
    content = bytearray(zipped(a="text"))
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1

    with pytest.raises(UnreadableFile) as caught:
        open_archive(bytes(content))

    assert caught.value.reason == Reason.PASSWORD


def test_a_cut_archive_is_no_spreadsheet() -> None:
    content = zipped(a="text")

    with pytest.raises(UnreadableFile) as caught:
        open_archive(content[:40])

    assert caught.value.reason == Reason.NOT_A_SPREADSHEET


def test_failed_formulas_are_found_by_their_place() -> None:
    archive = open_archive((DATA / "xlsx" / "calamine_errors.xlsx").read_bytes())

    found = failed_cells(archive, 0)

    assert (found[0, 0], found[6, 0], len(found)) == ("#DIV/0!", "#N/A", 7)


def test_an_archive_of_another_kind_has_no_failed_formulas() -> None:
    assert failed_cells(open_archive(zipped(a="text")), 0) == {}
