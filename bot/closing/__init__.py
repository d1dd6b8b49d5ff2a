"""The close of day: what a day has left open, and who was missing without leave, for those who run a camp."""
