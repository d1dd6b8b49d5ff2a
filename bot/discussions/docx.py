"""Writing a plain document of Word's (Office Open XML, ECMA-376): headings, paragraphs, lists, page breaks. Pure.

Only what minutes need, so that an office can edit them in Word or WPS. The same content gives the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from enum import StrEnum
from xml.sax.saxutils import escape

from msgspec import Struct

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EPOCH = (2026, 1, 1, 0, 0, 0)
"""A fixed date in the archive, since a date of its own would make a difference where no word has changed."""

_UNFIT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


class Style(StrEnum):
    """How a paragraph looks; the names are those of the styles in the document."""

    TITLE = "Title"
    HEADING = "Heading1"
    SUBHEADING = "Heading2"
    BODY = "Normal"
    STRONG = "LeadingPoint"
    INDENTED = "Indented"
    SMALL = "Small"


class Paragraph(Struct, frozen=True):
    """A paragraph; ``breaks`` puts it on a new page."""

    text: str
    style: Style = Style.BODY
    breaks: bool = False


def write(paragraphs: Sequence[Paragraph], language: str) -> bytes:
    """The document's bytes. ``language`` is a tag such as ``zh-CN``, for the spelling checker of whoever opens it."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            f'<Relationship Id="r1" Type="{RELATION}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/_rels/document.xml.rels": _relations(
            f'<Relationship Id="r1" Type="{RELATION}/styles" Target="styles.xml"/>'
        ),
        "word/styles.xml": _styles(language),
        "word/document.xml": _document(paragraphs),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _document(paragraphs: Sequence[Paragraph]) -> str:
    body = "".join(_paragraph(one) for one in paragraphs)
    page = '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440"'
    page += ' w:header="720" w:footer="720" w:gutter="0"/>'
    return _xml(f'<w:document xmlns:w="{MAIN}"><w:body>{body}<w:sectPr>{page}</w:sectPr></w:body></w:document>')


def _paragraph(one: Paragraph) -> str:
    breaks = "<w:pageBreakBefore/>" if one.breaks else ""
    properties = f'<w:pPr><w:pStyle w:val="{one.style}"/>{breaks}</w:pPr>'
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{_text(one.text)}</w:t></w:r></w:p>'


def _text(text: str) -> str:
    return escape(_UNFIT.sub("", text))


def _styles(language: str) -> str:
    fonts = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="SimSun" w:cs="Calibri"/>'
    tongue = f'<w:lang w:val="{language}" w:eastAsia="zh-CN"/>'
    common = f'<w:rPrDefault><w:rPr>{fonts}<w:sz w:val="22"/>{tongue}</w:rPr></w:rPrDefault>'
    common += '<w:pPrDefault><w:pPr><w:spacing w:after="80" w:line="300" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
    made = [
        _style(Style.BODY, "Normal", "", "", default=True),
        _style(Style.TITLE, "Title", '<w:spacing w:after="160"/>', '<w:b/><w:sz w:val="36"/>'),
        _style(
            Style.HEADING,
            "heading 1",
            '<w:keepNext/><w:spacing w:before="320"/><w:outlineLvl w:val="0"/>',
            '<w:b/><w:sz w:val="28"/>',
        ),
        _style(
            Style.SUBHEADING,
            "heading 2",
            '<w:keepNext/><w:spacing w:before="200"/><w:outlineLvl w:val="1"/>',
            '<w:b/><w:sz w:val="24"/>',
        ),
        _style(Style.STRONG, "Leading point", '<w:keepNext/><w:spacing w:before="120"/>', "<w:b/>"),
        _style(Style.INDENTED, "Indented", '<w:ind w:left="480"/>', ""),
        _style(Style.SMALL, "Small print", "", '<w:color w:val="595959"/><w:sz w:val="20"/>'),
    ]
    return _xml(f'<w:styles xmlns:w="{MAIN}"><w:docDefaults>{common}</w:docDefaults>{"".join(made)}</w:styles>')


def _style(style: Style, name: str, paragraph: str, run: str, *, default: bool = False) -> str:
    mark = ' w:default="1"' if default else ""
    based = "" if default else f'<w:basedOn w:val="{Style.BODY}"/>'
    head = f'<w:style w:type="paragraph"{mark} w:styleId="{style}"><w:name w:val="{name}"/>{based}<w:qFormat/>'
    return f"{head}<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"


def _content_types() -> str:
    rows = [
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
        '<Default Extension="xml" ContentType="application/xml"/>',
        f'<Override PartName="/word/document.xml" ContentType="{TYPE}.document.main+xml"/>',
        f'<Override PartName="/word/styles.xml" ContentType="{TYPE}.styles+xml"/>',
    ]
    return _xml(f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{"".join(rows)}</Types>')


def _relations(rows: str) -> str:
    return _xml(
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'
    )


def _xml(body: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{body}'
