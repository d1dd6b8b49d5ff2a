"""The record that nobody has to argue about: one's own, the change log, the matrix and the ledger as files, the screen.

Reads what check-in, hours and the change log have written. It has no table of its own and changes nothing.
"""
