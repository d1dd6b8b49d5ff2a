"""Rosters as JSON: what waits in an import until somebody confirms it."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.people.roster_shapes import Field, Problem, ProblemKind, Roster, RosterEntry
from bot.sheets.headings import HeaderNotFound, Heading


def dump_roster(roster: Roster | HeaderNotFound) -> str:
    """Write what was understood of a roster, or why nothing was."""
    return msgspec.json.encode(roster).decode()


def load_roster(text: str) -> Roster | HeaderNotFound:
    """Read what ``dump_roster`` wrote."""
    read: Mapping[str, Any] = json.loads(text)
    if "looked_for" in read:
        return HeaderNotFound(tuple(read["looked_for"]), tuple(read["seen"]))
    return Roster(
        sheet=read["sheet"],
        entries=tuple(RosterEntry(**entry) for entry in read["entries"]),
        problems=tuple(_problem(problem) for problem in read["problems"]),
        understood=tuple(Heading(one["text"], Field(one["field"]), one["column"]) for one in read["understood"]),
        ignored=tuple(read["ignored"]),
        other_sheets=tuple(read["other_sheets"]),
    )


def _problem(read: Mapping[str, Any]) -> Problem:
    return Problem(read["row"], ProblemKind(read["kind"]), read["text"], tuple(read["others"]))
