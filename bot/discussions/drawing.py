"""Drawing groups for balance from a seed: the same people, history and seed give the same groups, always. Pure.

Sizes differ by one at most. Then it costs to sit with somebody of one's own unit, with whom one has sat before, and of
one's own post, in this order; people are placed one by one where they cost least, and swapped while that helps.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

UNIT, TOGETHER, POST = 4, 3, 1
MOST_TIMES = 3
"""Having sat together more often than this counts no more."""
PASSES = 6

Pair = frozenset[int]
History = Mapping[Pair, int]
"""How often two people have sat in one group."""


class Candidate(Struct, frozen=True):
    """Somebody to be put into a group. ``group`` is the roster's, ``served`` how often they have led or recorded."""

    person_id: int
    unit: str = ""
    post: str = ""
    group: str = ""
    served: int = 0


class Balance(Struct, frozen=True):
    """How even a division is: pairs of one unit, pairs who sat together before, pairs of one post, in one group."""

    same_unit: int = 0
    met_before: int = 0
    same_post: int = 0


def chance(seed: str, number: int) -> str:
    """A person's place in the order of chance, which anybody can compute: SHA-256 of ``seed:number``."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def draw(candidates: Sequence[Candidate], groups: int, seed: str, history: History) -> list[list[int]]:
    """Divide the people into that many groups (fewer where there are fewer people); each holds persons by number."""
    people = sorted(candidates, key=lambda one: (-_of_unit(one, candidates), one.unit, chance(seed, one.person_id)))
    groups = max(1, min(groups, len(people)))
    table = _Table(people, groups, history)
    for number in range(len(people)):
        table.place(number)
    for _ in range(PASSES):
        if not table.improve():
            break
    return [
        [people[one].person_id for one in range(len(people)) if table.where[one] == group] for group in range(groups)
    ]


def own_groups(candidates: Sequence[Candidate], names: Sequence[str], seed: str) -> dict[str, list[int]]:
    """The groups of the roster by name, in their order; whoever has none comes into the smallest."""
    groups: dict[str, list[int]] = {name: [] for name in names}
    homeless: list[int] = []
    for one in candidates:
        groups.get(one.group, homeless).append(one.person_id)
    groups = {name: ids for name, ids in groups.items() if ids}
    for person_id in sorted(homeless, key=lambda number: chance(seed, number)):
        smallest = min(groups, key=lambda name: len(groups[name]), default="")
        groups.setdefault(smallest, []).append(person_id)
    return groups


def officers(members: Sequence[Candidate], seed: str) -> tuple[int | None, int | None]:
    """Who leads and who records: those who have done it least, then by chance; alone, one person is both."""
    order = sorted(members, key=lambda one: (one.served, chance(f"{seed}:officers", one.person_id)))
    if not order:
        return None, None
    return order[0].person_id, order[min(1, len(order) - 1)].person_id


def balance(groups: Sequence[Sequence[Candidate]], history: History) -> Balance:
    """Count what the draw tries to avoid."""
    units = posts = met = 0
    for members in groups:
        units += _pairs(Counter(one.unit for one in members if one.unit))
        posts += _pairs(Counter(one.post for one in members if one.post))
        ids = [one.person_id for one in members]
        met += sum(frozenset((a, b)) in history for index, a in enumerate(ids) for b in ids[index + 1 :])
    return Balance(units, met, posts)


class _Table:
    """Who sits where, with what it costs each person to sit in each group kept at hand."""

    def __init__(self, people: Sequence[Candidate], groups: int, history: History) -> None:
        self._people = people
        self._cost = [[_cost(one, other, history) for other in people] for one in people]
        self._sum = [[0] * groups for _ in people]
        self.where = [-1] * len(people)
        least, over = divmod(len(people), groups)
        self._room = [least + (group < over) for group in range(groups)]

    def place(self, number: int) -> None:
        """Put a person where it costs least, of those the group with the most room."""
        sums = self._sum[number]
        free = [group for group, room in enumerate(self._room) if room]
        group = min(free, key=lambda one: (sums[one], -self._room[one], one))
        self._room[group] -= 1
        self.where[number] = group
        self._shift(number, group, 1)

    def improve(self) -> bool:
        """Swap every two people for whom that costs less; whether any were."""
        swapped = False
        for one in range(len(self._people)):
            for other in range(one + 1, len(self._people)):
                if self._gain(one, other) > 0:
                    self._swap(one, other)
                    swapped = True
        return swapped

    def _gain(self, one: int, other: int) -> int:
        here, there = self.where[one], self.where[other]
        if here == there:
            return 0
        now = self._sum[one][here] + self._sum[other][there]
        then = self._sum[one][there] + self._sum[other][here] - 2 * self._cost[one][other]
        return now - then

    def _swap(self, one: int, other: int) -> None:
        here, there = self.where[one], self.where[other]
        self._shift(one, here, -1)
        self._shift(other, there, -1)
        self.where[one], self.where[other] = there, here
        self._shift(one, there, 1)
        self._shift(other, here, 1)

    def _shift(self, number: int, group: int, sign: int) -> None:
        """Others pay for whoever sits in their group, nobody for themselves."""
        for other, cost in enumerate(self._cost[number]):
            if cost:
                self._sum[other][group] += sign * cost


def _cost(one: Candidate, other: Candidate, history: History) -> int:
    if one.person_id == other.person_id:
        return 0
    times = min(history.get(frozenset((one.person_id, other.person_id)), 0), MOST_TIMES)
    same_unit = bool(one.unit) and one.unit == other.unit
    same_post = bool(one.post) and one.post == other.post
    return UNIT * same_unit + TOGETHER * times + POST * same_post


def _of_unit(one: Candidate, candidates: Sequence[Candidate]) -> int:
    return sum(other.unit == one.unit for other in candidates) if one.unit else 0


def _pairs(counts: Counter[str]) -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())
