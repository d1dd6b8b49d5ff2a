"""The words of leave and make-up, and the codec of their buttons. Decides nothing."""
