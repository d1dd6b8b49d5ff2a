from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.forum.answering import NIGHT, answer_until, is_resting
from bot.preferences.rules import QuietHours, quiet_until

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 12, 9, tzinfo=SHANGHAI)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def at(hour: float) -> datetime:
    return (DAY + hour * HOUR).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "minutes", "starts", "until"),
    [
        (10, 120, 48, 12),
        (10, 120, 14, 11),  # a quarter of the four hours that are left
        (13.5, 120, 14, 13.625),
        (13 + 56 / 60, 120, 14, 14),  # the last minutes are all one offer's
        (13.9, 120, 14, 13.9 + 5 / 60),
        (23, 120, 62, 24 + 9),  # at night: from seven on
        (21.5, 120, 62, 24 + 8),  # ends at night: an hour after it
        (3, 120, 8, 7.25),
        (6.95, 120, 7, 7),  # no rest left before it begins
    ],
)
def test_the_answer_time_fits_the_day(now: float, minutes: int, starts: float, until: float) -> None:
    assert answer_until(at(now), minutes, at(starts), SHANGHAI) == at(until)


def test_own_quiet_hours_are_kept_as_well_as_the_night() -> None:
    noon = QuietHours(12 * 60, 14 * 60)

    assert answer_until(at(12.5), 60, at(60), SHANGHAI, noon) == at(15)
    assert is_resting(at(12.5), SHANGHAI, noon)
    assert not is_resting(at(12.5), SHANGHAI)
    assert is_resting(at(23), SHANGHAI)


@given(
    now=st.floats(0, 100),
    minutes=st.integers(1, 3000),
    ahead=st.floats(0.01, 100),
    rest=st.none() | st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda pair: pair[0] != pair[1]),
)
def test_an_answer_time_ends_after_now_and_never_after_the_beginning(
    now: float, minutes: int, ahead: float, rest: tuple[int, int] | None
) -> None:
    own = QuietHours(*rest) if rest else None
    starts = at(now + ahead)

    until = answer_until(at(now), minutes, starts, SHANGHAI, own)

    assert at(now) < until <= starts


@given(now=st.floats(0, 100), minutes=st.integers(1, 3000), ahead=st.floats(24, 100))
def test_nobody_must_answer_at_night_when_the_day_after_will_do(now: float, minutes: int, ahead: float) -> None:
    until = answer_until(at(now), minutes, at(now + ahead), SHANGHAI)

    assert quiet_until(NIGHT, SHANGHAI, until) is None or until == at(now + ahead)
