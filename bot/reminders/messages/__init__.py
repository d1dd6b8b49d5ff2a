"""The words of reminders: the evening before, the minutes before, the screens of both. Decides nothing."""

from bot.reminders.messages.pushes import announce_before, announce_evening, render_before, render_evening

__all__ = ["announce_before", "announce_evening", "render_before", "render_evening"]
