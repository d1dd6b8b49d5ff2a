from datetime import UTC, date, datetime, timedelta

import pytest
from telegram import InlineKeyboardButton

from bot.checkin.boards import Attendee, Board, Choice, Choices, Counts, Desk, Marked, MarkView
from bot.checkin.messages import desk, marks
from bot.checkin.outcomes import ActivityView
from bot.checkin.rules import Status
from bot.i18n import translator
from bot.outbox.calls import Message

NINE = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)
LECTURE = ActivityView(7, 1, "Law & <Order>", NINE, NINE + timedelta(hours=2), "Room 301", "Asia/Shanghai")
OPEN = Desk(LECTURE, Counts(57, 77), opened_at=NINE, token="7-" + "ab" * 16, show_code="123456")
T = translator("en")


def people(number: int, status: Status = Status.MISSING, name: str = "学员") -> tuple[Attendee, ...]:
    return tuple(
        Attendee(n, f"{name}{n}", f"第{n % 7}组", status, NINE if status is not Status.MISSING else None)
        for n in range(number)
    )


def buttons(message: Message) -> list[InlineKeyboardButton]:
    return [one for row in message.keyboard.inline_keyboard for one in row] if message.keyboard else []


def labels(message: Message) -> list[str]:
    return [one.text for one in buttons(message)]


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://camp.example.org", True), ("http://192.0.2.1:8080", True), ("http://localhost:8080", False),
        ("http://classroom", False), ("ftp://camp.example.org", False), ("", False), ("http://[::1", False),
        ("camp.example.org", False),
    ],
)  # fmt: skip
def test_only_an_address_with_a_dot_in_its_host_fits_a_button(url: str, fits: bool) -> None:
    assert desk.fits_button(url) is fits


def test_the_projector_is_a_button_where_telegram_takes_it() -> None:
    message = desk.render_desk(OPEN, T, "https://camp.example.org/")

    assert [one.url for one in buttons(message) if one.url] == [f"https://camp.example.org/projector/{OPEN.token}"]
    assert f"projector/{OPEN.token}" not in message.text


def test_the_projector_is_text_where_telegram_refuses_it() -> None:
    message = desk.render_desk(OPEN, T, "http://localhost:8080")

    assert [one.url for one in buttons(message) if one.url] == []
    assert f"<code>http://localhost:8080/projector/{OPEN.token}</code>" in message.text


def test_the_open_desk_has_count_digits_and_where_to_type_them() -> None:
    text = desk.render_desk(OPEN, T, "https://camp.example.org").text

    assert "Here: <b>57 / 77</b>" in text
    assert "open https://camp.example.org/show and type <code>123 456</code>" in text


def test_a_closed_desk_can_be_opened_again_and_a_fresh_one_opened() -> None:
    fresh = desk.render_desk(Desk(LECTURE, Counts(0, 77)), T, "")
    closed = desk.render_desk(Desk(LECTURE, Counts(1, 77), opened_at=NINE, closed_at=NINE), T, "")

    assert labels(fresh)[0] == "▶️ Open check-in"
    assert labels(closed)[0] == "Open it again"
    assert "Check-in closed at 09:00." in closed.text


def test_a_cancelled_activity_offers_nothing_but_the_way_back() -> None:
    assert labels(desk.render_desk(Desk(LECTURE, Counts(0, 77), cancelled=True), T, "")) == ["« Other activities"]


def test_seventy_seven_missing_are_paged_by_eight() -> None:
    board = Board(LECTURE, missing=people(77))

    first, last = (marks.render_list(board, Status.MISSING, page, T) for page in (0, 9))

    assert labels(first)[:3] == ["✅ Present 0", "🕘 Late 0", "• ⬜ Missing 77"]
    assert labels(first)[3] == "学员0 · 第0组"
    assert labels(first)[11:14] == ["◀", "1/10", "▶"]
    assert labels(last)[3:8] == [
        "学员72 · 第2组",
        "学员73 · 第3组",
        "学员74 · 第4组",
        "学员75 · 第5组",
        "学员76 · 第6组",
    ]


