"""The use cases of check-in in one place; the only writer of its tables. Never commits, never reads a clock."""

from bot.checkin.arrivals import open_now, record_arrival
from bot.checkin.digits import enter_digits
from bot.checkin.queries import counts
from bot.checkin.roll import mark, read_board, show_mark
from bot.checkin.windows import (
    close_checkin,
    close_stale,
    find_projector,
    list_choices,
    open_checkin,
    project,
    show_desk,
)

__all__ = [
    "close_checkin",
    "close_stale",
    "counts",
    "enter_digits",
    "find_projector",
    "list_choices",
    "mark",
    "open_checkin",
    "open_now",
    "project",
    "read_board",
    "record_arrival",
    "show_desk",
    "show_mark",
]
