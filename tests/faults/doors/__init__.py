"""The two doors of the bot that fault tests kill: no feature, but an effect that shows at once when it is doubled."""
