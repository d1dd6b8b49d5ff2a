"""Pacing, proved by arithmetic: time is a number here."""

import random
from bisect import bisect_right
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outbox.lanes import Lane
from bot.outbox.pacing import MARGIN, AdaptiveRate, Pacer, Window, window_of

START = 1000.0
GROUP = -100123
BULK = (Lane.REMINDER, Lane.NOTICE)


def broadcast(pacer: Pacer, recipients: int, jitter: float, seed: int = 1) -> tuple[list[float], float]:
    """Let one dispatcher send a notice to so many chats; return the arrivals at a server and the seconds it took.

    The dispatcher wakes up to `jitter` seconds late, the network adds up to `jitter` more.
    """
    chance = random.Random(seed)
    now, arrivals = START, []
    for chat in range(1, recipients + 1):
        ready = pacer.ready_at(Lane.NOTICE, chat, now)
        if ready > now:
            now = ready + chance.uniform(0, jitter)
        pacer.record(Lane.NOTICE, chat, now)
        arrivals.append(now + 0.05 + chance.uniform(0, jitter))
    return sorted(arrivals), now - START


def most_in_a_second(times: list[float]) -> int:
    """Return the largest number of the sorted times that any strict second holds."""
    return max(index + 1 - bisect_right(times, last - 1.0) for index, last in enumerate(times))


@pytest.mark.parametrize(("recipients", "rate"), [(3_000, 25), (3_000, 30), (30_000, 1_000), (5_000, 100)])
def test_a_broadcast_keeps_the_strict_window_and_its_time(recipients: int, rate: int) -> None:
    arrivals, seconds = broadcast(Pacer(rate), recipients, jitter=0.005)

    assert most_in_a_second(arrivals) <= window_of(rate)
    assert seconds <= 1.03 * recipients / rate


@given(st.integers(1, 1000), st.floats(0, 0.018), st.integers(0, 10))
def test_no_jitter_below_the_margin_breaks_the_window(rate: int, jitter: float, seed: int) -> None:
    arrivals, _ = broadcast(Pacer(rate), 1_500, jitter, seed)

    assert most_in_a_second(arrivals) <= window_of(rate)


def test_bulk_is_evenly_spaced() -> None:
    arrivals, _ = broadcast(Pacer(25), 500, jitter=0)

    assert {round(later - earlier, 6) for earlier, later in pairwise(arrivals)} == {0.04}


def test_bulk_catches_up_after_a_stall_within_the_window() -> None:
    pacer, now, sent = Pacer(25), START, []
    for chat in range(1, 201):
        now = max(now, pacer.ready_at(Lane.NOTICE, chat, now)) + (0.9 if chat == 100 else 0)
        pacer.record(Lane.NOTICE, chat, now)
        sent.append(now)

    assert sent[-1] - START == pytest.approx(199 / 25)
    assert most_in_a_second(sent) == 30


def test_bulk_does_not_hoard_the_time_in_which_nobody_sent() -> None:
    pacer = Pacer(25)
    broadcast(pacer, 10, jitter=0)

    pacer.record(Lane.NOTICE, 99, START + 3600)

    assert pacer.ready_at(Lane.NOTICE, 100, START + 3600) == pytest.approx(START + 3600.04)


Event = tuple[Lane, int, float]
EVENTS = st.lists(st.tuples(st.sampled_from(Lane), st.integers(-3, 40), st.floats(0, 0.2) | st.just(0.0)), max_size=400)


def replay(pacer: Pacer, events: list[Event]) -> list[Event]:
    """Offer calls after one another, each so many seconds after the last; those that may not go at once are dropped."""
    now, sent = START, []
    for lane, chat, gap in events:
        now += gap
        if pacer.ready_at(lane, chat, now) <= now:
            pacer.record(lane, chat, now)
            sent.append((lane, chat, now))
    return sent


@given(EVENTS)
def test_bulk_never_breaks_the_window_whatever_else_is_sent(events: list[Event]) -> None:
    sent = [(lane, at) for lane, _, at in replay(Pacer(25), events) if lane is not Lane.ANSWER]

    times = [at for _, at in sent]
    for index, (lane, at) in enumerate(sent):
        if lane in BULK:
            assert index + 1 - bisect_right(times, at - 1.0 - MARGIN / 2) <= 30


