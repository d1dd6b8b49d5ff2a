from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.notices import rules
from bot.notices.models import State
from bot.notices.rules import Known

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
ANNA = Known("An<na>", "Group 1", "", "09:00 Law & order")


def test_fields_are_filled_in_both_languages_and_escaped() -> None:
    filled = rules.fill("<b>{姓名}</b> {group} {下一课次}", ANNA)

    assert filled == "<b>An&lt;na&gt;</b> Group 1 09:00 Law &amp; order"


def test_what_is_no_field_stays_as_it_is() -> None:
    assert rules.fill("{nonsense} {name", ANNA) == "{nonsense} {name"
    assert rules.unknown_fields("{nonsense} {name} {姓名}") == ["nonsense"]


@pytest.mark.parametrize(("text", "length"), [("a&lt;b", 3), ("<b>bold</b>", 4), ("你好", 2), ("", 0)])
def test_length_is_counted_without_marks(text: str, length: int) -> None:
    assert rules.visible_length(text) == length


@given(st.text(max_size=40))
def test_filling_never_makes_a_mark_out_of_a_name(name: str) -> None:
    filled = rules.fill("{name}", Known(name))

    assert "<" not in filled
    assert rules.visible_length(filled) == len(name)


@pytest.mark.parametrize(
    ("statuses", "errors", "expected"),
    [
        ([], [], None),
        (["new"], [None], None),
        (["sent", "sending"], [None, None], None),
        (["sent", "sent"], [None, None], (State.SENT, "")),
        (["sent", "unknown"], [None, "no answer"], (State.UNKNOWN, "no answer")),
        (["unknown", "failed"], ["no answer", None], (State.FAILED, "no answer")),
        (
            ["failed"],
            ["Forbidden: bot was blocked by the user"],
            (State.BLOCKED, "Forbidden: bot was blocked by the user"),
        ),
        (["failed"], ["Forbidden: user is deactivated"], (State.BLOCKED, "Forbidden: user is deactivated")),
        (["cancelled"], [None], (State.CANCELLED, "")),
    ],
)
def test_a_copy_is_as_good_as_its_worst_message(
    statuses: list[str], errors: list[str | None], expected: tuple[State, str] | None
) -> None:
    assert rules.outcome_of(statuses, errors) == expected


@pytest.mark.parametrize(
    ("hour", "opens", "closes", "expected"),
    [
        (9, time(8, 30), time(18), True),
        (8, time(8, 30), time(18), False),
        (18, time(8, 30), time(18), False),
        (23, time(22), time(6), True),
        (5, time(22), time(6), True),
        (6, time(22), time(6), False),
    ],
)
def test_hours_of_service_may_pass_midnight(hour: int, opens: time, closes: time, expected: bool) -> None:
    at = datetime(2026, 12, 7, hour, tzinfo=SHANGHAI)

    assert rules.is_within(at, SHANGHAI, opens, closes) is expected


def test_nearly_the_same_words_are_alike_and_others_are_not() -> None:
    assert rules.is_alike("The lecture is in room 305.", "<b>The lecture is in room 305!</b>")
    assert not rules.is_alike("The lecture is in room 305.", "Lunch is at noon.")
    assert not rules.is_alike("", "")


def test_a_daily_notice_keeps_its_wall_time_over_a_clock_change() -> None:
    at = datetime(2026, 10, 24, 8, tzinfo=BERLIN).astimezone(UTC)

    following = rules.following(at, 1, BERLIN, at)

    assert following.astimezone(BERLIN).strftime("%d %H:%M") == "25 08:00"
    assert following - at == timedelta(hours=25)


def test_days_missed_by_downtime_are_not_sent_afterwards() -> None:
    at = datetime(2026, 12, 7, 1, tzinfo=UTC)

    assert rules.following(at, 1, SHANGHAI, at + timedelta(days=5, hours=1)) == at + timedelta(days=6)


def test_the_bar_is_full_only_at_the_end() -> None:
    assert [rules.progress_bar(done, 3, 6) for done in range(4)] == ["▱▱▱▱▱▱", "▰▰▱▱▱▱", "▰▰▰▰▱▱", "▰▰▰▰▰▰"]
