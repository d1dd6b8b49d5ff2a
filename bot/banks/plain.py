"""What a chat shows of a text: its words without the marks of HTML or Markdown. Pure; the file's own text is kept."""

import html
import re
from functools import lru_cache
from html.parser import HTMLParser

from bot.banks.questions import Form, Text

PICTURE = "🖼"
"""Stands in a text where the file has a picture, which a chat does not show."""

_BLOCKS = frozenset(("p", "div", "br", "li", "tr", "pre", "ul", "ol", "table", "blockquote", "hr"))
_HEADING = re.compile("h[1-6]")
_CELLS = frozenset(("td", "th"))
_SILENT = frozenset(("script", "style", "head", "title"))
_LIKE_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]{2,8}|#\d{1,6});|<!--")
_MARKDOWN_PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_MARKDOWN_LINK = re.compile(r"\[([^\]]+)\]\((?:[^)\s]+)\)")
_MARKDOWN_MARKS = re.compile(r"(?<!\w)(\*\*|__|\*|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)


@lru_cache(maxsize=4096)
def plain(text: Text) -> str:
    """The words, with line ends where paragraphs end; the caller escapes them for whatever shows them."""
    if text.form is Form.HTML or (text.form is Form.MOODLE and _LIKE_HTML.search(text.text)):
        return _of_html(text.text)
    return _of_markdown(text.text) if text.form is Form.MARKDOWN else _tidy(text.text)


def has_picture(text: Text) -> bool:
    """Whether the text has a picture, a sound or a formula drawn as one, which a chat does not show."""
    return PICTURE in plain(text) and PICTURE not in text.text


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0
        self._kept = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        self._kept += tag == "pre"
        if tag in ("img", "video", "audio", "object", "svg"):
            said = dict(attrs).get("alt") or ""
            self.words.append(f"[{PICTURE} {said}]" if said else f"[{PICTURE}]")
        elif _is_block(tag):
            self.words.append("\n• " if tag == "li" else "\n")
        elif tag in _CELLS:
            self.words.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._silent -= tag in _SILENT
        self._kept -= tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._kept = max(0, self._kept - (tag == "pre"))
        if _is_block(tag) and tag not in ("br", "li"):
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data if self._kept else re.sub(r"\s+", " ", data))


def _is_block(tag: str) -> bool:
    return tag in _BLOCKS or bool(_HEADING.fullmatch(tag))


def _of_html(text: str) -> str:
    reader = _Words()
    reader.feed(text)
    reader.close()
    return _tidy("".join(reader.words))


def _of_markdown(text: str) -> str:
    without = _MARKDOWN_HEADING.sub("", _MARKDOWN_PICTURE.sub(_picture, text))
    without = _MARKDOWN_LINK.sub(r"\1", without)
    return _tidy(html.unescape(_MARKDOWN_MARKS.sub(r"\2", without)))


def _picture(found: re.Match[str]) -> str:
    return f"[{PICTURE} {found[1]}]" if found[1] else f"[{PICTURE}]"


def _tidy(text: str) -> str:
    lines = [line.rstrip().removesuffix("•").rstrip() for line in text.replace("\xa0", " ").splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
