"""The use cases of the close of day in one place; the only writer of its table. Never commits, never reads a clock."""

from bot.closing.absences import Absence, Absentee, find_absences, take_absence
from bot.closing.days import DayReview, Missing, review_day, show_day
from bot.closing.evenings import Hour, change_hour, hour_of, is_due, plan, take_due, unplanned

__all__ = [
    "Absence",
    "Absentee",
    "DayReview",
    "Hour",
    "Missing",
    "change_hour",
    "find_absences",
    "hour_of",
    "is_due",
    "plan",
    "review_day",
    "show_day",
    "take_absence",
    "take_due",
    "unplanned",
]
