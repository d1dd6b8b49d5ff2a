"""The words of announced changes: what people read, and what coordinators do with it. Decides nothing."""

from bot.changes.messages.desk import announce, render_draft, render_forecast
from bot.changes.messages.notice import announce_sending, render_change

__all__ = ["announce", "announce_sending", "render_change", "render_draft", "render_forecast"]
