"""Names and phone numbers are brought into one form, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people.roster_cells import Damage, clean_name, is_name, looks_like_name, read_phone, read_text
from bot.sheets.shapes import Cell, CellError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张　三", "张三"),
        (" 欧阳 翀 堃 ", "欧阳翀堃"),
        ("李 𬭎", "李𬭎"),
        ("阿卜杜·热合曼", "阿卜杜·热合曼"),
        ("阿卜杜 • 热合曼", "阿卜杜·热合曼"),
        ("阿卜杜・热合曼", "阿卜杜·热合曼"),
        ("阿卜杜．热合曼", "阿卜杜·热合曼"),
        ("阿卜杜.热合曼", "阿卜杜·热合曼"),
        ("  Anna   Müller ", "Anna Müller"),
        ("J. R. Smith", "J. R. Smith"),
        ("Ａｎｎａ", "Anna"),
        ("张\u200b三", "张三"),
    ],
)
def test_a_name_gets_its_one_form(text: str, expected: str) -> None:
    assert clean_name(text) == expected


@given(st.text())
def test_a_clean_name_stays_as_it_is(text: str) -> None:
    once = clean_name(text)

    assert clean_name(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张三", True),
        ("Li", True),
        ("张伟2", True),
        ("12", False),
        ("填表人:张三", False),
        ("、", False),
        ("x" * 101, False),
    ],
)
def test_what_can_be_a_name(text: str, expected: bool) -> None:
    assert is_name(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张三", True),
        ("阿卜杜·热合曼", True),
        ("Anna Müller", True),
        ("社区工作者花名册", False),
        ("Anna", False),
        ("7", False),
    ],
)
def test_what_looks_like_a_name(text: str, expected: bool) -> None:
    assert looks_like_name(text) is expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("13800000001", "13800000001"),
        ("13800000001.0", "13800000001"),
        (" 138-0000-0003 ", "13800000003"),
        ("138 0000 0003", "13800000003"),
        ("138—0000—0003", "13800000003"),
        ("+86 13800000005", "13800000005"),
        ("0086-13800000005", "13800000005"),
        ("8613800000005", "13800000005"),
        ("(+86) 138 0000 0005", "13800000005"),
        ("１３８０００００００６", "13800000006"),
        ("＋８６１３８０００００００６", "13800000006"),
        ("\u202d13800000001\u202c", "13800000001"),
        ("'13800000001", "13800000001"),
        ("+44 20 7946 0018", "+442079460018"),
        ("0044 20 7946 0018", "+442079460018"),
        ("", None),
        (None, None),
    ],
)
def test_a_phone_number_gets_its_one_form(cell: Cell, expected: str | None) -> None:
    assert read_phone(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1380000000", Damage.UNREADABLE),
        ("138000000012", Damage.UNREADABLE),
        ("23800000001", Damage.UNREADABLE),
        ("025-12345678", Damage.UNREADABLE),
        ("13800000001/13900000002", Damage.UNREADABLE),
        ("见备注", Damage.UNREADABLE),
        ("+123456", Damage.UNREADABLE),
        ("+1234567890123456", Damage.UNREADABLE),
        ("١٣٨٠٠٠٠٠٠٠١", Damage.UNREADABLE),
        (0.5, Damage.UNREADABLE),
        (CellError("#N/A"), Damage.UNREADABLE),
        ("1.38E+10", Damage.DAMAGED),
        ("7.9E+09", Damage.DAMAGED),
        ("320102199001011000", Damage.DAMAGED),
    ],
)
def test_a_phone_number_that_cannot_be_used_is_named_as_such(cell: Cell, expected: Damage) -> None:
    assert read_phone(cell) == expected


@given(st.text(alphabet="0123456789+- ()٣Ａ.eE", max_size=25))
def test_whatever_is_read_is_a_number_of_the_two_kinds_and_reads_the_same_again(text: str) -> None:
    phone = read_phone(text)

    if phone is None or isinstance(phone, Damage):
        return
    assert (len(phone) == 11 and phone.startswith("1")) or (phone.startswith("+") and 8 <= len(phone) <= 16)
    assert read_phone(phone) == phone


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("幸福 社区", "幸福社区"), ("第１组", "第1组"), ("1", "1"), (None, None), (CellError("#N/A"), None)],
)
def test_a_short_text_is_tidied(cell: Cell, expected: str | None) -> None:
    assert read_text(cell) == expected
