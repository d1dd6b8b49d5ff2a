"""The words of the timetable: the day, the morning push, imports; and the codec of its buttons. Decides nothing."""

from bot.timetable.messages.day import render_today, render_week
from bot.timetable.messages.imports import render_applied, render_preview
from bot.timetable.messages.morning import announce, render_missed, render_morning

__all__ = [
    "announce",
    "render_applied",
    "render_missed",
    "render_morning",
    "render_preview",
    "render_today",
    "render_week",
]
