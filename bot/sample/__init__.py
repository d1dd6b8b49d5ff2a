"""The sandbox and its sample camp, for whoever tries the bot without a token. Nothing of it runs beside a real bot."""
