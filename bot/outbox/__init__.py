"""What the bot owes Telegram: rows written with the effect that owes them, sent after the commit by the courier."""
