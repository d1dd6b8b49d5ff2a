from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import codes
from bot.checkin import rules
from bot.checkin.rules import Freshness, Scan, Status

SECRET = "5e" * 32
NINE = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def judge(shown_at: datetime, typed_at: datetime) -> Freshness:
    code = rules.code_of(SECRET, 7, rules.step_of(shown_at))
    return rules.judge_code(SECRET, 7, code, rules.accepted_steps(typed_at))


def test_a_period_lasts_fifteen_seconds() -> None:
    steps = {rules.step_of(NINE + n * SECOND) for n in range(15)}

    assert steps == {rules.step_of(NINE)}
    assert rules.step_of(NINE + 15 * SECOND) == rules.step_of(NINE) + 1


def test_a_code_has_six_characters_without_look_alikes() -> None:
    code = rules.code_of(SECRET, 7, rules.step_of(NINE))

    assert codes.is_code(code, 6)
    assert not set("01OIL") & set(code)


@pytest.mark.parametrize(
    ("age", "freshness"),
    [
        (0, Freshness.VALID), (5, Freshness.VALID), (14, Freshness.VALID), (15, Freshness.VALID),
        (16, Freshness.VALID), (29, Freshness.VALID), (30, Freshness.OLD), (31, Freshness.OLD), (60, Freshness.OLD),
        (300, Freshness.OLD), (330, Freshness.WRONG), (-15, Freshness.WRONG), (-1, Freshness.VALID),
    ],
)  # fmt: skip
def test_a_code_shown_at_the_start_of_its_period_is_good_for_thirty_seconds(age: int, freshness: Freshness) -> None:
    assert judge(NINE, NINE + age * SECOND) is (Freshness.WRONG if age < 0 else freshness)


def test_the_code_of_the_next_period_is_not_accepted_a_second_before_it() -> None:
    assert judge(NINE + 15 * SECOND, NINE + 14 * SECOND) is Freshness.WRONG


def test_a_code_is_good_if_it_was_good_at_either_of_two_instants() -> None:
    code = rules.code_of(SECRET, 7, rules.step_of(NINE))
    accepted = rules.accepted_steps(NINE, NINE + 10 * MINUTE)

    assert rules.judge_code(SECRET, 7, code, accepted) is Freshness.VALID


def test_the_code_of_another_activity_is_wrong() -> None:
    code = rules.code_of(SECRET, 8, rules.step_of(NINE))

    assert rules.judge_code(SECRET, 7, code, rules.accepted_steps(NINE)) is Freshness.WRONG


def test_a_payload_fits_into_a_deep_link_and_is_read_back() -> None:
    payload = rules.payload_of(SECRET, 36**12 - 1, rules.step_of(NINE))

    scan = rules.read_payload(payload)

    assert len(payload) <= 64
    assert set(payload) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    assert scan is not None
    assert (scan.activity_id, scan.step) == (36**12 - 1, rules.step_of(NINE))
    assert rules.judge_scan(SECRET, scan, rules.accepted_steps(NINE)) is Freshness.VALID


@given(st.integers(0, 51), st.sampled_from("0123456789abcdefghijklmnopqrstuvwxyz-_Z"))
def test_a_payload_with_any_character_changed_is_never_valid(place: int, character: str) -> None:
    payload = rules.payload_of(SECRET, 7, rules.step_of(NINE))
    place %= len(payload)
    changed = payload[:place] + character + payload[place + 1 :]

    scan = rules.read_payload(changed)

    genuine = scan is not None and rules.judge_scan(SECRET, scan, rules.accepted_steps(NINE)) is Freshness.VALID
    assert genuine == (changed == payload)


@given(st.integers(0, 40))
def test_a_payload_cut_off_anywhere_is_not_read(length: int) -> None:
    payload = rules.payload_of(SECRET, 7, rules.step_of(NINE))

    assert rules.read_payload(payload[: min(length, len(payload) - 1)]) is None


def test_a_payload_with_something_after_it_is_not_read() -> None:
    assert rules.read_payload(rules.payload_of(SECRET, 7, 1) + "0") is None


@pytest.mark.parametrize(("age", "freshness"), [(29, Freshness.VALID), (30, Freshness.OLD), (86_400, Freshness.OLD)])
def test_a_scan_grows_old_and_says_so(age: int, freshness: Freshness) -> None:
    scan = rules.read_payload(rules.payload_of(SECRET, 7, rules.step_of(NINE)))
    assert scan is not None

    assert rules.judge_scan(SECRET, scan, rules.accepted_steps(NINE + age * SECOND)) is freshness


def test_a_scan_from_before_our_clock_stepped_back_is_not_accepted() -> None:
    scan = rules.read_payload(rules.payload_of(SECRET, 7, rules.step_of(NINE)))
    assert scan is not None

    assert rules.judge_scan(SECRET, scan, rules.accepted_steps(NINE - MINUTE)) is Freshness.OLD


