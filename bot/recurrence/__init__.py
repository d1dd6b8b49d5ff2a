"""What happens every local day: rows with the instant they are next due, and a record of every day's outcome."""
