from datetime import UTC, datetime, timedelta

from bot.outages.rules import loss_of

MONDAY = datetime(2026, 12, 7, 0, 10, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def test_telegram_bridges_an_outage_of_a_day() -> None:
    assert loss_of(MONDAY, MONDAY + DAY) is None


def test_after_a_longer_one_what_is_older_than_a_day_is_lost() -> None:
    loss = loss_of(MONDAY, MONDAY + DAY + MINUTE)

    assert loss is not None
    assert (loss.since, loss.kept_from, loss.until) == (MONDAY, MONDAY + MINUTE, MONDAY + DAY + MINUTE)
