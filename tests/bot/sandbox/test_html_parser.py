import pytest

from bot.sandbox.html_parser import HtmlError, parse_html


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("林<br>", 'Unsupported start tag "br" at byte offset 3'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("😀<b", "Unclosed start tag at byte offset 4"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<b  =x>y</b>", 'Empty attribute name in the tag "b" at byte offset 0'),
        ("<a href=x/>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b ", "Unclosed end tag at byte offset 4"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>林</B><i>y", 'Can\'t find end tag corresponding to start tag "i"'),
        ('<tg-emoji emoji-id="0">x</tg-emoji>', "Invalid custom emoji identifier specified"),
        (
            "&#xDFDF;",
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units",
        ),
    ],
)
def test_wrong_markup_is_refused_in_telegrams_words(source: str, error: str) -> None:
    with pytest.raises(HtmlError) as caught:
        parse_html(source)

    assert str(caught.value) == error


def test_offsets_count_utf16_units() -> None:
    text, entities = parse_html("😀林<b>x😀</b>")

    assert (text, entities) == ("😀林x😀", [{"type": "bold", "offset": 3, "length": 3}])


def test_outer_entities_come_before_inner_ones() -> None:
    _, entities = parse_html("<b><i>x</i> <u>y</u></b>")

    assert [(entity["type"], entity["offset"], entity["length"]) for entity in entities] == [
        ("bold", 0, 3),
        ("italic", 0, 1),
        ("underline", 2, 1),
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;b&gt; &amp; &quot;", '<b> & "'),
        ("&#26519;&#x1F600;", "林😀"),
        ("&nbsp; & &;", "&nbsp; & &;"),
        ("1 &lt 2", "1 < 2"),
    ],
)
def test_only_four_named_and_the_numeric_references_are_read(source: str, text: str) -> None:
    assert parse_html(source) == (text, [])


@pytest.mark.parametrize(
    ("source", "entity"),
    [
        (
            '<a href="https://example.org/?a=1&amp;b=2">x</a>',
            {"type": "text_link", "url": "https://example.org/?a=1&b=2"},
        ),
        ("<a href='tg://user?id=7'>x</a>", {"type": "text_mention", "user_id": 7}),
        ('<span class="tg-spoiler">x</span>', {"type": "spoiler"}),
        ("<blockquote expandable>x</blockquote>", {"type": "expandable_blockquote"}),
        ("<blockquote>x</blockquote>", {"type": "blockquote"}),
        ('<pre><code class="language-python">x</code></pre>', {"type": "pre", "language": "python"}),
        ('<code class="language-python">x</code>', {"type": "code"}),
        (
            '<tg-emoji emoji-id="5368324170671202286">x</tg-emoji>',
            {"type": "custom_emoji", "custom_emoji_id": "5368324170671202286"},
        ),
        ("<strong>x</strong>", {"type": "bold"}),
        ("<del>x</del>", {"type": "strikethrough"}),
    ],
)
def test_a_tag_becomes_an_entity(source: str, entity: dict[str, object]) -> None:
    assert parse_html(source) == ("x", [{"offset": 0, "length": 1} | entity])


def test_a_link_telegram_does_not_accept_stays_text() -> None:
    assert parse_html('<a href="http://localhost:8080/">x</a>') == ("x", [])


def test_an_empty_tag_leaves_no_entity() -> None:
    assert parse_html("x<b></b>") == ("x", [])
