import io
import zipfile

import pytest

from bot.banks.formats.docx import is_docx, read_docx
from bot.banks.formats.words import read_words
from bot.banks.formats.xml_tree import BadXml
from bot.banks.grading import right_places
from bot.banks.questions import Choices, Question

WORDS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NUMBERING = (
    f"<w:numbering {WORDS}>"
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="upperLetter"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def paragraph(text: str, level: int | None = None) -> str:
    listed = (
        f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>' if level is not None else ""
    )
    return f"<w:p>{listed}<w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(*paragraphs: str, **more: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f"<w:document {WORDS}><w:body>{''.join(paragraphs)}</w:body></w:document>"
        )
        archive.writestr("word/numbering.xml", NUMBERING)
        for name, text in more.items():
            archive.writestr(name, text)
    return content.getvalue()


def keys(questions: list[Question]) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.stem.text, right_places(one.body)) for one in questions if isinstance(one.body, Choices)]


def test_typed_paragraphs_are_lines() -> None:
    content = docx(paragraph("1. 甲？"), paragraph("A. a"), paragraph("B. b"), paragraph("答案：B"))

    assert read_docx(content) == "1. 甲？\nA. a\nB. b\n答案：B"


def test_numbers_and_letters_that_word_counts_by_itself_are_there() -> None:
    one = [paragraph("甲？", 0), paragraph("a", 1), paragraph("b", 1), paragraph("答案：B")]
    two = [paragraph("乙？", 0), paragraph("c", 1), paragraph("d", 1), paragraph("答案：A")]

    reading = read_words(read_docx(docx(*one, *two)))

    assert keys([found.question for found in reading.found]) == [("甲？", (1,)), ("乙？", (0,))]


def test_questions_inside_a_table_are_read() -> None:
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("1. 甲？", "A. a", "B. b", "答案：A"))

    assert read_docx(docx(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")) == "1. 甲？\nA. a\nB. b\n答案：A"


def test_what_was_struck_out_under_review_is_gone_and_pictures_are_marked() -> None:
    struck = "<w:p><w:del><w:r><w:delText>old</w:delText><w:t>old</w:t></w:r></w:del><w:r><w:t>new</w:t></w:r></w:p>"
    picture = "<w:p><w:r><w:t>See </w:t><w:drawing/></w:r></w:p>"

    assert read_docx(docx(struck, picture)) == "new\nSee [🖼]"


def test_entities_in_a_document_are_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')

    with pytest.raises(BadXml):
        read_docx(content.getvalue())


def test_only_a_document_of_word_is_one() -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")

    assert is_docx(docx())
    assert not is_docx(other.getvalue())
    assert not is_docx(b"PK\x03\x04broken")
