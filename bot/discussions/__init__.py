"""Group discussions: everybody writes first, the room votes with dots, then causes and measures, then minutes."""
