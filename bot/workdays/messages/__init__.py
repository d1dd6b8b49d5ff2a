"""The words of working days and blackouts; and the codec of their buttons."""

from bot.workdays.messages.flags import render_flags, render_missing, short_span
from bot.workdays.messages.screens import FEATURE

__all__ = ["FEATURE", "render_flags", "render_missing", "short_span"]
