"""What forums say, by subject."""
