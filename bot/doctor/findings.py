"""What an examination found, and the exit status that follows from it."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

HEALTHY, NEEDS_A_PERSON, UNCHECKED = 0, 1, 2


class Level(StrEnum):
    """How serious a finding is."""

    OK = "ok"
    NOTE = "note"
    """Worth knowing; nothing to do."""
    UNKNOWN = "unknown"
    """Could not be checked; the text says why."""
    PROBLEM = "problem"
    """A person must act; the text says how."""


class Finding(Struct, frozen=True):
    """One line of the report, in English; it holds no secret, no name and no text of anybody's."""

    level: Level
    subject: str
    text: str


def exit_status(findings: Sequence[Finding]) -> int:
    """0 healthy, 1 a person must act, 2 something could not be checked."""
    levels = {finding.level for finding in findings}
    if Level.PROBLEM in levels:
        return NEEDS_A_PERSON
    return UNCHECKED if Level.UNKNOWN in levels else HEALTHY


def ok(subject: str, text: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, subject, text)


def note(subject: str, text: str) -> Finding:
    """Worth knowing."""
    return Finding(Level.NOTE, subject, text)


def unknown(subject: str, text: str) -> Finding:
    """Could not be checked."""
    return Finding(Level.UNKNOWN, subject, text)


def problem(subject: str, text: str) -> Finding:
    """A person must act."""
    return Finding(Level.PROBLEM, subject, text)
