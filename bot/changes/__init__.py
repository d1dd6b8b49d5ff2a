"""What changed in a timetable, told to those whom it concerns and to nobody else; who has seen it, and who has not."""