def test_a_scan_signed_with_another_secret_is_wrong() -> None:
    scan = rules.read_payload(rules.payload_of("other", 7, rules.step_of(NINE)))
    assert scan is not None

    assert rules.judge_scan(SECRET, scan, rules.accepted_steps(NINE)) is Freshness.WRONG


def test_a_button_belongs_to_one_person_and_activity() -> None:
    mac = rules.button_mac(SECRET, 7, 42)

    assert rules.is_button_of(mac, SECRET, 7, 42)
    assert not rules.is_button_of(mac, SECRET, 7, 43)
    assert not rules.is_button_of(mac, SECRET, 8, 42)
    assert not rules.is_button_of("é" * 24, SECRET, 7, 42)


def test_a_projector_token_names_its_activity_and_holds_128_bits() -> None:
    token = rules.token_of(SECRET, 7)

    assert rules.read_token(token) == 7
    assert len(token.partition("-")[2]) * 4 == 128
    assert rules.is_token_of(token, SECRET, 7)
    assert not rules.is_token_of(token, "other", 7)
    assert not rules.is_token_of("é", SECRET, 7)


@pytest.mark.parametrize("text", ["", "7", "7-", "7-xyz", "../7", "7-" + "0" * 31, "7-" + "0" * 33, "-1-" + "0" * 32])
def test_what_is_no_projector_token_is_not_read(text: str) -> None:
    assert rules.read_token(text) is None


def test_a_receipt_is_short_and_the_same_each_time() -> None:
    assert len(rules.receipt_of(SECRET, 7, 42)) == 5
    assert rules.receipt_of(SECRET, 7, 42) == rules.receipt_of(SECRET, 7, 42)
    assert rules.receipt_of(SECRET, 7, 42) != rules.receipt_of(SECRET, 7, 43)


@pytest.mark.parametrize(
    ("minutes", "status"),
    [(-60, Status.PRESENT), (0, Status.PRESENT), (10, Status.PRESENT), (10.1, Status.LATE), (120, Status.LATE)],
)
def test_whoever_comes_more_than_ten_minutes_after_the_start_is_late(minutes: float, status: Status) -> None:
    assert rules.status_of(NINE + minutes * MINUTE, NINE) is status


def test_whoever_has_no_arrival_is_missing() -> None:
    assert rules.status_of(None, NINE) is Status.MISSING


def test_minutes_late_are_whole_and_never_negative() -> None:
    assert rules.minutes_late(NINE + timedelta(minutes=14, seconds=59), NINE) == 14
    assert rules.minutes_late(NINE - MINUTE, NINE) == 0


@given(
    st.sampled_from([Status.PRESENT, Status.LATE, Status.MISSING]),
    st.none() | st.integers(-100, 300),
    st.integers(-60, 600),
)
def test_the_arrival_of_a_mark_always_has_the_status_of_the_mark(to: Status, kept: int | None, now: int) -> None:
    before = None if kept is None else NINE + kept * MINUTE

    arrival = rules.arrival_for(to, before, NINE, NINE + now * MINUTE)

    assert rules.status_of(arrival, NINE) is to


def test_a_mark_keeps_the_arrival_that_agrees_with_it() -> None:
    arrived = NINE + 23 * MINUTE

    assert rules.arrival_for(Status.LATE, arrived, NINE, NINE + 60 * MINUTE) == arrived


def test_a_window_closes_two_hours_after_the_end_unless_closed_before() -> None:
    assert rules.closes_at(NINE, None) == NINE + timedelta(hours=2)
    assert rules.closes_at(NINE, NINE + MINUTE) == NINE + MINUTE
    assert rules.closes_at(NINE, NINE + timedelta(hours=5)) == NINE + timedelta(hours=2)


@pytest.mark.parametrize(("failures", "seconds"), [(8, 30), (9, 60), (10, 120), (12, 480), (13, 600), (99, 600)])
def test_waits_double_from_the_eighth_wrong_code_to_ten_minutes(failures: int, seconds: int) -> None:
    assert rules.waits_until(failures, NINE, NINE) == NINE + seconds * SECOND


def test_nobody_waits_before_the_eighth_wrong_code_or_after_the_wait() -> None:
    assert rules.waits_until(7, NINE, NINE) is None
    assert rules.waits_until(8, NINE, NINE + 30 * SECOND) is None
    assert rules.waits_until(99, NINE, NINE + timedelta(hours=2)) is None


def test_a_payload_is_understood_field_by_field() -> None:
    assert rules.read_payload("c-7-zz-" + "a" * 24) == Scan(7, 1295, "a" * 24)