@given(EVENTS)
def test_no_private_chat_gets_more_than_a_burst_and_one_a_second(events: list[Event]) -> None:
    sent = replay(Pacer(25), events)

    for chat in {chat for lane, chat, _ in sent if chat > 0}:
        times = [at for lane, to, at in sent if to == chat and lane is not Lane.ANSWER]
        for first in range(len(times)):
            for last in range(first, len(times)):
                assert last - first + 1 <= 3 + times[last] - times[first] + 1e-6


@given(st.lists(st.floats(0, 5), min_size=20, max_size=200))
def test_a_group_gets_at_most_18_in_any_minute(gaps: list[float]) -> None:
    sent = replay(Pacer(25), [(Lane.REPLY, GROUP, gap) for gap in gaps])

    times = [at for _, _, at in sent]
    assert all(index + 1 - bisect_right(times, at - 60.0) <= 18 for index, at in enumerate(times))


def test_a_private_chat_has_a_burst_of_three_then_one_a_second() -> None:
    pacer, now, sent = Pacer(25), START, []
    for _ in range(6):
        now = max(now, pacer.ready_at(Lane.REPLY, 7, now))
        pacer.record(Lane.REPLY, 7, now)
        sent.append(now - START)

    assert sent == pytest.approx([0, 0, 0, 1, 2, 3])


def test_a_busy_chat_does_not_hold_the_others() -> None:
    pacer = Pacer(25)
    for _ in range(3):
        pacer.record(Lane.REPLY, 7, START)

    assert pacer.ready_at(Lane.REPLY, 7, START) > START
    assert pacer.ready_at(Lane.REPLY, 8, START) <= START
    assert pacer.lane_ready_at(Lane.REPLY, START) <= START


def test_a_call_to_no_chat_has_no_limit_of_a_chat() -> None:
    pacer = Pacer(1000)
    for _ in range(50):
        pacer.record(Lane.REPLY, 0, START)

    assert pacer.ready_at(Lane.REPLY, 0, START) <= START
    assert pacer.chats_remembered == 0


def test_answers_are_free_and_count_for_nothing() -> None:
    pacer = Pacer(25)
    for _ in range(500):
        pacer.record(Lane.ANSWER, 7, START)

    assert all(pacer.ready_at(lane, 7, START) <= START for lane in Lane)


def test_a_room_of_300_is_answered_at_once_while_bulk_yields_a_second() -> None:
    pacer = Pacer(25)
    for chat in range(1, 301):
        assert pacer.ready_at(Lane.REPLY, chat, START) <= START
        pacer.record(Lane.REPLY, chat, START)

    assert pacer.ready_at(Lane.NOTICE, 999, START) == pytest.approx(START + 1 + MARGIN)


@given(st.lists(st.floats(0, 0.5), max_size=300))
def test_bulk_waits_at_most_a_second_after_the_last_reply(gaps: list[float]) -> None:
    pacer, now = Pacer(25), START
    for chat, gap in enumerate(gaps, 1):
        now += gap
        pacer.record(Lane.REPLY, chat, now)

    assert pacer.ready_at(Lane.NOTICE, 99_999, now) <= now + 1 + MARGIN + 1e-6


@given(st.integers(1, 29))
def test_bulk_takes_all_that_steady_replies_leave_of_the_window(replies: int) -> None:
    pacer, bulk, seconds = Pacer(25), 0, 20
    for millisecond in range(seconds * 1000):
        now = START + millisecond / 1000
        if millisecond * replies % 1000 < replies:
            pacer.record(Lane.REPLY, 10_000 + millisecond, now)
        if pacer.ready_at(Lane.NOTICE, millisecond + 1, now) <= now:
            pacer.record(Lane.NOTICE, millisecond + 1, now)
            bulk += 1

    assert bulk >= seconds * min(25, 30 / (1 + MARGIN) - replies) * 0.9 - 3


@pytest.mark.parametrize("replies", [5, 20, 60])
def test_replies_beside_a_broadcast_at_the_whole_limit_break_no_second_once_they_are_expected(replies: int) -> None:
    pacer, sent = Pacer(1_000), list[float]()
    for step in range(50_000):
        now = START + step / 5_000
        if step * replies % 5_000 < replies:
            pacer.record(Lane.REPLY, 50_000 + step, now)
            sent.append(now)
        if pacer.ready_at(Lane.NOTICE, step + 1, now) <= now:
            pacer.record(Lane.NOTICE, step + 1, now)
            sent.append(now)

    settled = [at for at in sent if at > START + 2]
    assert most_in_a_second(settled) <= 1_000
    assert len(settled) >= 8 * (1_000 / (1 + MARGIN) - replies) * 0.99


