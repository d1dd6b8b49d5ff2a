"""The words of the load map, in the chat and in the picture; and the codec of its buttons."""

from bot.loadmap.messages.screen import FEATURE, render_clashing, render_list, words_of_picture

__all__ = ["FEATURE", "render_clashing", "render_list", "words_of_picture"]
