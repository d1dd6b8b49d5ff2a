import zipfile
from datetime import UTC, datetime
from io import BytesIO

from bot.forum.guest_files import draw, write_sheet
from bot.forum.messages import lecture_desk
from bot.i18n import translator


def test_what_looks_like_a_formula_stays_text_in_the_list() -> None:
    headings = lecture_desk.headings(translator("zh"))
    at = datetime(2026, 12, 8, 9, tzinfo=UTC)
    evil = ['=HYPERLINK("http://x","y")', "+1+1", "@SUM(A1)", "", "-1", at, None, "http://x", "no"]

    content = write_sheet("来宾", headings, [evil])

    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        words = archive.read("xl/sharedStrings.xml").decode()
        names = archive.namelist()
    assert "<f>" not in sheet
    assert "=HYPERLINK(" in words
    assert "+1+1" in words
    assert [name for name in names if "hyperlink" in name.lower() or "rels/sheet" in name] == []


def test_a_link_is_drawn_as_a_picture() -> None:
    assert draw("camp_bot", "i-1-1-" + "0" * 24).startswith(b"\x89PNG")
