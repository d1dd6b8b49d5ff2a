"""What becomes of the text of a message: markup, trimming, detected entities, limits. Pure text: no state, no clock."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct, field

from bot.sandbox.errors import bad_request
from bot.sandbox.html_parser import HtmlError, parse_html, sort_entities, utf16_length
from bot.sandbox.params import Json, Params

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100

_DETECTED = (
    ("bot_command", re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])", re.ASCII)),
    ("url", re.compile(r"(?<![\w@./])(?:https?|tg)://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]|(?<![\w@./])t\.me/[\w?=&/-]+")),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w", re.ASCII)),
    ("mention", re.compile(r"(?<![\w@./])@[A-Za-z][A-Za-z0-9_]{3,31}\b", re.ASCII)),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
)
_MARKS = re.compile(r"[/@#:]|t\.me")
_OPTIONAL = ("url", "user", "user_id", "language", "custom_emoji_id", "unix_time", "date_time_format")


class FormattedText(Struct, frozen=True):
    """Text with entities, as it goes into a message."""

    text: str
    entities: list[Json] = field(default_factory=list)

    def wire(self, name: str) -> Json:
        """The fields of a Message; `name` is `text` or `caption`."""
        if not self.text:
            return {}
        key = "entities" if name == "text" else "caption_entities"
        return {name: self.text, key: self.entities} if self.entities else {name: self.text}


def read_text(params: Params, *, too_long: str = "message is too long") -> FormattedText:
    """The `text` of a call, 1 to 4096 characters after parsing; raises ApiError."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    formatted = read_formatted(params, "text", "parse_mode", "entities")
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if len(formatted.text) > TEXT_LIMIT:
        raise bad_request(too_long)
    return formatted


def read_caption(params: Params) -> FormattedText:
    """The `caption` of a call, 0 to 1024 characters after parsing; raises ApiError."""
    formatted = read_formatted(params, "caption", "parse_mode", "caption_entities")
    if len(formatted.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return formatted


def read_formatted(params: Params, name: str, mode_name: str, entities_name: str) -> FormattedText:
    """A text of a call by the names of its three parameters, empty when it has none; raises ApiError."""
    source = params.text(name)
    if len(source) > 8192 and len(source.encode("utf-8", "replace")) > 32768:
        raise bad_request("text is too long")
    text, entities = _parse(params, source, mode_name, entities_name)
    return _with_detected(_trimmed(text, entities))


def _parse(params: Params, source: str, mode_name: str, entities_name: str) -> tuple[str, list[Json]]:
    mode = params.text(mode_name).lower()
    if mode == "html":
        try:
            return parse_html(source)
        except HtmlError as error:
            raise bad_request(f"can't parse entities: {error}") from error
    if mode in {"markdown", "markdownv2"}:
        raise bad_request("can't parse entities: the sandbox reads HTML only, not Markdown")
    if mode and mode != "none":
        raise bad_request("unsupported parse_mode")
    return source, _given_entities(params, source, entities_name)


def _given_entities(params: Params, source: str, name: str) -> list[Json]:
    end = utf16_length(source)
    found = []
    for entity in params.objects(name)[:ENTITY_LIMIT]:
        offset, length = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or not isinstance(length, int):
            raise bad_request("ENTITY_BOUNDS_INVALID")
        if offset < 0 or length <= 0 or offset + length > end:
            raise bad_request("ENTITY_BOUNDS_INVALID")
        kept = {key: entity[key] for key in _OPTIONAL if key in entity}
        found.append({"type": str(entity.get("type", "")), "offset": offset, "length": length} | kept)
    return sort_entities(found[::-1])


def _trimmed(text: str, entities: list[Json]) -> FormattedText:
    """Without blanks at either end; entities are cut to what is left."""
    kept = text.strip(" \t\r\n\0\u00a0\u200b\u3000")
    if kept == text:
        return FormattedText(text, entities[:ENTITY_LIMIT])
    cut = utf16_length(text[: text.find(kept)]) if kept else 0
    end = utf16_length(kept)
    moved = [_moved(entity, cut, end) for entity in entities]
    return FormattedText(kept, [entity for entity in moved if entity["length"] > 0][:ENTITY_LIMIT])


def _moved(entity: Json, cut: int, end: int) -> Json:
    start = max(entity["offset"] - cut, 0)
    stop = min(entity["offset"] + entity["length"] - cut, end)
    return entity | {"offset": start, "length": stop - start}


def _with_detected(formatted: FormattedText) -> FormattedText:
    detected = detect_entities(formatted.text)
    if not detected:
        return formatted
    blocking = filter(_blocks, formatted.entities)
    taken = [(entity["offset"], entity["offset"] + entity["length"]) for entity in blocking]
    fresh = [entity for entity in detected if not _overlaps(entity, taken)]
    return FormattedText(formatted.text, sort_entities([*fresh, *formatted.entities][::-1])[:ENTITY_LIMIT])


def _blocks(entity: Json) -> bool:
    return entity["type"] in {"code", "pre", "text_link", "text_mention", "custom_emoji"}


def _overlaps(entity: Json, taken: list[tuple[int, int]]) -> bool:
    start, stop = entity["offset"], entity["offset"] + entity["length"]
    return any(start < other_stop and other_start < stop for other_start, other_stop in taken)


def detect_entities(text: str) -> list[Json]:
    """Commands, links, addresses, mentions and hashtags that Telegram finds by itself, in order, not overlapping."""
    if not _MARKS.search(text):
        return []
    found: list[Json] = []
    taken: list[tuple[int, int]] = []
    for kind, pattern in _DETECTED:
        for match in pattern.finditer(text):
            entity = _entity_of(kind, text, match)
            if not _overlaps(entity, taken):
                found.append(entity)
                taken.append((entity["offset"], entity["offset"] + entity["length"]))
    return sorted(found, key=lambda entity: int(entity["offset"]))


def _entity_of(kind: str, text: str, match: re.Match[str]) -> Json:
    return {"type": kind, "offset": utf16_length(text[: match.start()]), "length": utf16_length(match.group())}


def with_users(formatted: FormattedText, users: dict[int, Any]) -> FormattedText:
    """Mentions by id name a user the bot knows; those of strangers are dropped, as Telegram does."""
    if not any("user_id" in entity for entity in formatted.entities):
        return formatted
    known = [entity for entity in formatted.entities if "user_id" not in entity or entity["user_id"] in users]
    return FormattedText(formatted.text, [_named(entity, users) for entity in known])


def _named(entity: Json, users: dict[int, Any]) -> Json:
    if "user_id" not in entity:
        return entity
    rest = {key: value for key, value in entity.items() if key != "user_id"}
    return rest | {"user": users[entity["user_id"]]}
