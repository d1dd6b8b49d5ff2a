from datetime import UTC, datetime, timedelta

from bot.checkin.messages import wording
from bot.checkin.outcomes import ActivityView
from bot.i18n import translator

START = datetime(2026, 12, 6, 23, 30, tzinfo=UTC)
LECTURE = ActivityView(7, 1, "A <b> & B", START, START + timedelta(minutes=90), "<Room>", "Asia/Shanghai")


def test_times_are_those_of_the_cohorts_zone() -> None:
    assert wording.clock_time(START, LECTURE) == "07:30"
    assert wording.span(LECTURE) == "07:30–09:00"


def test_days_are_those_of_the_cohorts_zone_in_the_readers_words() -> None:
    assert wording.day_of(START, LECTURE, translator("en")) == "Mon, Dec 7"
    assert wording.day_of(START, LECTURE, translator("zh")) == "12月7日周一"


def test_what_came_from_a_timetable_is_escaped_once() -> None:
    assert wording.line_of(LECTURE) == "07:30–09:00 <b>A &lt;b&gt; &amp; B</b> · &lt;Room&gt;"
    assert wording.headline(LECTURE) == "<b>A &lt;b&gt; &amp; B</b>"


def test_empty_parts_make_no_line() -> None:
    assert wording.lines("a", "", "b") == "a\nb"
