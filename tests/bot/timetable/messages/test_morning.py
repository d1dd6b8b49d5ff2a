from datetime import timedelta

import pytest

from bot.i18n import translator
from bot.timetable.messages.items import LIMIT
from bot.timetable.messages.morning import render_missed, render_morning
from bot.timetable.morning import Missed
from bot.timetable.rules import Skip
from tests.bot.timetable.messages.days import at, day, item, labels, telegram_length, worst
from tests.support.camps import MONDAY

EN, ZH = translator("en"), translator("zh")
DAY = day(item((8, 30), (9, 0), "Registration", place="Hall", notes="携带身份证"), item((9, 0), (10, 0), "Opening"))


def test_the_push_says_what_is_first_and_then_the_day() -> None:
    message = render_morning(DAY, EN, at(7, 30))

    assert message.text == (
        "☀️ <b>Today, Monday, December 7</b>\nCamp\nFirst: <b>08:30 Registration · Hall</b>\n\n"
        "08:30–09:00 <b>Registration</b>\n📍 Hall\n🎒 Please bring: 身份证\n\n"
        "09:00–10:00 <b>Opening</b>"
    )
    assert labels(message) == [["✔ Check in", "📅 Today", "🔕 Pause"]]


def test_the_push_is_worded_in_chinese_too() -> None:
    text = render_morning(DAY, ZH, at(7, 30)).text

    assert text.startswith("☀️ <b>今日课程 · 12月7日 星期一</b>\nCamp\n")
    assert "🎒 请携带：身份证" in text


@pytest.mark.parametrize(
    ("hour", "minute", "lead"),
    [
        (8, 40, "Now: <b>08:30 Registration · Hall</b>"),
        (9, 0, "Now: <b>09:00 Opening</b>"),
    ],
)
def test_a_late_push_begins_with_what_is_on(hour: int, minute: int, lead: str) -> None:
    assert render_morning(DAY, EN, at(hour, minute)).text.split("\n")[2] == lead


def test_a_late_push_between_two_activities_begins_with_the_next_one() -> None:
    gap = day(item((8, 30), (9, 0)), item((10, 0), (11, 0), "Later"))

    assert render_morning(gap, EN, at(9, 30)).text.split("\n")[2] == "Next: <b>10:00 Later</b>"


@pytest.mark.parametrize(
    ("unlinked", "words"),
    [
        (0, "All trainees are linked."),
        (1, "1 trainee is not linked and does not get this."),
        (20, "20 trainees are not linked and do not get this."),
    ],
)
def test_coordinators_learn_whom_it_does_not_reach_and_do_not_check_in(unlinked: int, words: str) -> None:
    message = render_morning(DAY, EN, at(7, 30), unlinked=unlinked)

    assert message.text.endswith(f"\n\n{words}")
    assert labels(message) == [["📅 Today", "🔕 Pause"]]


def test_the_longest_day_fits() -> None:
    message = render_morning(day(*map(worst, range(20)), name="<" * 300), ZH, at(7), unlinked=77)

    assert telegram_length(message) <= LIMIT


def test_missed_mornings_are_named_with_what_can_be_done() -> None:
    missed = [Missed(MONDAY + timedelta(days=number), Skip.TOO_LATE) for number in range(9)]

    text = render_missed("<Camp>", missed, EN).text

    assert "&lt;Camp&gt; · Monday, December 7, Tuesday, December 8" in text
    assert "… and 2 more" in text
    assert "/today" in text