def test_no_room_is_kept_for_replies_long_after_the_last() -> None:
    pacer = Pacer(1_000)
    for number in range(50):
        pacer.record(Lane.REPLY, number + 1, START)
    quiet = Pacer(1_000)
    for number in range(980):
        for one in (pacer, quiet):
            one.record(Lane.NOTICE, number + 1, START + 60 + number / 1_000)

    assert pacer.ready_at(Lane.NOTICE, 0, START + 61) == quiet.ready_at(Lane.NOTICE, 0, START + 61)


@pytest.mark.parametrize("lane", list(Lane))
def test_a_refusal_holds_every_lane(lane: Lane) -> None:
    pacer = Pacer(25)

    pacer.penalise(5, START)

    assert pacer.ready_at(lane, 7, START) >= START + 5


def test_when_a_pause_ends_replies_go_before_bulk() -> None:
    pacer = Pacer(25)

    pacer.penalise(5, START)

    end = pacer.paused_until
    assert pacer.ready_at(Lane.ANSWER, 7, START) == pacer.ready_at(Lane.REPLY, 7, START) == end
    assert pacer.ready_at(Lane.REMINDER, 8, START) == pytest.approx(end + 1 / 12.5)


@given(st.lists(st.tuples(st.floats(0, 60), st.floats(0, 3))))
def test_a_pause_never_ends_early(refusals: list[tuple[float, float]]) -> None:
    pacer, now, promised = Pacer(25), START, 0.0
    for retry_after, gap in refusals:
        now += gap
        promised = max(promised, now + retry_after)
        pacer.penalise(retry_after, now)

        assert pacer.paused_until == promised


def test_the_rate_halves_once_a_pause_and_recovers_by_a_tenth_each_ten_seconds() -> None:
    pacer = Pacer(20)
    for milliseconds in range(5):
        pacer.penalise(2, START + milliseconds / 1000)

    end = pacer.paused_until
    measured = [pacer.rate_at(end + seconds) for seconds in (-1, 0, 10, 20, 50, 1000)]
    assert measured == pytest.approx([10, 10, 12, 14, 20, 20])


def test_each_further_pause_halves_what_had_recovered() -> None:
    pacer = Pacer(20)

    pacer.penalise(1, START)
    pacer.penalise(1, START + 11)

    assert pacer.rate_at(START + 11) == pytest.approx(6)


def test_the_rate_never_falls_below_one_a_second() -> None:
    rate = AdaptiveRate(25)
    for step in range(50):
        rate.refuse(START + 2 * step, START + 2 * step + 1)

    assert rate.at(START + 99) == 1


def test_a_broadcast_after_a_refusal_goes_at_the_reduced_rate() -> None:
    pacer = Pacer(25)
    broadcast(pacer, 100, jitter=0)
    pacer.penalise(1, START + 4)

    first = pacer.ready_at(Lane.NOTICE, 500, START + 4)
    pacer.record(Lane.NOTICE, 500, first)

    assert pacer.ready_at(Lane.NOTICE, 501, first) - first == pytest.approx(1 / 12.5, rel=0.01)


def test_after_a_refusal_replies_keep_within_the_window_until_the_rate_has_recovered() -> None:
    pacer = Pacer(25)
    pacer.penalise(1, START)
    for chat in range(1, 31):
        pacer.record(Lane.REPLY, chat, START + 1)

    assert pacer.ready_at(Lane.REPLY, 99, START + 1) == pytest.approx(START + 2 + MARGIN)
    assert pacer.ready_at(Lane.REPLY, 99, START + 60) <= START + 60