@pytest.mark.parametrize(("page", "shown"), [(-5, "1/10"), (99, "10/10")])
def test_a_page_that_is_not_there_becomes_the_nearest(page: int, shown: str) -> None:
    assert shown in labels(marks.render_list(Board(LECTURE, missing=people(77)), Status.MISSING, page, T))


def test_an_empty_list_says_so_and_has_no_pager() -> None:
    message = marks.render_list(Board(LECTURE), Status.LATE, 0, T)

    assert "Nobody." in message.text
    assert "▶" not in labels(message)


def test_the_present_are_listed_with_their_time() -> None:
    board = Board(LECTURE, present=people(1, Status.PRESENT))

    assert "学员0 09:00 · 第0组" in labels(marks.render_list(board, Status.PRESENT, 0, T))


def test_a_summary_of_five_hundred_missing_fits_one_message() -> None:
    message = desk.render_summary(Board(LECTURE, missing=people(500, name="A rather long name ")), T)

    assert len(message.text) < 4096
    assert "and 380 more" in message.text


def test_a_summary_without_missing_has_no_list_of_them() -> None:
    assert "missing:" not in desk.render_summary(Board(LECTURE, present=people(3, Status.PRESENT)), T).text


def test_the_summary_says_how_many_could_not_check_in_alone() -> None:
    board = Board(LECTURE, missing=(Attendee(1, "A", "", Status.MISSING, linked=False),))

    assert "1 of the missing has no Telegram account linked" in desk.render_summary(board, T).text


def test_a_record_says_who_marked_it_and_when() -> None:
    person = Attendee(3, "<Li>", "第1组", Status.LATE, NINE + timedelta(minutes=20))
    view = MarkView(LECTURE, person, "AB2CD", "林老师", NINE + timedelta(minutes=30))

    text = marks.render_mark(view, Status.MISSING, 2, T).text

    assert "<b>&lt;Li&gt;</b> · 第1组" in text
    assert "Now: late, arrived 09:20. Receipt <code>AB2CD</code>" in text
    assert "Marked by 林老师, Mon, Dec 7 09:30." in text


def test_every_button_fits_whatever_the_numbers() -> None:
    far = ActivityView(10**18 - 1, 10**18 - 1, "x", NINE, NINE, "", "Asia/Shanghai")
    person = Attendee(10**18 - 1, "Li", "", Status.MISSING)

    data = [str(one.callback_data) for one in buttons(marks.render_mark(MarkView(far, person), Status.LATE, 3750, T))]

    assert max(len(one.encode()) for one in data) <= 64


def test_a_mark_is_told_with_from_and_to() -> None:
    view = MarkView(LECTURE, Attendee(3, "Li", "", Status.LATE, NINE))

    assert marks.render_marked_toast(Marked(view, Status.MISSING), T) == "Li: missing → late"
    assert marks.render_marked_toast(Marked(view, Status.LATE), T) == "Li was already down as late."


def test_long_titles_are_cut_on_buttons() -> None:
    long = ActivityView(7, 1, "x" * 300, NINE, NINE, "", "Asia/Shanghai")
    choices = Choices(1, "Camp", date(2026, 12, 7), date(2026, 12, 6), None, (Choice(long, True),))

    shown = labels(desk.render_choices(choices, T))

    assert shown[0].startswith("🟢 09:00 xxx")
    assert len(shown[0]) == 40
    assert shown[1:] == ["◀ Dec 6"]


def test_whoever_is_also_a_trainee_can_check_in_from_the_desk() -> None:
    choices = Choices(1, "Camp", date(2026, 12, 7), None, None, ())

    assert labels(desk.render_choices(choices, T, is_trainee=True)) == ["Check in myself"]
    assert "still empty" in desk.render_choices(choices, T).text
