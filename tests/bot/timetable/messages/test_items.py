from markupsafe import Markup, escape

from bot.i18n import translator
from bot.timetable.messages import items
from bot.timetable.messages.items import Section, compose
from tests.bot.timetable.messages.days import item
from tests.support.camps import MONDAY

EN, ZH = translator("en"), translator("zh")


def xs(number: int) -> Markup:
    """A block of that length."""
    return escape("x" * number)


def test_an_activity_says_when_what_where_who_and_what_to_bring() -> None:
    lecture = item((8, 30), (9, 0), "Registration", speaker="Li", place="Hall", notes="携带身份证")

    text = items.describe(lecture, EN)

    assert text == "08:30–09:00 <b>Registration</b>\n📍 Hall  👤 Li\n🎒 Please bring: 身份证"


def test_an_activity_without_details_is_one_line() -> None:
    assert items.describe(item((8, 30), (9, 0), "Lunch"), EN) == "08:30–09:00 <b>Lunch</b>"


def test_whatever_a_file_holds_is_shown_as_text() -> None:
    nasty = item((8, 30), (9, 0), "<b>x", speaker="a&b", place="<i>", notes="携带<script>")

    text = items.describe(nasty, EN)

    assert text == "08:30–09:00 <b>&lt;b&gt;x</b>\n📍 &lt;i&gt;  👤 a&amp;b\n🎒 Please bring: &lt;script&gt;"


def test_a_note_that_is_not_about_bringing_is_a_note() -> None:
    assert items.note(item((8, 30), (9, 0), notes="正装出席"), EN) == "❗ Please note: 正装出席"


def test_long_words_are_cut_to_one_line() -> None:
    assert items.cut("one\ntwo   three", 9) == "one two…"


def test_days_are_worded_as_people_say_them() -> None:
    assert [items.day_name(MONDAY, EN), items.day_name(MONDAY, ZH)] == ["Monday, December 7", "12月7日 星期一"]
    assert [items.short_day(MONDAY, EN), items.short_day(MONDAY, ZH)] == ["Mon, Dec 7", "12月7日 周一"]


def test_what_does_not_fit_is_counted() -> None:
    section = Section(Markup("head"), [xs(1000)] * 10)

    text = compose([section], EN)

    assert text.startswith("head\n\nxxx")
    assert text.endswith("… and 7 more")
    assert items.size(text) <= items.LIMIT


def test_what_fits_exactly_is_not_cut() -> None:
    block = items.LIMIT - len("head\n\n")

    assert compose([Section(Markup("head"), [xs(block)])], EN).endswith("x")
    assert compose([Section(Markup("head"), [xs(block + 1)])], EN) == "head\n\n… and 1 more"


def test_room_is_shared_so_that_every_section_is_seen() -> None:
    sections = [Section(escape(name), [xs(900)] * 9) for name in ("first", "second")]

    text = compose(sections, EN)

    assert "second\n\nxxx" in text
    assert items.size(text) <= items.LIMIT


def test_room_that_one_section_leaves_goes_to_the_next() -> None:
    sections = [Section(Markup("short")), Section(Markup("long"), [xs(900)] * 3)]

    assert "more" not in compose(sections, EN)


def test_more_sections_than_fit_are_counted_too() -> None:
    text = compose([Section(escape("h" * 1000))] * 10, EN)

    assert text.endswith("… and 7 more")


def test_the_last_lines_are_kept_whatever_else_is_cut() -> None:
    text = compose([Section(Markup("head"), [xs(1000)] * 10)], EN, [Markup("tail")])

    assert text.endswith("more\n\ntail")
    assert items.size(text) <= items.LIMIT
