from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.timetable.times import Meant, TimeFault, read_clock, read_when

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""Sunday noon in Shanghai."""


def when(text: str, *, now: datetime = NOW, zone: ZoneInfo = SHANGHAI, day: date | None = None) -> object:
    meant = read_when(text, now=now, zone=zone, default_day=day)
    return meant.starts_at.astimezone(zone).strftime("%m-%d %H:%M") if isinstance(meant, Meant) else meant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明天上午9点", "11-23 09:00"),
        ("明天 9:00", "11-23 09:00"),
        ("明早8点半", "11-23 08:30"),
        ("明晚七点", "11-23 19:00"),
        ("后天下午两点", "11-24 14:00"),
        ("大后天 14：30", "11-25 14:30"),
        ("下周三 14:30", "11-25 14:30"),
        ("下下周三 14:30", "12-02 14:30"),
        ("周三下午2点", "11-25 14:00"),
        ("星期三下午两点十五分", "11-25 14:15"),
        ("周日 15:00", "11-22 15:00"),
        ("礼拜天下午3点", "11-22 15:00"),
        ("11月25日 14:00", "11-25 14:00"),
        ("11月25号下午2点", "11-25 14:00"),
        ("11月25日（周三）14:00", "11-25 14:00"),
        ("2026-11-25 14:00", "11-25 14:00"),
        ("2026年11月25日 14时", "11-25 14:00"),
        ("11-25 14:00", "11-25 14:00"),
        ("改到下周三 14:30", "11-25 14:30"),
        ("tomorrow 9am", "11-23 09:00"),
        ("Tomorrow at 9 am", "11-23 09:00"),
        ("tomorrow 9:30pm", "11-23 21:30"),
        ("day after tomorrow 14:00", "11-24 14:00"),
        ("Wed 14:30", "11-25 14:30"),
        ("wednesday at 2:30 pm", "11-25 14:30"),
        ("next Wed 14:30", "11-25 14:30"),
        ("Nov 25, 14:00", "11-25 14:00"),
        ("25 November 2026 2pm", "11-25 14:00"),
        ("14:00", "11-22 14:00"),
        ("下午3点", "11-22 15:00"),
        ("十点半", TimeFault.PAST),
        ("晚上十点三刻", "11-22 22:45"),
        ("1530", "11-22 15:30"),
    ],
)
def test_times_are_understood_as_people_write_them(text: str, expected: object) -> None:
    assert when(text) == expected


def test_next_wednesday_said_on_a_monday_is_the_one_of_next_week() -> None:
    monday = NOW + timedelta(days=1)

    assert (when("周三 14:30", now=monday), when("下周三 14:30", now=monday)) == ("11-25 14:30", "12-02 14:30")


def test_without_a_day_the_activitys_own_day_is_meant() -> None:
    assert when("15:30", day=date(2026, 12, 8)) == "12-08 15:30"


@pytest.mark.parametrize("text", ["14:00-15:30", "14:00到15:30", "下午2点到3点半", "2-3:30 pm", "14:00 to 15:30"])
def test_a_span_gives_both_ends(text: str) -> None:
    meant = read_when(f"明天 {text}", now=NOW, zone=SHANGHAI)

    assert meant == Meant(datetime(2026, 11, 23, 6, 0, tzinfo=UTC), datetime(2026, 11, 23, 7, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("明天 25:00", TimeFault.NO_SUCH_TIME),
        ("25点", TimeFault.NO_SUCH_TIME),
        ("14:75", TimeFault.NO_SUCH_TIME),
        ("2027年2月29日 9:00", TimeFault.NO_SUCH_DAY),
        ("29 February 2027 9:00", TimeFault.NO_SUCH_DAY),
        ("13月1日 9:00", TimeFault.NO_SUCH_DAY),
        ("11月31日 9:00", TimeFault.NO_SUCH_DAY),
        ("今天上午9点", TimeFault.PAST),
        ("昨天上午9点", TimeFault.PAST),
        ("昨晚八点", TimeFault.PAST),
        ("yesterday 9am", TimeFault.PAST),
        ("2020-01-01 09:00", TimeFault.PAST),
        ("明天 15:00-14:00", TimeFault.BACKWARDS),
        ("soon", TimeFault.UNREADABLE),
        ("明天", TimeFault.UNREADABLE),
        ("", TimeFault.UNREADABLE),
        ("九", TimeFault.UNREADABLE),
        ("明天明天 9:00", TimeFault.UNREADABLE),
    ],
)
def test_what_cannot_be_is_said_and_not_guessed(text: str, fault: TimeFault) -> None:
    assert when(text) == fault


def test_the_29th_of_february_is_taken_in_a_leap_year() -> None:
    assert when("2028年2月29日 9:00") == "02-29 09:00"


def test_an_hour_that_the_clocks_skip_is_refused() -> None:
    assert when("2027-03-28 02:30", zone=BERLIN) == TimeFault.SKIPPED


def test_a_day_that_the_zone_left_out_is_refused() -> None:
    apia = ZoneInfo("Pacific/Apia")

    assert when("2011-12-30 09:00", zone=apia, now=datetime(2011, 12, 1, tzinfo=UTC)) == TimeFault.SKIPPED


def test_a_clock_alone_is_read_without_a_day() -> None:
    assert read_clock("下午4点半") == (time(16, 30), None)


@given(st.text(max_size=40))
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    assert isinstance(read_when(text, now=NOW, zone=SHANGHAI), Meant | TimeFault)


@given(st.dates(date(2026, 11, 24), date(2027, 6, 30)), st.times())
def test_a_day_and_time_as_the_bot_writes_them_read_back_the_same(on: date, at: time) -> None:
    at = at.replace(second=0, microsecond=0, fold=0)

    assert when(f"{on.isoformat()} {at:%H:%M}") == f"{on:%m-%d} {at:%H:%M}"
