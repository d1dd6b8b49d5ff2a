from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.errors import Gone
from bot.i18n import translator
from bot.timetable.messages.day import read_week_button, render_today, render_week, week_button
from bot.timetable.messages.items import LIMIT
from bot.timetable.rules import Day
from bot.timetable.service import Week
from tests.bot.timetable.messages.days import at, data, day, item, labels, telegram_length, worst
from tests.support.camps import MONDAY, TUESDAY, WEDNESDAY

EN, ZH = translator("en"), translator("zh")
OPENING = item((9, 0), (10, 0), "Opening", place="Hall")
LECTURE = item((10, 15), (11, 45), "Lecture", place="Room 3", notes="携带笔记本")
VISIT = item((14, 0), (16, 0), "Visit")


def test_what_is_on_now_comes_first_then_what_is_next_then_the_rest() -> None:
    message = render_today([day(OPENING, LECTURE, VISIT)], EN, at(9, 50))

    assert message.text == (
        "<b>Monday, December 7</b> · Camp\n\n"
        "🟢 <b>Now, until 10:00: Opening</b>\n📍 Hall\n\n"
        "⏭ <b>Next at 10:15, in 25 min: Lecture</b>\n📍 Room 3\n🎒 Please bring: 笔记本\n\n"
        "Then today:\n14:00–16:00 <b>Visit</b>"
    )


def test_the_rest_of_the_day_takes_a_line_each_and_says_what_to_bring() -> None:
    message = render_today([day(OPENING, VISIT, LECTURE)], EN, at(7))

    assert message.text.endswith(
        "Then today:\n14:00–16:00 <b>Visit</b>\n10:15–11:45 <b>Lecture</b> · Room 3\n    🎒 笔记本"
    )


def test_an_activity_of_one_group_names_the_group() -> None:
    talk = replace(OPENING, group_name="第二组")

    assert "👥 第二组" in render_today([day(talk)], EN, at(8)).text
    assert "👥 第二组" in render_today([day(OPENING, talk)], EN, at(8)).text


def test_between_two_activities_the_next_one_comes_first() -> None:
    message = render_today([day(OPENING, LECTURE, VISIT)], EN, at(10))

    assert message.text.split("\n")[2] == "⏭ <b>Next at 10:15, in 15 min: Lecture</b>"
    assert "Opening" not in message.text


def test_everything_that_is_on_at_once_is_named_as_such() -> None:
    parallel = item((9, 5), (10, 0), "Group B")

    message = render_today([day(OPENING, parallel)], EN, at(9, 30))

    assert message.text.count("🟢 <b>Now, until 10:00") == 2


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (13, 59, "in 1 min"),
        (13, 1, "in 59 min"),
        (13, 0, "in 1 h:"),
        (11, 30, "in 2 h 30 min"),
        (11, 0, "in 3 h:"),
        (10, 59, "at 14:00:"),
    ],
)
def test_a_wait_is_counted_when_it_is_short(hour: int, minute: int, words: str) -> None:
    message = render_today([day(VISIT)], EN, at(hour, minute))

    assert words in message.text


def test_a_wait_of_seconds_is_a_minute() -> None:
    message = render_today([day(VISIT)], EN, at(14) - timedelta(seconds=1))

    assert "in 1 min" in message.text


def test_when_the_day_is_over_the_next_one_is_announced() -> None:
    following = item((8, 30), (9, 0), "Bus", on=TUESDAY, place="East gate", notes="着轻便鞋")

    message = render_today([day(OPENING, following=following)], EN, at(18))

    assert message.text == (
        "<b>Monday, December 7</b> · Camp\nThat was all for today.\n"
        "Next: Tuesday, December 8, 08:30 Bus · East gate\n❗ Please note: 着轻便鞋"
    )


def test_a_day_without_activities_says_so() -> None:
    message = render_today([day()], EN, at(8))

    assert message.text == "<b>Monday, December 7</b> · Camp\nNothing is planned for today."


def test_the_evening_before_the_camp_shows_the_first_day() -> None:
    message = render_today([day(OPENING, today=MONDAY - timedelta(days=1))], EN, at(20, on=MONDAY - timedelta(days=1)))

    assert message.text == ("<b>Monday, December 7</b> · Camp\nIt begins tomorrow.\n09:00–10:00 <b>Opening</b> · Hall")


def test_long_before_the_camp_the_days_are_counted() -> None:
    message = render_today([day(today=MONDAY - timedelta(days=5))], EN, at(20))

    assert message.text.split("\n")[1:] == ["It begins in 5 days.", "The timetable is not known yet."]


