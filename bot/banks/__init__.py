"""Question banks (题库): files that people already have, read with a report, kept with every version, given back."""
