import pytest

from bot.backoff import Backoff


def test_waits_double_from_half_a_second_to_a_minute() -> None:
    backoff = Backoff()

    waits = [backoff.next() for _ in range(10)]

    assert waits == [pytest.approx(wait, rel=0.11) for wait in (0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60)]


def test_even_after_thousands_of_failures_the_wait_is_about_a_minute() -> None:
    backoff = Backoff()

    longest = max(backoff.next() for _ in range(5000))

    assert 54 <= longest <= 66


def test_a_success_begins_anew() -> None:
    backoff = Backoff(first=1.0)
    for _ in range(5):
        backoff.next()

    backoff.reset()

    assert backoff.next() == pytest.approx(1.0, rel=0.11)


def test_two_that_fail_together_do_not_come_back_together() -> None:
    assert len({Backoff().next() for _ in range(10)}) > 1
