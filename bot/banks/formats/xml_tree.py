"""An XML document as a small tree with line numbers; entities, a DTD and deep nesting are refused. Pure.

Only for the child process: what is read here was sent by anybody.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax import SAXException, handler
from xml.sax.xmlreader import AttributesImpl, InputSource, Locator

import defusedxml.sax
from defusedxml.common import DefusedXmlException

DEEPEST = 60


class BadXml(Exception):
    """The document cannot be read; ``is_bomb`` where it has entities or is nested beyond reason."""

    def __init__(self, line: int, is_bomb: bool) -> None:
        super().__init__(line)
        self.line, self.is_bomb = line, is_bomb


@dataclass(slots=True)
class Node:
    """An element: its name without a namespace's prefix, its attributes, its own text, its children."""

    name: str
    attributes: dict[str, str]
    line: int
    pieces: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text without blank ends."""
        return "".join(self.pieces).strip()

    def all(self, name: str) -> list["Node"]:
        """Its children of that name."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> "Node | None":
        """Its first child of that name."""
        return next((child for child in self.children if child.name == name), None)

    def walk(self) -> Iterator["Node"]:
        """It and all below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()


class _Builder(handler.ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", {}, 0)
        self._open = [self.root]
        self.locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - the interface's own name
        self.locator = locator

    @property
    def line(self) -> int:
        """Where the reading is."""
        return (self.locator.getLineNumber() or 0) if self.locator else 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the interface's own name
        if len(self._open) > DEEPEST:
            raise BadXml(self.line, is_bomb=True)
        attributes = {key.rpartition(":")[2]: value for key, value in attrs.items()}
        node = Node(name.rpartition(":")[2], attributes, self.line)
        self._open[-1].children.append(node)
        self._open.append(node)

    def endElement(self, name: str) -> None:  # noqa: N802 - the interface's own name
        self._open.pop()

    def characters(self, content: str) -> None:
        self._open[-1].pieces.append(content)


def read_tree(text: str) -> Node:
    """The root element of a document.

    Raises:
        BadXml: it is none, or one that would grow.
    """
    builder = _Builder()
    parser = defusedxml.sax.make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(builder)
    parser.setErrorHandler(handler.ErrorHandler())
    source = InputSource()
    source.setCharacterStream(io.StringIO(text))
    try:
        parser.parse(source)
    except DefusedXmlException as error:
        raise BadXml(builder.line, is_bomb=True) from error
    except (SAXException, ValueError) as error:
        raise BadXml(builder.line, is_bomb=False) from error
    if not builder.root.children:
        raise BadXml(1, is_bomb=False)
    return builder.root.children[0]
