import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from bot.banks.findings import Fault, Format, Reading, load_reading
from bot.banks.reading import read_any
from bot.banks.recognising import read_questions
from bot.sheets.unreadable import Reason, UnreadableFile
from tests.bot.banks.formats.test_docx import docx, paragraph
from tests.bot.banks.formats.test_moodle_xml import BOMB, answer, document, element

pytestmark = pytest.mark.anyio

DATA = Path(__file__).parents[2] / "data"
TYPED = "1. 社区协商的首要步骤？\nA. 公布\nB. 确定\n答案：B\n"


async def read(content: bytes, name: str = "x") -> Reading:
    result = await read_any(content, name)
    assert "questions" in result, result
    return load_reading(result["questions"])


@pytest.mark.parametrize("name", ["questions.gift", "questions.txt", "questions.xlsx"])
async def test_the_same_eight_questions_in_three_kinds_of_file(name: str) -> None:
    reading = await read((DATA / "camp" / name).read_bytes(), name)

    assert len(reading.found) == 8
    assert reading.faults == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
async def test_a_text_in_any_of_the_usual_encodings_is_the_same(encoding: str) -> None:
    reading = await read(TYPED.encode(encoding))

    assert [found.question.stem.text for found in reading.found] == ["社区协商的首要步骤？"]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (TYPED.encode(), Format.WORDS),
        ("Q?{=甲 ~乙}".encode("gb18030"), Format.GIFT),
        (b"Q?\nA. x\nB. y\nANSWER: A\n", Format.AIKEN),
        (document(element("truefalse", answer("true", 100))).encode(), Format.MOODLE_XML),
        ("题干,选项A,选项B,正确答案\n甲？,a,b,A\n".encode("gb18030"), Format.SHEET),
        (docx(paragraph("1. 甲。"), paragraph("答案：对")), Format.WORDS),
    ],
)
async def test_the_kind_is_told_by_what_is_in_the_file_not_by_its_name(content: bytes, form: Format) -> None:
    reading = await read(content, "anything.bin")

    assert (reading.format, len(reading.found)) == (form, 1)


async def test_a_roster_is_still_a_roster() -> None:
    result = await read_any("姓名,手机号,单位\n张三,13900007001,某社区\n".encode(), "名单.csv")

    assert "roster" in result


async def test_a_file_that_is_too_large_is_refused_by_its_size() -> None:
    result = await read_any(b"x" * 50 * 1024 * 1024, "big.gift")

    assert (result["unreadable"], result["limit"]) == (Reason.TOO_BIG, 5 * 1024 * 1024)


async def test_a_bomb_of_entities_is_refused_as_one() -> None:
    assert (await read_any(BOMB.encode(), "x.xml"))["unreadable"] == Reason.ENTITIES


async def test_xml_that_breaks_off_is_refused_with_its_line() -> None:
    result = await read_any(b"<quiz>\n<question>", "x.xml")

    assert (result["unreadable"], result["found"]) == (Reason.BROKEN_DOCUMENT, 2)


async def test_a_document_that_unpacks_to_more_than_is_bearable_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 70_000_000)

    assert (await read_any(content.getvalue(), "x.docx"))["unreadable"] == Reason.BOMB


async def test_an_archive_that_lies_about_its_size_does_not_get_far() -> None:
    content = bytearray(docx(paragraph("1. 甲。" * 20_000)))
    name = b"word/document.xml"
    place = content.rindex(name) - 46
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")

    result = await read_any(bytes(content), "x.docx")

    assert "unreadable" in result


async def test_ten_thousand_questions_are_read_in_the_time_there_is() -> None:
    text = "\n\n".join(f"::Q{n}::题目 {n}？{{=甲{n} ~乙 ~丙 ~丁####解析 {n}}}" for n in range(10_000))
    reading = await read(text.encode(), "big.gift")

    assert len(reading.found) == 10_000


async def test_an_empty_file_is_refused() -> None:
    assert (await read_any(b"", "x.gift"))["unreadable"] == Reason.EMPTY


async def test_questions_with_faults_are_a_reading_with_all_of_them() -> None:
    reading = await read(b"Q1?{~a ~b}\n\nQ2?{=a\n\nQ3?{=a ~b}")

    assert [(fault.what, fault.line) for fault in reading.faults] == [(Fault.NO_ANSWER, 1), (Fault.BRACES, 3)]
    assert len(reading.found) == 1


async def test_a_workbook_of_questions_beside_other_sheets_is_read() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet("说明").write_string(0, 0, "请填写第二张表")
        sheet = book.add_worksheet("题库")
        sheet.write_row(0, 0, ("题型", "题干", "选项A", "选项B", "正确答案"))
        sheet.write_row(1, 0, ("单选", "甲？", "a", "b", "B"))

    assert len((await read(content.getvalue())).found) == 1


def test_what_holds_no_question_is_left_to_others() -> None:
    assert read_questions(b"just words") is None
    assert read_questions(b"<html></html>") is None
    assert read_questions(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") is None


def test_a_binary_file_is_not_guessed_at() -> None:
    with pytest.raises(UnreadableFile):
        read_questions(bytes(range(256)) * 4)


def test_the_child_knows_nothing_of_the_bot_but_what_reads_files() -> None:
    loaded = "(m for m in sys.modules if m.split('.')[0] in ('bot', 'sqlalchemy', 'telegram'))"
    command = f"import bot.banks.child, sys; print(*{loaded})"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)

    foreign = [name for name in done.stdout.split() if not name.startswith(("bot.banks", "bot.sheets"))]
    assert sorted(foreign) == ["bot", "bot.errors"]
