from datetime import datetime, timedelta

import pytest

from bot.ids import ActivityId
from bot.timetable import rules
from bot.timetable.rules import Day, Item, Skip
from tests.support.camps import MONDAY, local

DUE = local(MONDAY, 7, 30)


def item(starts: datetime, minutes: int = 60, number: int = 1) -> Item:
    return Item(ActivityId(number), starts, starts + timedelta(minutes=minutes), "Lecture")


LECTURE = item(local(MONDAY, 14))


def test_a_push_at_its_hour_is_sent() -> None:
    assert rules.judge(DUE, [LECTURE], DUE, next_is_due=False) is None


def test_a_push_late_by_its_whole_grace_is_still_sent() -> None:
    assert rules.judge(DUE, [LECTURE], DUE + rules.GRACE, next_is_due=False) is None


def test_a_push_later_than_its_grace_is_left_out() -> None:
    now = DUE + rules.GRACE + timedelta(seconds=1)

    assert rules.judge(DUE, [LECTURE], now, next_is_due=False) is Skip.TOO_LATE


def test_a_push_whose_successor_is_due_is_left_out() -> None:
    assert rules.judge(DUE, [LECTURE], DUE, next_is_due=True) is Skip.SUPERSEDED


def test_a_push_after_everything_has_ended_is_left_out() -> None:
    early = item(local(MONDAY, 8))

    assert rules.judge(DUE, [early], local(MONDAY, 9), next_is_due=False) is Skip.OVER


@pytest.mark.parametrize(("minute", "found"), [(-61, False), (-60, True), (0, True), (90, True), (91, False)])
def test_one_may_check_in_from_an_hour_before_to_half_an_hour_after(minute: int, found: bool) -> None:
    now = LECTURE.starts + timedelta(minutes=minute)

    assert rules.is_near(LECTURE.starts, LECTURE.ends, now) is found


@pytest.mark.parametrize(
    ("notes", "what"),
    [
        ("携带身份证", "身份证"),
        ("请携带：身份证、笔", "身份证、笔"),
        ("请自带水杯", "水杯"),
        ("带笔记本", "笔记本"),
        ("Bring your ID card", "your ID card"),
        ("please bring: a pen", "a pen"),
        ("正装出席", None),
        ("携带", None),
        ("08:10校门口集合乘车", None),
        ("bringing children is not possible", None),
        ("", None),
    ],
)
def test_what_to_bring_is_told_from_other_notes(notes: str, what: str | None) -> None:
    assert rules.what_to_bring(notes) == what


def test_what_is_on_now_comes_before_what_begins_sooner_elsewhere() -> None:
    now = local(MONDAY, 14, 30)
    on_now = Day(2, "B", MONDAY, MONDAY, (LECTURE,))
    soon = Day(1, "A", MONDAY, MONDAY, (item(local(MONDAY, 14, 40)),))
    nothing = Day(0, "C", MONDAY, MONDAY)

    assert sorted([nothing, soon, on_now], key=lambda day: rules.urgency(day, now)) == [on_now, soon, nothing]


def test_an_activity_is_over_at_the_minute_it_ends() -> None:
    assert rules.running([LECTURE], LECTURE.ends) == ()
    assert rules.ahead([LECTURE], LECTURE.ends) == ()
