"""Hours: what a camp asks of each trainee, what has been missed, and how much may still be missed."""
