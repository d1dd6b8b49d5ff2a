"""The fair draw itself: tickets in a hat, drawn one after the other. Pure, and whole numbers only.

Whoever has the seed and the list can do it again with nothing but SHA-256 and a pencil: for the k-th ticket, take
SHA-256 of ``seed:k`` as a number, divide by the number of tickets still in the hat, and count the remainder off along
the list. The modulo's bias is below 2**-240.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

TICKETS = 60
"""For who has never spoken and whose unit has not either; it divides evenly by the first few turns."""
MOST = 4
"""Earlier turns beyond so many change nothing more: everybody keeps a chance."""


class Entry(Struct, frozen=True):
    """One entrant: ``number`` names the sign-up, ``own`` and ``unit_turns`` count earlier turns.

    ``unit_turns`` are those of others of the same unit. An empty ``unit`` is nobody's.
    """

    number: int
    unit: str
    own: int = 0
    unit_turns: int = 0

    @property
    def tickets(self) -> int:
        """How many tickets the entrant has in the hat."""
        return TICKETS // ((1 + min(self.own, MOST)) * (1 + min(self.unit_turns, MOST)))


class Drawn(Struct, frozen=True):
    """One place of the result, and the tickets the entrant had when drawn, ``of`` so many left in the hat."""

    place: int
    entry: Entry
    tickets: int
    of: int


def draw(seed: str, entries: Sequence[Entry]) -> list[Drawn]:
    """The whole order of the entrants, the first drawn first.

    A unit's turn counts as soon as it is drawn: its other entrants have fewer tickets from then on.
    """
    left = sorted(entries, key=lambda entry: entry.number)
    drawn: list[Drawn] = []
    while left:
        place, of = len(drawn) + 1, sum(entry.tickets for entry in left)
        chosen = _pick(left, _number(seed, place) % of)
        drawn.append(Drawn(place, chosen, chosen.tickets, of))
        left = [_after(entry, chosen) for entry in left if entry.number != chosen.number]
    return drawn


def digest_of(seed: str) -> str:
    """What can be shown before the draw, so that the seed cannot be chosen afterwards."""
    return hashlib.sha256(seed.encode()).hexdigest()


def weigh(own: Counter[int], units: Counter[str], number: int, unit: str) -> Entry:
    """An entrant with the turns that ledgers count; a person's own turns are not the unit's a second time."""
    mine = own[number]
    return Entry(number, unit, mine, max(0, units[unit] - mine) if unit else 0)


def _pick(left: Sequence[Entry], rest: int) -> Entry:
    for entry in left:
        rest -= entry.tickets
        if rest < 0:
            return entry
    raise ValueError("more than there are tickets")


def _number(seed: str, place: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{place}".encode()).digest())


def _after(entry: Entry, chosen: Entry) -> Entry:
    is_colleague = bool(entry.unit) and entry.unit == chosen.unit
    return replace(entry, unit_turns=entry.unit_turns + 1) if is_colleague else entry
