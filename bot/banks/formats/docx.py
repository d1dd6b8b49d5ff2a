"""The words of a .docx, a line a paragraph, with the numbers that Word counts by itself. Pure; bounded by the child."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.banks.formats.xml_tree import Node, read_tree
from bot.banks.plain import PICTURE
from bot.sheets.limits import UNPACKED_BYTES
from bot.sheets.unreadable import Reason, UnreadableFile

_DOCUMENT = "word/document.xml"
_NUMBERING = "word/numbering.xml"
_PICTURES = frozenset(("drawing", "pict", "object"))
_LEFT_OUT = frozenset(("del", "moveFrom", "instrText"))
_LETTERED = {"upperLetter": "A", "lowerLetter": "A"}


def is_docx(content: bytes) -> bool:
    """Whether a zip archive holds a document of Word's."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _DOCUMENT in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def read_docx(content: bytes) -> str:
    """All paragraphs of the document; raises UnreadableFile, BadXml."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > UNPACKED_BYTES:
            raise UnreadableFile(Reason.BOMB, limit=UNPACKED_BYTES)
        document = read_tree(archive.read(_DOCUMENT).decode("utf-8-sig"))
        has_lists = _NUMBERING in archive.namelist()
        counters = _Counters(read_tree(archive.read(_NUMBERING).decode("utf-8-sig")) if has_lists else None)
    return "\n".join(_lines(document, counters))


@dataclass(slots=True)
class _Counters:
    """What Word counts: per list and level."""

    numbering: Node | None
    formats: dict[tuple[str, str], str] = field(default_factory=dict)
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.numbering is None:
            return
        shapes = {
            (abstract.attributes.get("abstractNumId", ""), level.attributes.get("ilvl", "0")): _value(level, "numFmt")
            for abstract in self.numbering.all("abstractNum")
            for level in abstract.all("lvl")
        }
        for number in self.numbering.all("num"):
            abstract_id = _value(number, "abstractNumId")
            for (abstract, level), shape in shapes.items():
                if abstract == abstract_id:
                    self.formats[number.attributes.get("numId", ""), level] = shape

    def mark(self, paragraph: Node) -> str:
        """What Word shows before this paragraph."""
        properties = paragraph.first("pPr")
        listed = properties.first("numPr") if properties else None
        if listed is None:
            return ""
        number, level = _value(listed, "numId"), _value(listed, "ilvl") or "0"
        depth = int(level) if level.isdigit() else 0
        count = self.counts.get((number, depth), 0) + 1
        self.counts[number, depth] = count
        for key in [key for key in self.counts if key[0] == number and key[1] > depth]:
            del self.counts[key]
        return _shown(self.formats.get((number, level), ""), count)


def _shown(shape: str, count: int) -> str:
    if shape in _LETTERED and count <= 26:
        return f"{chr(ord('A') + count - 1)}. "
    return f"{count}. " if shape.startswith("decimal") else ""


def _value(node: Node, name: str) -> str:
    found = node.first(name)
    return found.attributes.get("val", "") if found else ""


def _lines(document: Node, counters: _Counters) -> Iterator[str]:
    for node in document.walk():
        if node.name == "p":
            yield counters.mark(node) + "".join(_words(node))


def _words(node: Node) -> Iterator[str]:
    for child in node.children:
        if child.name == "t":
            yield "".join(child.pieces)
        elif child.name == "tab":
            yield "\t" if node.name == "r" else ""
        elif child.name in ("br", "cr"):
            yield "\n"
        elif child.name in _PICTURES:
            yield f"[{PICTURE}]"
        elif child.name not in _LEFT_OUT and child.name not in ("p", "pPr"):
            yield from _words(child)
