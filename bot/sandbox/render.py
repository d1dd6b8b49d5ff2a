"""Formatted text as HTML that a page may insert unchecked: every tag is written here, everything else escaped."""

from __future__ import annotations

from html import escape
from typing import Any

Json = dict[str, Any]

_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
}


def render_html(text: str, entities: list[Json]) -> str:
    """The text with its entities; crossing entities are closed and opened again."""
    units = text.encode("utf-16-le")
    tagged = ((entity, _tags(entity, units)) for entity in entities)
    spans = [(entity["offset"], entity["offset"] + entity["length"], tags) for entity, tags in tagged if tags]
    spans.sort(key=lambda span: (span[0], -span[1]))
    marks = sorted({0, len(units) // 2, *(at for start, stop, _ in spans for at in (start, stop))})
    return _join(units, spans, marks)


def _join(units: bytes, spans: list[tuple[int, int, tuple[str, str]]], marks: list[int]) -> str:
    pieces: list[str] = []
    opened: list[tuple[int, int, tuple[str, str]]] = []
    for here, following in zip(marks, [*marks[1:], None], strict=True):
        still = [span for span in opened if span[1] > here]
        kept = _common(opened, still)
        pieces += [span[2][1] for span in reversed(opened[kept:])]
        fresh = [*still[kept:], *(span for span in spans if span[0] == here and span[1] > here)]
        pieces += [span[2][0] for span in fresh]
        opened = [*still[:kept], *fresh]
        if following is not None:
            pieces.append(escape(units[here * 2 : following * 2].decode("utf-16-le", "replace")))
    return "".join(pieces)


def _common(before: list[Any], after: list[Any]) -> int:
    count = 0
    while count < min(len(before), len(after)) and before[count] is after[count]:
        count += 1
    return count


def _tags(entity: Json, units: bytes) -> tuple[str, str] | None:
    if entity["type"] in {"text_link", "url"}:
        start = entity["offset"] * 2
        shown = units[start : start + entity["length"] * 2].decode("utf-16-le", "replace")
        return _link(entity.get("url") or shown)
    return _TAGS.get(entity["type"])


def _link(url: str) -> tuple[str, str] | None:
    address = url if "://" in url else f"https://{url}"
    if not address.lower().startswith(("http://", "https://")):
        return None
    return f'<a href="{escape(address)}">', "</a>"
