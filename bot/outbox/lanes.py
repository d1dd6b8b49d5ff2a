"""The lanes of the outbox, a module of its own so that whoever records a message need not know how it is paced."""

from enum import IntEnum


class Lane(IntEnum):
    """How urgent a call is; the smaller goes first."""

    ANSWER = 0
    """The answer to a pressed button. Telegram documents no limit for them."""
    REPLY = 1
    """What somebody who just wrote or pressed is waiting for."""
    REMINDER = 2
    """Bulk, tied to an hour: the morning's programme, a course about to begin."""
    NOTICE = 3
    """Bulk that can wait: a notice to a whole cohort."""

    @property
    def is_bulk(self) -> bool:
        """Whether the lane is paced at the bulk rate."""
        return self >= Lane.REMINDER
