import pytest

from bot.sandbox.html_parser import parse_html
from bot.sandbox.render import render_html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("1 &lt; 2 &amp; 3", "1 &lt; 2 &amp; 3"),
        ("<b>林<i>😀</i></b>!", "<b>林<i>😀</i></b>!"),
        ('<span class="tg-spoiler">x</span>', '<span class="spoiler">x</span>'),
        (
            '<a href="https://example.org/?a=1&amp;b=&quot;">x</a>',
            '<a href="https://example.org/?a=1&amp;b=&quot;">x</a>',
        ),
        ('<a href="tg://user?id=1">x</a>', "x"),
        ("<blockquote>a\nb</blockquote>", "<blockquote>a\nb</blockquote>"),
    ],
)
def test_formatting_becomes_html(source: str, html: str) -> None:
    assert render_html(*parse_html(source)) == html


def test_a_script_stays_text() -> None:
    assert render_html("<script>", []) == "&lt;script&gt;"


def test_crossing_entities_are_closed_and_opened_again() -> None:
    entities = [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 2}]

    assert render_html("abc", entities) == "<b>a<i>b</i></b><i>c</i>"


def test_a_link_with_another_protocol_is_not_clickable() -> None:
    entities = [{"type": "text_link", "offset": 0, "length": 1, "url": "javascript://%0aalert(1)"}]

    assert render_html("x", entities) == "x"
