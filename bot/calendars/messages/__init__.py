"""The words of calendars: the screen in the chat, the address, the file itself; and the codec of their buttons."""

from bot.calendars.messages.file import write_calendar
from bot.calendars.messages.screen import FEATURE, mine_button, render_address, render_calendar, render_revoked

__all__ = ["FEATURE", "mine_button", "render_address", "render_calendar", "render_revoked", "write_calendar"]
