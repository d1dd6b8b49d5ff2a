"""Leave by the activity, and what makes missed hours up again."""
