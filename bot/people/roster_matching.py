"""Deciding which row of a roster is which known person. Pure; what is not certain stays open for a question."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from enum import IntEnum

from msgspec import Struct

from bot.ids import PersonId
from bot.people.roster_shapes import KnownPerson, RosterEntry
from bot.sheets.text import CHINESE

NAMESAKES_SHOWN = 20
"""How many known people of one name are considered for a row; more would make nobody wiser."""


class Likeness(IntEnum):
    """How probably a row and a person are the same."""

    NO = 0
    MAYBE = 1
    FAIR = 2
    """One phone and similar names; or one name, with nothing against it, inside the cohort."""
    STRONG = 3
    """One name and one unit."""
    IDENTICAL = 4
    """Nothing differs, phones are absent."""
    EXACT = 5
    """One phone and one name."""


class Matching(Struct, frozen=True):
    """Row -> person where certain; row -> the people it may be where not (none: somebody new)."""

    matched: Mapping[int, KnownPerson]
    candidates: Mapping[int, tuple[KnownPerson, ...]]
    contested: frozenset[PersonId]
    """Who may be several of the open rows."""


def match_entries(known: Sequence[KnownPerson], entries: Sequence[RosterEntry]) -> Matching:
    """Match in rounds from the surest evidence to the weakest, each time only where one row and one person pair off."""
    edges = _edges(known, entries)
    matched: dict[int, KnownPerson] = {}
    for level in (Likeness.EXACT, Likeness.IDENTICAL, Likeness.STRONG, Likeness.FAIR):
        sure = _pair_off(edges, level)
        matched.update({edge.entry.row: edge.person for edge in sure})
        taken = {edge.person.person_id for edge in sure}
        edges = [edge for edge in edges if edge.entry.row not in matched and edge.person.person_id not in taken]
    candidates: dict[int, list[KnownPerson]] = {entry.row: [] for entry in entries}
    for edge in edges:
        candidates[edge.entry.row].append(edge.person)
    claims = Counter(edge.person.person_id for edge in edges)
    contested = frozenset(person_id for person_id, count in claims.items() if count > 1)
    return Matching(matched, {row: tuple(people) for row, people in candidates.items()}, contested)


def compare_one(entry: RosterEntry, person: KnownPerson) -> Likeness:
    """Say how probably this row is this person, by phone first, then by name and unit."""
    same_name = entry.name.casefold() == person.name.casefold()
    if entry.phone and entry.phone == person.phone:
        if same_name:
            return Likeness.EXACT
        return Likeness.FAIR if are_similar(entry.name, person.name) else Likeness.MAYBE
    if not same_name:
        return Likeness.NO
    same_unit = bool(entry.unit) and entry.unit == person.unit
    if entry.phone and person.phone:
        return Likeness.MAYBE if person.enrolled or same_unit else Likeness.NO
    return _by_unit(entry, person, same_unit=same_unit)


def are_similar(one: str, other: str) -> bool:
    """Return whether two names can be one person's: a character in common, or for Latin letters a word or most of one.

    A slip of the pen or a new family name leaves something; an entirely different name is a question.
    """
    if re.search(f"[{CHINESE}]", one + other):
        return any(sign in other for sign in re.findall(f"[{CHINESE}]", one))
    words, other_words = one.casefold().split(), other.casefold().split()
    in_common = not set(words).isdisjoint(other_words)
    return in_common or SequenceMatcher(None, one.casefold(), other.casefold()).ratio() > 0.6


def _by_unit(entry: RosterEntry, person: KnownPerson, *, same_unit: bool) -> Likeness:
    if person.enrolled and _all_of(entry) == _all_of(person):
        return Likeness.IDENTICAL
    if same_unit:
        return Likeness.STRONG
    if entry.unit and person.unit:
        return Likeness.MAYBE if person.enrolled else Likeness.NO
    return Likeness.FAIR if person.enrolled else Likeness.MAYBE


def _all_of(one: RosterEntry | KnownPerson) -> tuple[str | None, ...]:
    return (one.phone or None, one.unit or None, one.group or None, one.post or None)


class _Edge(Struct, frozen=True):
    entry: RosterEntry
    person: KnownPerson
    likeness: Likeness

    @property
    def shares_phone(self) -> bool:
        return bool(self.entry.phone) and self.entry.phone == self.person.phone


def _edges(known: Sequence[KnownPerson], entries: Iterable[RosterEntry]) -> list[_Edge]:
    index: dict[tuple[str, ...], list[KnownPerson]] = defaultdict(list)
    for person in sorted(known, key=lambda one: not one.enrolled):
        for key in _keys(person):
            index[key].append(person)
    edges = []
    for entry in entries:
        found = {one.person_id: one for key in _keys(entry) for one in index.get(key, ())[:NAMESAKES_SHOWN]}
        judged = [_Edge(entry, person, compare_one(entry, person)) for person in found.values()]
        edges += [edge for edge in judged if edge.likeness > Likeness.NO]
    return edges


def _keys(one: RosterEntry | KnownPerson) -> list[tuple[str, ...]]:
    name = one.name.casefold()
    phone = [("phone", one.phone)] if one.phone else []
    unit = [("unit", name, one.unit)] if one.unit else []
    return [*phone, *unit, ("name", name)]


def _pair_off(edges: Sequence[_Edge], level: Likeness) -> list[_Edge]:
    # The weakest evidence decides only where there is no other at all; a phone that points elsewhere always blocks.
    counted = edges if level is Likeness.FAIR else [edge for edge in edges if edge.likeness >= level]
    rows = Counter(edge.entry.row for edge in counted)
    people = Counter(edge.person.person_id for edge in counted)
    phone_rows = Counter(edge.entry.row for edge in edges if edge.shares_phone)
    phone_people: Counter[PersonId] = Counter(edge.person.person_id for edge in edges if edge.shares_phone)
    return [
        edge
        for edge in counted
        if edge.likeness >= level
        and rows[edge.entry.row] == people[edge.person.person_id] == 1
        and (edge.shares_phone or not (phone_rows[edge.entry.row] or phone_people[edge.person.person_id]))
    ]
