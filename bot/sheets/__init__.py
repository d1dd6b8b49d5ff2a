"""Reading spreadsheets that people send: bounded, in a child process, without knowing what they are about."""
