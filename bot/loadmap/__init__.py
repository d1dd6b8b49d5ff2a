"""Who of a roster is already called up elsewhere in these weeks, so that nobody is sent for twice."""
