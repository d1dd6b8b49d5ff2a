"""Organisations, cohorts, people, roles, cards and linking: the shared base of every feature."""
