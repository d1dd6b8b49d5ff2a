"""Finding rows of one roster that are about the same person, or cannot be told apart. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import islice

from msgspec.structs import replace

from bot.people.roster_shapes import Problem, ProblemKind, RosterEntry

ROWS_NAMED = 5
"""How many other rows a problem names at most."""


def without_repeats(entries: Sequence[RosterEntry]) -> tuple[list[RosterEntry], list[Problem]]:
    """Leave one row of each person, and take a phone number that two people claim from both."""
    unique, copies = _drop_later(entries, _everything, ProblemKind.DUPLICATE_ROW)
    single, twice = _drop_later(unique, _name_and_phone, ProblemKind.SAME_PERSON_TWICE)
    shared = _sharing_phone(single)
    clear = [replace(entry, phone=None) if entry.row in shared else entry for entry in single]
    return clear, [*copies, *twice, *shared.values(), *_unclear(clear)]


def _everything(entry: RosterEntry) -> Hashable:
    return replace(entry, row=0)


def _name_and_phone(entry: RosterEntry) -> Hashable:
    return (entry.name.casefold(), entry.phone or entry.row)


def _drop_later(
    entries: Iterable[RosterEntry], key: Callable[[RosterEntry], Hashable], kind: ProblemKind
) -> tuple[list[RosterEntry], list[Problem]]:
    first: dict[Hashable, RosterEntry] = {}
    problems = []
    for entry in entries:
        kept = first.setdefault(key(entry), entry)
        if kept is not entry:
            problems.append(Problem(entry.row, kind, entry.name, (kept.row,)))
    return list(first.values()), problems


def _sharing_phone(entries: Iterable[RosterEntry]) -> dict[int, Problem]:
    holders: dict[str, list[RosterEntry]] = defaultdict(list)
    for entry in entries:
        if entry.phone is not None:
            holders[entry.phone].append(entry)
    return {
        entry.row: Problem(entry.row, ProblemKind.DUPLICATE_PHONE, phone, _rows_but(sharing, entry))
        for phone, sharing in holders.items()
        if len(sharing) > 1
        for entry in sharing
    }


def _unclear(entries: Iterable[RosterEntry]) -> list[Problem]:
    namesakes: dict[str, list[RosterEntry]] = defaultdict(list)
    for entry in entries:
        namesakes[entry.name.casefold()].append(entry)
    return [
        Problem(entry.row, ProblemKind.SAME_NAME_UNCLEAR, entry.name, _rows_but(others, entry))
        for others in namesakes.values()
        for entry in _not_told_apart(others)
    ]


def _not_told_apart(namesakes: Sequence[RosterEntry]) -> list[RosterEntry]:
    """Return those who share a name with another so that neither both phones nor two different units tell them apart.

    Counting units keeps this linear: a hostile file may hold one name 20,000 times.
    """
    everyone = Counter(entry.unit for entry in namesakes)
    phoneless = Counter(entry.unit for entry in namesakes if entry.phone is None)
    return [entry for entry in namesakes if _others_like(entry, everyone if entry.phone is None else phoneless)]


def _others_like(entry: RosterEntry, units: Counter[str | None]) -> bool:
    alike = units.total() if entry.unit is None else units[entry.unit] + units[None]
    return alike > (1 if entry.phone is None else 0)


def _rows_but(entries: Iterable[RosterEntry], this: RosterEntry) -> tuple[int, ...]:
    return tuple(islice((entry.row for entry in entries if entry is not this), ROWS_NAMED))
