"""What a person wants to be told, when, and how loudly: pauses, quiet hours, silent mode. Every push asks here."""
