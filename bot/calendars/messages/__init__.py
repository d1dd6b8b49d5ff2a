"""The words of calendars: the screen in the chat, the address; and the codec of their buttons.

The file itself stands in ``file``, a module that is loaded with the first file.
"""

from bot.calendars.messages.screen import FEATURE, mine_button, render_address, render_calendar, render_revoked

__all__ = ["FEATURE", "mine_button", "render_address", "render_calendar", "render_revoked"]
