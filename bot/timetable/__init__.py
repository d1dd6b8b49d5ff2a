"""The timetable: activities of a cohort, their import, and the day as people see it."""
