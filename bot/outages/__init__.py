"""Outages longer than Telegram keeps what was sent to the bot: noticed, and told to those who must make up for it."""
