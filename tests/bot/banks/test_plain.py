import pytest

from bot.banks.plain import has_picture, plain
from bot.banks.questions import Form, Text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<p>The <b>sun</b> rises &amp; sets</p>", "The sun rises & sets"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>x</li><li>y</li></ul>", "• x\n• y"),
        ("<script>alert(1)</script>safe", "safe"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("1 &lt; 2", "1 < 2"),
        ("<!-- hidden -->seen", "seen"),
        ('<img src="x.png" alt="map">', "[🖼 map]"),
        ("<p>unclosed", "unclosed"),
    ],
)
def test_html_is_shown_as_words(text: str, shown: str) -> None:
    assert plain(Text(text, Form.HTML)) == shown


def test_a_text_of_moodles_own_form_is_words_unless_it_looks_like_html() -> None:
    assert plain(Text("a < b and b > c")) == "a < b and b > c"
    assert plain(Text("<p>b</p>")) == "b"


def test_a_plain_text_means_what_it_says() -> None:
    assert plain(Text("<p>b</p>", Form.PLAIN)) == "<p>b</p>"


def test_markdown_loses_its_marks() -> None:
    text = Text("# Head\n**bold** and _it_ and [here](http://x) ![map](m.png) snake_case", Form.MARKDOWN)

    assert plain(text) == "Head\nbold and it and here [🖼 map] snake_case"


def test_only_a_picture_of_the_file_counts_as_one() -> None:
    assert has_picture(Text("<img src='x'>", Form.HTML))
    assert not has_picture(Text("A 🖼 in words"))
