"""How much a file may cost. The figures stop what was measured: a 1 MB workbook that takes 3 GB once unpacked."""

FILE_BYTES = 5 * 1024 * 1024
UNPACKED_BYTES = 64 * 1024 * 1024
"""Of all entries of a zip archive together, by its central directory."""
ARCHIVE_ENTRIES = 200
ROWS = 20_000
"""Rows with something in them, of all visible sheets together."""
COLUMNS = 50
TEXT_CHARACTERS = 8_000_000
"""Of all cells together: a workbook may name one long text in a million cells."""
ANSWER_BYTES = 64 * 1024 * 1024
MEMORY_BYTES = 512 * 1024 * 1024
SECONDS = 10
"""Both of wall time and of processor time."""