def test_without_any_camp_whom_to_ask_is_said_and_there_is_nothing_to_press() -> None:
    message = render_today([], EN, at(8))

    assert message.text.startswith("There is no camp for you now")
    assert message.keyboard is None


def test_two_camps_that_clash_are_both_shown_under_their_names() -> None:
    days = [day(OPENING, name="North"), day(item((9, 30), (10, 30), "Talk"), name="South")]

    text = render_today(days, EN, at(9, 45)).text

    assert text.index("· North") < text.index("Opening") < text.index("· South") < text.index("Talk")


def test_a_trainee_may_check_in_while_anything_is_left_today() -> None:
    assert data(render_today([day(VISIT)], EN, at(9))) == [
        "checkin:start",
        "timetable:today",
        "timetable:week:0",
        "calendars:mine:1",
    ]


@pytest.mark.parametrize(
    "shown",
    [
        day(OPENING),
        day(VISIT, is_trainee=False),
        day(VISIT, on=TUESDAY),
    ],
    ids=["over", "coordinator", "not today"],
)
def test_otherwise_there_is_no_button_to_check_in(shown: Day) -> None:
    assert labels(render_today([shown], EN, at(12))) == [["🔄 Refresh"], ["📅 Week", "🗓 Calendar"]]


def test_twenty_activities_of_the_longest_words_fit_and_are_counted() -> None:
    message = render_today([day(*map(worst, range(20)), name="长" * 500)], EN, at(7))

    assert telegram_length(message) <= LIMIT
    assert message.text.count("<b>") - 1 + int(message.text.split("… and ")[1].split()[0]) == 20


def test_twenty_ordinary_activities_are_all_shown() -> None:
    courses = [
        item(
            (8 + number // 4, number % 4 * 15),
            (20, 0),
            f"党建引领基层治理辅导（第{number}讲）",
            place="301教室",
            speaker="王研究员",
        )
        for number in range(20)
    ]

    message = render_today([day(*courses)], ZH, at(7))

    assert telegram_length(message) <= LIMIT
    assert all(f"第{number}讲" in message.text for number in range(20))


def test_many_camps_of_the_longest_words_fit() -> None:
    message = render_today([day(*map(worst, range(5)), name="<" * 300) for _ in range(30)], ZH, at(9))

    assert telegram_length(message) <= LIMIT


def test_a_page_of_the_week_shows_the_whole_day_and_the_way_to_its_neighbours() -> None:
    week = Week(TUESDAY, MONDAY, (day(OPENING, VISIT, on=TUESDAY),), MONDAY, WEDNESDAY)

    message = render_week(week, EN)

    assert message.text == (
        "<b>Tuesday, December 8</b> · Camp\n\n09:00–10:00 <b>Opening</b>\n📍 Hall\n\n14:00–16:00 <b>Visit</b>"
    )
    assert labels(message) == [["◀ Mon, Dec 7", "Wed, Dec 9 ▶"], ["📅 Today"]]
    assert data(message) == [week_button(MONDAY), week_button(WEDNESDAY), "timetable:today"]


def test_an_empty_day_of_the_week_says_so() -> None:
    message = render_week(Week(TUESDAY, MONDAY, (day(on=TUESDAY),)), EN)

    assert message.text == "<b>Tuesday, December 8</b> · Camp\nNothing is planned for this day."
    assert labels(message) == [["📅 Today"]]


def test_a_day_outside_of_all_camps_still_has_a_page() -> None:
    assert render_week(Week(TUESDAY, MONDAY), EN).text == (
        "<b>Tuesday, December 8</b>\nNothing is planned for this day."
    )


def test_somebody_without_a_camp_has_no_week() -> None:
    assert render_week(None, EN).text.startswith("There is no camp for you now")


def test_the_button_of_a_day_comes_back_as_that_day() -> None:
    assert [read_week_button(week_button(on)) for on in (None, MONDAY)] == [None, MONDAY]


@pytest.mark.parametrize("forged", ["timetable:week", "timetable:week:x", "timetable:week:1:2"])
def test_a_forged_button_leads_nowhere(forged: str) -> None:
    with pytest.raises(Gone):
        read_week_button(forged)


@pytest.mark.parametrize("number", [-5, 0, 10**17])
def test_a_number_that_is_no_day_is_today(number: int) -> None:
    assert read_week_button(f"timetable:week:{number}") is None
