"""What an outage costs. Pure."""

from datetime import datetime, timedelta

from msgspec import Struct

KEPT = timedelta(hours=24)
"""For so long Telegram keeps an update that nobody fetches (Bot API, getting updates)."""


class Loss(Struct, frozen=True):
    """Nothing was fetched from ``since`` until ``until``; what was sent before ``kept_from`` is lost."""

    since: datetime
    until: datetime

    @property
    def kept_from(self) -> datetime:
        """The instant from which on Telegram still had everything."""
        return self.until - KEPT


def loss_of(since: datetime, until: datetime) -> Loss | None:
    """What was lost between two instants at which the bot fetched; ``None`` for an outage that Telegram bridged."""
    return Loss(since, until) if until - since > KEPT else None
