"""The draw: even, balanced, the same from the same seed."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discussions.drawing import Balance, Candidate, balance, draw, officers, own_groups

PEOPLE = [Candidate(n, unit=f"unit {n % 8}", post=f"post {n % 3}") for n in range(1, 78)]


def members(groups: list[list[int]], people: list[Candidate] = PEOPLE) -> list[list[Candidate]]:
    known = {one.person_id: one for one in people}
    return [[known[number] for number in group] for group in groups]


def test_77_people_come_into_8_groups_that_differ_by_one_at_most() -> None:
    groups = draw(PEOPLE, 8, "1-1", {})

    assert sorted(number for group in groups for number in group) == [one.person_id for one in PEOPLE]
    assert sorted(map(len, groups)) == [9, 9, 9, 10, 10, 10, 10, 10]


def test_no_unit_of_ten_has_more_than_two_in_a_group_of_eight() -> None:
    groups = members(draw(PEOPLE, 8, "1-1", {}))

    assert max(max(Counter(one.unit for one in group).values()) for group in groups) <= 2


def test_the_same_seed_gives_the_same_groups_whatever_the_order_of_the_people() -> None:
    again = draw(list(reversed(PEOPLE)), 8, "1-1", {})

    assert [sorted(group) for group in again] == [sorted(group) for group in draw(PEOPLE, 8, "1-1", {})]


def test_another_seed_gives_other_groups() -> None:
    assert draw(PEOPLE, 8, "1-2", {}) != draw(PEOPLE, 8, "1-1", {})


def test_what_a_seed_gives_never_changes() -> None:
    people = [Candidate(n) for n in range(1, 8)]

    assert draw(people, 2, "7-1", {}) == [[5, 1, 3, 2], [4, 6, 7]]


def test_those_who_sat_together_are_parted_where_that_is_possible() -> None:
    people = [Candidate(n) for n in range(1, 13)]
    first = draw(people, 3, "1-1", {})
    history = {frozenset((a, b)): 1 for group in first for a in group for b in group if a != b}

    second = draw(people, 3, "2-1", history)

    # four who met in each of three groups cannot all be parted: at least one pair of each four stays
    assert balance(members(second, people), history).met_before == 3
    assert balance(members(first, people), history).met_before == 18


def test_a_unit_weighs_more_than_a_post() -> None:
    people = [Candidate(1, "a", "x"), Candidate(2, "a", "y"), Candidate(3, "b", "x"), Candidate(4, "b", "y")]

    groups = members(draw(people, 2, "1-1", {}), people)

    assert balance(groups, {}) == Balance(same_unit=0, met_before=0, same_post=0)


def test_more_groups_than_people_leave_nobody_with_an_empty_group() -> None:
    assert sorted(map(len, draw([Candidate(1), Candidate(2)], 8, "1-1", {}))) == [1, 1]


def test_one_person_is_a_group_of_one_and_leads_and_records() -> None:
    assert draw([Candidate(5)], 3, "1-1", {}) == [[5]]
    assert officers([Candidate(5)], "1-1") == (5, 5)


def test_nobody_leads_again_before_others_have() -> None:
    group = [Candidate(1, served=2), Candidate(2, served=1), Candidate(3), Candidate(4)]

    assert set(officers(group, "1-1")) == {3, 4}


def test_a_group_without_people_has_nobody_to_lead() -> None:
    assert officers([], "1-1") == (None, None)


def test_the_groups_of_the_roster_keep_their_people_and_take_in_the_homeless() -> None:
    people = [Candidate(1, group="A"), Candidate(2, group="A"), Candidate(3, group="B"), Candidate(4), Candidate(5)]

    groups = own_groups(people, ["A", "B", "C"], "1-1")

    assert set(groups) == {"A", "B"}
    assert {1, 2} <= set(groups["A"])
    assert sorted(map(len, groups.values())) == [2, 3]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), min_size=1, max_size=40), st.integers(1, 12), st.text()
)
def test_everybody_sits_once_and_sizes_are_even(kinds: list[tuple[int, int]], count: int, seed: str) -> None:
    people = [Candidate(n, f"u{unit}", f"p{post}") for n, (unit, post) in enumerate(kinds, 1)]

    groups = draw(people, count, seed, {})

    assert sorted(number for group in groups for number in group) == [one.person_id for one in people]
    assert max(map(len, groups)) - min(map(len, groups)) <= 1
