"""The words of records: lines of the log, one's own record, the screen that offers files."""
