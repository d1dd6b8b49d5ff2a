"""Everybody's own timetable in the calendar of their phone: an address to subscribe to, and a file."""
