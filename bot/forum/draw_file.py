"""A draw as a file that anybody may have, and the draw once more from such a file. Pure.

The file names nobody: sign-ups stand as numbers, units as A, B, C. Everything that the draw needs is in it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from bot.errors import CohortBotError
from bot.forum import hat
from bot.forum.hat import Drawn, Entry

KIND = "cohort-bot draw"
LARGEST = 10_000
"""No call has more entrants; a longer list is not one of ours."""


class NotADraw(CohortBotError):
    """This file is not the list of a draw."""


class DrawFile(Struct, frozen=True):
    """What stands in such a file. ``later`` are the numbers whose place a coordinator has changed since."""

    title: str
    seed: str
    digest: str
    places: int
    entries: tuple[Entry, ...]
    order: tuple[int, ...]
    later: tuple[int, ...] = ()


class Repeated(Struct, frozen=True):
    """The draw once more. ``is_same``: it gives the order of the file; ``is_sealed``: the seed is the announced one."""

    drawn: tuple[Drawn, ...]
    is_same: bool
    is_sealed: bool


def write(file: DrawFile) -> str:
    """The text of the file."""
    content = {
        "kind": KIND,
        "version": 1,
        "title": file.title,
        "seed": file.seed,
        "seed_sha256": file.digest,
        "places": file.places,
        "entries": [
            {"number": one.number, "unit": one.unit, "own": one.own, "unit_turns": one.unit_turns}
            for one in file.entries
        ],
        "order": list(file.order),
        "changed_later": list(file.later),
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def read(text: str) -> DrawFile:
    """What a file says; raises NotADraw for anything else."""
    try:
        content = json.loads(text)
        if content["kind"] != KIND or len(content["entries"]) > LARGEST:
            raise NotADraw
        return DrawFile(
            title=str(content["title"]),
            seed=str(content["seed"]),
            digest=str(content["seed_sha256"]),
            places=int(content["places"]),
            entries=tuple(_entry(one) for one in content["entries"]),
            order=tuple(int(number) for number in content["order"]),
            later=tuple(int(number) for number in content.get("changed_later", ())),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotADraw from error


def repeat(file: DrawFile) -> Repeated:
    """Draw once more from the seed and the entries alone, and compare."""
    drawn = tuple(hat.draw(file.seed, file.entries))
    is_same = tuple(one.entry.number for one in drawn) == file.order
    return Repeated(drawn, is_same, hat.digest_of(file.seed) == file.digest)


def without_names(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The same entries with letters for units, in the order of the units' first entrants."""
    letters = _letters(entry.unit for entry in sorted(entries, key=lambda entry: entry.number))
    return tuple(Entry(one.number, letters.get(one.unit, ""), one.own, one.unit_turns) for one in entries)


def _letters(units: Iterable[str]) -> Mapping[str, str]:
    known = list(dict.fromkeys(unit for unit in units if unit))
    return {unit: _letter(number) for number, unit in enumerate(known)}


def _letter(number: int) -> str:
    """Count A, B, …, Z, A1, B1 and so on."""
    turn, place = divmod(number, 26)
    return f"{chr(ord('A') + place)}{turn or ''}"


def _entry(one: Any) -> Entry:
    entry = Entry(int(one["number"]), str(one["unit"]), int(one["own"]), int(one["unit_turns"]))
    if entry.own < 0 or entry.unit_turns < 0:
        raise NotADraw
    return entry
