"""The documents: sound, the same each time, readable again."""

import io
import zipfile

from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from bot.banks.formats.docx import is_docx, read_docx
from bot.discussions.docx import MAIN, Paragraph, Style, write


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def test_what_is_written_can_be_read_again() -> None:
    content = write([Paragraph("Title", Style.TITLE), Paragraph("停车难 & <b>")], "zh-CN")

    assert is_docx(content)
    assert read_docx(content).split("\n") == ["Title", "停车难 & <b>"]


def test_the_same_words_give_the_same_bytes() -> None:
    assert write([Paragraph("a")], "en-GB") == write([Paragraph("a")], "en-GB")


def test_every_style_that_is_used_is_defined() -> None:
    content = write([Paragraph(style.name, style) for style in Style], "en-GB")

    defined = {
        style.attrib[f"{{{MAIN}}}styleId"]
        for style in fromstring(part(content, "word/styles.xml")).iter(f"{{{MAIN}}}style")
    }
    used = {
        style.attrib[f"{{{MAIN}}}val"]
        for style in fromstring(part(content, "word/document.xml")).iter(f"{{{MAIN}}}pStyle")
    }
    assert used == {str(style) for style in Style}
    assert used <= defined


def test_a_paragraph_may_begin_a_page() -> None:
    document = part(write([Paragraph("a"), Paragraph("b", breaks=True)], "en-GB"), "word/document.xml")

    assert document.count("<w:pageBreakBefore/>") == 1


@given(st.lists(st.text(), max_size=5))
def test_any_words_give_a_document_that_is_sound_xml(texts: list[str]) -> None:
    content = write([Paragraph(text) for text in texts], "en-GB")

    root = fromstring(part(content, "word/document.xml"))

    assert len(list(root.iter(f"{{{MAIN}}}p"))) == len(texts)
