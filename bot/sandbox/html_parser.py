"""Telegram's HTML dialect read strictly: text and entities, or Telegram's own error text.

Follows the behaviour of TDLib's parser (research: TDLib MessageEntity, parse_html). Pure text: no state, no clock.
Offsets in errors are UTF-8 bytes, offsets of entities are UTF-16 code units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.sandbox.links import WrongLink, check_link

Json = dict[str, Any]

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(?P<decimal>[0-9]+)|#x(?P<hex>[0-9a-fA-F]+)|(?P<name>[a-zA-Z]+));?")
_SPACES = " \t\r\n\0\v"
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_ATTRIBUTE_END = re.compile(r"[\s=>/\"'\0]|$")
_USER_LINK = re.compile(r"^tg://user\?id=(\d+)$", re.IGNORECASE)


class HtmlError(ValueError):
    """The markup is refused; its text follows the prefix `can't parse entities: `."""


@dataclass(slots=True)
class _OpenTag:
    name: str
    argument: str
    offset: int
    start: int


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, as entities are measured."""
    return len(text) + sum(character > "\uffff" for character in text)


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The plain text and its entities; raises HtmlError."""
    if "<" not in source and "&" not in source:
        return source, []
    return _Parser(source).run()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.text = ""
        self.offset = 0
        self.open: list[_OpenTag] = []
        self.entities: list[Json] = []

    def run(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            if self.source[self.at] == "<":
                self._read_tag()
            else:
                self._read_text()
        if self.open:
            raise HtmlError(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        if any("\ud800" <= character <= "\udfff" for character in self.text):
            raise HtmlError(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return self.text, sort_entities(self.entities)

    def _read_text(self) -> None:
        if self.source[self.at] == "&":
            piece = self._read_reference()
        else:
            end = min(_found(self.source, "<", self.at), _found(self.source, "&", self.at))
            piece, self.at = self.source[self.at : end], end
        self.text += piece
        self.offset += utf16_length(piece)

    def _read_reference(self) -> str:
        match = _REFERENCE.match(self.source, self.at)
        decoded = _decode_reference(match) if match else ""
        if not match or not decoded:
            self.at += 1
            return "&"
        self.at = match.end()
        return decoded

    def _read_tag(self) -> None:
        begin = self.at
        if self.source.startswith("</", begin):
            self._read_end_tag(begin)
        else:
            self._read_start_tag(begin)

    def _read_start_tag(self, begin: int) -> None:
        self.at = _skip_until(self.source, begin + 1, _SPACES + ">")
        if self.at == len(self.source):
            raise self._error("Unclosed start tag", begin)
        name = self.source[begin + 1 : self.at].lower()
        if name not in _TYPES:
            raise self._error(f'Unsupported start tag "{name}"', begin)
        argument = ""
        while (attribute := self._read_attribute(name, begin)) is not None:
            argument = _argument_of(name, *attribute) or argument
        if name == "span" and argument != "spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(_OpenTag(name, argument, self.offset, len(self.text)))

    def _read_attribute(self, tag: str, begin: int) -> tuple[str, str] | None:
        """The next attribute of a start tag; None behind its `>`."""
        self._skip_spaces()
        if self.source.startswith(">", self.at):
            self.at += 1
            return None
        start, self.at = self.at, _position(_ATTRIBUTE_END.search(self.source, self.at), self.source)
        name = self.source[start : self.at]
        if not name:
            raise self._error(f'Empty attribute name in the tag "{tag}"', begin)
        self._skip_spaces()
        if self.at == len(self.source):
            raise self._error(f'Unclosed start tag "{tag}"', begin)
        if self.source[self.at] != "=":
            return name, ""
        self.at += 1
        return name, self._read_value(tag, begin)

    def _read_value(self, tag: str, begin: int) -> str:
        self._skip_spaces()
        if self.at == len(self.source):
            raise self._error(f'Unclosed start tag "{tag}"', begin)
        value = self._read_quoted() if self.source[self.at] in "\"'" else self._read_token()
        if self.at >= len(self.source):
            raise self._error("Unclosed start tag", begin)
        return value

    def _read_token(self) -> str:
        start, self.at = self.at, _position(_TOKEN.match(self.source, self.at), self.source, at_end=True)
        if self.source[self.at : self.at + 1] not in set(_SPACES + ">"):
            raise self._error("Unexpected end of name token", start)
        return self.source[start : self.at].lower()

    def _read_quoted(self) -> str:
        quote, value = self.source[self.at], ""
        self.at += 1
        while self.at < len(self.source) and self.source[self.at] != quote:
            if self.source[self.at] == "&":
                value += self._read_reference()
            else:
                value += self.source[self.at]
                self.at += 1
        self.at += 1
        return value

    def _read_end_tag(self, begin: int) -> None:
        if not self.open:
            raise self._error("Unexpected end tag", begin)
        self.at = _skip_until(self.source, begin + 2, _SPACES + ">")
        name = self.source[begin + 2 : self.at].lower()
        self._skip_spaces()
        if not self.source.startswith(">", self.at):
            raise self._error("Unclosed end tag", begin)
        self.at += 1
        tag = self.open.pop()
        if name and name != tag.name:
            raise self._error("Unmatched end tag", begin, f', expected "</{tag.name}>", found "</{name}>"')
        if self.offset > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        entity = {"type": _TYPES[tag.name], "offset": tag.offset, "length": self.offset - tag.offset}
        if tag.name == "a":
            self._add_link(entity, tag.argument or self.text[tag.start :])
        elif tag.name in {"pre", "code"}:
            self._add_code(entity, tag.argument)
        elif tag.name == "tg-emoji":
            self.entities.append(entity | {"custom_emoji_id": _custom_emoji(tag.argument)})
        elif tag.name == "tg-time":
            self.entities.append(entity | {"unix_time": int(tag.argument or 0), "date_time_format": ""})
        elif tag.name == "blockquote" and tag.argument:
            self.entities.append(entity | {"type": "expandable_blockquote"})
        else:
            self.entities.append(entity)

    def _add_link(self, entity: Json, link: str) -> None:
        user = _USER_LINK.match(link)
        if user:
            self.entities.append(entity | {"type": "text_mention", "user_id": int(user.group(1))})
            return
        try:
            self.entities.append(entity | {"url": check_link(link)})
        except WrongLink:
            return

    def _add_code(self, entity: Json, language: str) -> None:
        """`<pre><code class="language-x">` is one block of code with a language."""
        inner = self.entities[-1] if self.entities else {}
        same_range = (inner.get("offset"), inner.get("length")) == (entity["offset"], entity["length"])
        if entity["type"] == "pre" and same_range and inner.get("type") == "code":
            language = inner.get("language", "")
            self.entities.pop()
        self.entities.append(entity | ({"language": language} if language else {}))

    def _skip_spaces(self) -> None:
        while self.at < len(self.source) and self.source[self.at] in _SPACES:
            self.at += 1

    def _error(self, what: str, position: int, tail: str = "") -> HtmlError:
        return HtmlError(f"{what} at byte offset {len(self.source[:position].encode())}{tail}")


def sort_entities(entities: list[Json]) -> list[Json]:
    """Outer entities before inner ones; a language on inline code is lost, as in Telegram."""
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    # Tags close from the inside out, and the sort keeps that order for equal ranges.
    outer_first = entities[::-1]
    outer_first.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return outer_first


def _found(source: str, mark: str, start: int) -> int:
    found = source.find(mark, start)
    return len(source) if found < 0 else found


def _position(match: re.Match[str] | None, source: str, *, at_end: bool = False) -> int:
    if match is None:
        return len(source)
    return match.end() if at_end else match.start()


def _skip_until(source: str, start: int, stops: str) -> int:
    while start < len(source) and source[start] not in stops:
        start += 1
    return start


def _decode_reference(match: re.Match[str]) -> str:
    if match["name"]:
        return _NAMED.get(match["name"], "")
    code = int(match["decimal"]) if match["decimal"] else int(match["hex"], 16)
    return chr(code) if 0 < code < 0x10FFFF else ""


def _argument_of(tag: str, name: str, value: str) -> str:
    """The part of an attribute that Telegram keeps; every other attribute is ignored."""
    if (tag, name) == ("code", "class"):
        return value.removeprefix("language-") if value.startswith("language-") else ""
    if (tag, name) == ("span", "class"):
        return value.removeprefix("tg-") if value.startswith("tg-") else ""
    if (tag, name) == ("blockquote", "expandable"):
        return "1"
    kept = {("a", "href"), ("tg-emoji", "emoji-id"), ("tg-time", "unix")}
    return value if (tag, name) in kept else ""


def _custom_emoji(argument: str) -> str:
    if not argument.isdecimal() or int(argument) == 0:
        raise HtmlError("Invalid custom emoji identifier specified")
    return argument
