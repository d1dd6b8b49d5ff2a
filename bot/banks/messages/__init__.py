"""How banks, reports on files and corrections are worded."""
