"""Reminders of activities: the evening before, and some minutes before each. The morning is the timetable's."""
