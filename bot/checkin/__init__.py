"""Check-in: the rotating code, the attendance record, marks by hand."""
