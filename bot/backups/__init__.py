"""Copies of the whole database: taking them while the bot runs, checking them, and going back to one."""