def test_nobody_is_lost_and_no_storm_follows_where_the_server_enforces_its_window() -> None:
    pacer, now, refused = Pacer(25), START, Counter[str]()
    arrived: list[float] = []
    waiting = [(Lane.REPLY, chat) for chat in range(1, 301)] + [(Lane.NOTICE, chat) for chat in range(301, 601)]
    while waiting:
        ready = [max(now, pacer.ready_at(lane, chat, now)) for lane, chat in waiting[:1] + waiting[-1:]]
        lane, chat = waiting[0 if ready[0] <= ready[1] else -1]
        now = min(ready)
        pacer.record(lane, chat, now)
        if len(arrived) - bisect_right(arrived, now - 1.0) >= 30:
            refused[lane.name] += 1
            pacer.penalise(1, now)
        else:
            arrived.append(now)
            waiting.remove((lane, chat))

    assert len(arrived) == 600
    assert refused == {"REPLY": 1}


def test_chats_that_have_been_quiet_are_forgotten() -> None:
    pacer, now = Pacer(1000), START
    for number in range(1, 20_001):
        now += 0.01
        pacer.record(Lane.REPLY, number if number % 10 else -number, now)

    assert pacer.chats_remembered < 100 * 3 + 10 * 61 + 100 + 10


def test_a_window_with_room_is_ready() -> None:
    window = Window(2, 1.0)

    window.record(START)

    assert window.ready_at() <= START


@pytest.mark.parametrize(("rate", "window"), [(1, 30), (25, 30), (30, 30), (100, 120), (900, 1000), (1000, 1000)])
def test_the_window_is_telegrams_30_or_leaves_room_above_a_paid_rate(rate: int, window: int) -> None:
    assert window_of(rate) == window


def test_a_call_that_was_long_on_its_way_counts_from_when_it_came() -> None:
    pacer = Pacer(rate=1, window=2)
    for chat, left in ((1, START), (2, START + 0.1)):
        pacer.record(Lane.REPLY, chat, left)

    pacer.land(START + 0.1, START + 0.15)
    pacer.land(START, START + 0.35)

    assert pacer.ready_at(Lane.NOTICE, 3, START + 0.4) == pytest.approx(START + 0.1 + 1 + MARGIN, abs=1e-3)


def test_answers_that_all_take_the_same_time_delay_nothing() -> None:
    pacer = Pacer(rate=30, window=2)
    for chat, left in ((1, START), (2, START + 0.1)):
        pacer.record(Lane.REPLY, chat, left)
        pacer.land(left, left + 0.5)

    assert pacer.ready_at(Lane.NOTICE, 3, START + 0.7) == pytest.approx(START + 1 + MARGIN, abs=1e-3)


def test_a_moments_crowd_on_the_way_is_not_taken_for_the_way_itself() -> None:
    pacer = Pacer(rate=1000, window=1)
    pacer.land(START - 0.05, START)
    for number in range(500):
        landed = START + number * 0.0004
        pacer.land(landed - 0.15, landed)
    left = START + 0.2

    pacer.record(Lane.REPLY, 1, left)
    pacer.land(left, left + 0.15)

    assert pacer.ready_at(Lane.NOTICE, 2, left + 0.2) == pytest.approx(left + 0.1 + 1 + MARGIN, abs=2e-3)


def test_a_way_that_became_longer_is_believed_after_a_while() -> None:
    pacer = Pacer(rate=1000, window=1)
    pacer.land(START - 0.05, START)
    for second in range(1, 61):
        pacer.land(START + second - 0.15, START + second)
    left = START + 61

    pacer.record(Lane.REPLY, 1, left)
    pacer.land(left, left + 0.15)

    assert pacer.ready_at(Lane.NOTICE, 2, left + 0.2) == pytest.approx(left + 1 + MARGIN, abs=1e-3)


def test_connections_that_open_slowly_do_not_break_the_window() -> None:
    pacer, now, arrivals, landing = Pacer(rate=1000, window=100), START, list[float](), list[tuple[float, float]]()
    for chat in range(1, 1_000):
        while (ready := pacer.ready_at(Lane.NOTICE, chat, now)) > now or (landing and landing[0][0] <= now):
            at, left = landing.pop(0) if landing and landing[0][0] <= ready else (ready, 0.0)
            now = max(now, at)
            if left:
                pacer.land(left, now)
        pacer.record(Lane.NOTICE, chat, now)
        arrived = now + 0.025 + (0.3 if chat <= 50 else 0.0)
        arrivals.append(arrived)
        landing = sorted([*landing, (arrived + 0.025, now)])

    assert most_in_a_second(sorted(arrivals)) <= 100
