import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.forum import hat
from bot.forum.hat import TICKETS, Entry, draw

ENTRIES = st.lists(
    st.builds(Entry, st.integers(1, 10**9), st.sampled_from(["", "A", "B", "C"]), st.integers(0, 9), st.integers(0, 9)),
    max_size=25,
    unique_by=lambda entry: entry.number,
)


@pytest.mark.parametrize(
    ("own", "unit", "tickets"),
    [(0, 0, 60), (1, 0, 30), (0, 1, 30), (1, 1, 15), (2, 0, 20), (3, 2, 5), (4, 4, 2), (400, 400, 2)],
)
def test_each_turn_leaves_fewer_tickets_but_never_none(own: int, unit: int, tickets: int) -> None:
    assert Entry(1, "A", own, unit).tickets == tickets


def test_the_draw_is_what_a_pencil_gives() -> None:
    """The first place worked out by hand: tickets 1-60 are number 3's, 61-90 number 5's, 91-150 number 8's."""
    entries = [Entry(8, "B"), Entry(3, "A"), Entry(5, "C", own=1)]
    ticket = int(hashlib.sha256(b"seed:1").hexdigest(), 16) % 150

    expected = 3 if ticket < 60 else 5 if ticket < 90 else 8

    assert draw("seed", entries)[0].entry.number == expected
    assert draw("seed", entries)[0].of == 150


def test_a_unit_that_has_just_been_drawn_has_fewer_tickets_for_its_others() -> None:
    drawn = draw("s", [Entry(1, "A"), Entry(2, "A"), Entry(3, "A")])

    assert [one.tickets for one in drawn] == [60, 30, 20]


def test_entrants_without_a_unit_are_nobodys_colleagues() -> None:
    assert [one.tickets for one in draw("s", [Entry(1, ""), Entry(2, "")])] == [TICKETS, TICKETS]


@given(seed=st.text(max_size=20), entries=ENTRIES)
def test_every_entrant_gets_one_place_whatever_the_order_of_the_list(seed: str, entries: list[Entry]) -> None:
    drawn = draw(seed, entries)

    assert sorted(one.entry.number for one in drawn) == sorted(entry.number for entry in entries)
    assert [one.place for one in drawn] == list(range(1, len(entries) + 1))
    assert draw(seed, entries[::-1]) == drawn


def test_the_first_place_goes_by_the_tickets() -> None:
    """Of 4,000 draws with 60, 30 and 30 tickets; four standard deviations are 127."""
    entries = [Entry(1, "A"), Entry(2, "B", own=1), Entry(3, "C", own=1)]

    first = Counter(draw(f"{turn}", entries)[0].entry.number for turn in range(4000))

    assert abs(first[1] - 2000) < 127
    assert abs(first[2] - 1000) < 110


def test_a_persons_own_turns_are_not_counted_for_the_unit_again() -> None:
    entry = hat.weigh(Counter({7: 2}), Counter({"A": 3}), 7, "A")

    assert (entry.own, entry.unit_turns) == (2, 1)
