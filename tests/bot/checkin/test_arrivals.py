import json
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session

from bot.checkin import arrivals, queries
from bot.checkin import service as checkin
from bot.checkin.models import Method
from bot.checkin.outcomes import (
    AlreadyIn,
    Arrived,
    Cancelled,
    Closed,
    MarkedMissing,
    NotACode,
    NotEnrolled,
    NothingOpen,
    NotYours,
    OldCode,
    OtherActivity,
    Outcome,
    Pressed,
    Scanned,
    SlowDown,
    TooEarly,
    Typed,
    WrongCode,
)
from bot.checkin.rules import Status
from bot.codes import to_base36
from bot.errors import NotLinked
from bot.people.service import Speaker
from tests.support.checkin_camp import START, Camp

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
WRONG = "222222"


def test_the_typed_code_on_the_screen_checks_a_person_in(camp: Camp) -> None:
    camp.open()

    outcome = camp.type(camp.code(START), START)

    assert isinstance(outcome, Arrived)
    assert (outcome.activity.id, outcome.at, outcome.status) == (camp.lecture, START, Status.PRESENT)
    assert len(outcome.receipt) == 5
    assert camp.arrivals() == [START]


def test_the_scanned_payload_checks_a_person_in(camp: Camp) -> None:
    camp.open()

    outcome = camp.scan(camp.payload(START), START)

    assert isinstance(outcome, Arrived)
    row = camp.attendance()
    assert row is not None
    assert row.method == Method.SCAN


@pytest.mark.parametrize("shape", ["{}", "{} ", "lower", "spaced", "full-width", "dashed"])
def test_a_code_is_understood_however_it_was_typed(camp: Camp, shape: str) -> None:
    camp.open()
    code = camp.code(START)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    typed = {
        "lower": code.lower(),
        "spaced": f" {code[:3]}　{code[3:]}",
        "full-width": wide,
        "dashed": f"{code[:3]}-{code[3:]}",
    }.get(shape, shape.format(code))

    assert isinstance(camp.type(typed, START), Arrived)


@pytest.mark.parametrize("text", ["", "12345", "ABCDEFG", "ABCDE0", "签到签到签到", "A" * 4096])
def test_what_is_not_shaped_like_a_code_is_not_counted_as_a_try(camp: Camp, text: str) -> None:
    camp.open()

    assert camp.type(text, START) == NotACode()
    assert camp.count(queries.GUESS) == 0


@pytest.mark.parametrize(("age", "outcome"), [(5, Arrived), (16, Arrived), (29, Arrived), (31, OldCode), (60, OldCode)])
@pytest.mark.parametrize("way", ["typed", "scanned"])
def test_a_screenshot_is_good_for_its_period_and_the_next(camp: Camp, age: int, outcome: type, way: str) -> None:
    camp.open()
    at = START + age * SECOND

    seen = camp.type(camp.code(START), at) if way == "typed" else camp.scan(camp.payload(START), at)

    assert type(seen) is outcome
    assert len(camp.arrivals()) == (outcome is Arrived)


def test_an_old_code_costs_no_try(camp: Camp) -> None:
    camp.open()

    camp.type(camp.code(START), START + MINUTE)

    assert camp.count(queries.GUESS) == 0


def test_the_next_periods_code_is_wrong(camp: Camp) -> None:
    camp.open()

    assert camp.type(camp.code(START + 15 * SECOND), START + 14 * SECOND) == WrongCode(7)
    assert camp.arrivals() == []


def test_the_next_periods_scan_is_refused(camp: Camp) -> None:
    camp.open()

    assert isinstance(camp.scan(camp.payload(START + 15 * SECOND), START + 14 * SECOND), OldCode)
    assert camp.arrivals() == []


def test_a_backlog_refuses_nobody_and_makes_nobody_late(camp: Camp) -> None:
    camp.open()

    outcome = camp.claim(Typed(camp.code(START)), at=START, received_at=START + 20 * MINUTE)

    assert isinstance(outcome, Arrived)
    assert (outcome.at, outcome.status) == (START, Status.PRESENT)


def test_a_message_sent_before_the_closing_counts_though_it_came_after(camp: Camp) -> None:
    camp.open()
    code = camp.code(START)
    camp.close(at=START + MINUTE)

    outcome = camp.claim(Typed(code), at=START, received_at=START + 2 * MINUTE)

    assert isinstance(outcome, Arrived)


def test_a_code_on_our_clock_is_good_when_telegrams_clock_is_behind(camp: Camp) -> None:
    camp.open()
    ours = START + 16 * SECOND

    outcome = camp.claim(Typed(camp.code(ours)), at=START, received_at=ours)

    assert isinstance(outcome, Arrived)


def test_after_our_clock_stepped_back_the_code_now_on_the_screen_works(camp: Camp) -> None:
    camp.open()
    stepped = START - 10 * MINUTE

    assert isinstance(camp.scan(camp.payload(START), stepped), OldCode)
    assert isinstance(camp.scan(camp.payload(stepped), stepped), Arrived)


def test_whoever_comes_eleven_minutes_after_the_start_is_late(camp: Camp) -> None:
    camp.open()
    at = START + 11 * MINUTE

    outcome = camp.type(camp.code(at), at)

    assert isinstance(outcome, Arrived)
    assert outcome.status is Status.LATE


def test_the_first_time_stands_however_often_somebody_comes_again(camp: Camp) -> None:
    camp.open()
    first = camp.type(camp.code(START), START)
    later = START + 30 * MINUTE

    again = [camp.type(camp.code(later), later), camp.scan(camp.payload(later), later)]

    assert isinstance(first, Arrived)
    assert again == [AlreadyIn(first.activity, START, first.receipt)] * 2
    assert camp.arrivals() == [START]


def test_a_hundred_taps_in_one_transaction_make_one_row_and_one_line_of_the_log(camp: Camp) -> None:
    camp.open()
    payload = camp.payload(START)

    kinds = camp.do(
        lambda session: [
            type(
                checkin.record_arrival(
                    session, speaker=camp.trainees[0], claim=Scanned(payload), at=START, received_at=START, now=START
                )
            )
            for _ in range(100)
        ]
    )

    assert kinds == [Arrived] + [AlreadyIn] * 99
    assert (len(camp.arrivals()), len(camp.changes("arrive"))) == (1, 1)


def test_whoever_is_in_hears_so_also_for_an_old_code(camp: Camp) -> None:
    camp.open()
    camp.type(camp.code(START), START)

    assert isinstance(camp.scan(camp.payload(START), START + HOUR), AlreadyIn)
    assert isinstance(camp.type(camp.code(START), START + MINUTE), AlreadyIn)


def test_the_log_says_who_when_and_how_and_holds_no_code(camp: Camp) -> None:
    camp.open()
    code = camp.code(START)

    camp.type(code, START)

    (line,) = camp.changes("arrive")
    assert (line.actor_id, line.person_id) == (camp.trainees[0].person_id,) * 2
    assert (line.subject_id, line.cohort_id) == (camp.lecture, camp.cohort)
    assert json.loads(line.after or "") == {
        "arrived_at": "2026-12-07T01:00:00Z",
        "method": "code",
        "source": "in1",
    }
    assert code not in (line.after or "")


def test_who_comes_too_early_is_told_when_it_opens_and_gets_a_button_that_works_then(camp: Camp) -> None:
    early, opening = START - 61 * MINUTE, START - 60 * MINUTE
    camp.open(at=early)

    first = camp.scan(camp.payload(early), early)
    assert isinstance(first, TooEarly)
    still = camp.claim(Pressed(camp.lecture, first.mac), opening - SECOND)
    then = camp.claim(Pressed(camp.lecture, first.mac), opening)

    assert first.opens_at == opening
    assert still == first
    assert isinstance(then, Arrived)
    assert camp.arrivals() == [opening]


def test_an_early_button_forwarded_to_somebody_else_does_nothing(camp: Camp) -> None:
    camp.open(at=START - 2 * HOUR)
    early = camp.scan(camp.payload(START - 2 * HOUR), START - 2 * HOUR)
    assert isinstance(early, TooEarly)

    assert camp.claim(Pressed(camp.lecture, early.mac), START, camp.trainees[1]) == NotYours()
    assert camp.claim(Pressed(camp.visit, early.mac), START) == NotYours()
    assert camp.arrivals() == []


def test_an_early_button_is_refused_after_the_closing(camp: Camp) -> None:
    camp.open(at=START - 2 * HOUR)
    early = camp.scan(camp.payload(START - 2 * HOUR), START - 2 * HOUR)
    assert isinstance(early, TooEarly)
    camp.close(at=START + HOUR)

    assert isinstance(camp.claim(Pressed(camp.lecture, early.mac), START + HOUR + SECOND), Closed)


def test_an_activity_moved_while_open_follows_its_new_hour(camp: Camp) -> None:
    camp.open()
    camp.change_activity(camp.lecture, starts_at=START + 2 * HOUR, ends_at=START + 4 * HOUR)

    assert isinstance(camp.type(camp.code(START), START), TooEarly)


def test_a_cancelled_activity_needs_no_check_in(camp: Camp) -> None:
    camp.open()
    payload = camp.payload(START)
    camp.change_activity(camp.lecture, cancelled_at=START)

    assert isinstance(camp.scan(payload, START), Cancelled)
    assert isinstance(camp.type(camp.code(START), START), Cancelled)
    assert camp.arrivals() == []


def test_a_closed_check_in_says_so_for_scan_and_code(camp: Camp) -> None:
    camp.open()
    camp.close(at=START + 5 * SECOND)
    at = START + 6 * SECOND

    assert isinstance(camp.scan(camp.payload(START), at), Closed)
    assert isinstance(camp.type(camp.code(START), at), Closed)
    assert isinstance(camp.scan(camp.payload(START), at + HOUR), Closed)


def test_a_forgotten_check_in_is_over_two_hours_after_the_end(camp: Camp) -> None:
    camp.open()
    over = START + 4 * HOUR

    assert isinstance(camp.type(camp.code(over - SECOND), over - SECOND), Arrived)
    assert isinstance(camp.type(camp.code(over), over, camp.trainees[1]), Closed)


def test_the_code_decides_between_two_open_activities(camp: Camp) -> None:
    camp.open()
    camp.open(camp.visit)
    at = START + 2 * HOUR

    outcome = camp.type(camp.code(at, camp.visit), at)

    assert isinstance(outcome, Arrived)
    assert (outcome.activity.id, camp.arrivals()) == (camp.visit, [])


def test_another_camps_code_is_named_as_such_beside_the_own_activity(camp: Camp) -> None:
    _, other, coordinator = camp.stranger_cohort()
    camp.open()
    camp.do(lambda s: checkin.open_checkin(s, speaker=coordinator, activity_id=other, now=START))

    seen = [camp.type(camp.code(START, other), START), camp.scan(camp.payload(START, other), START)]

    for outcome in seen:
        assert isinstance(outcome, OtherActivity)
        assert (outcome.activity.id, [own.id for own in outcome.own]) == (other, [camp.lecture])
    assert camp.arrivals(other) == []


def test_a_code_of_a_list_one_is_not_on_says_so(camp: Camp) -> None:
    camp.open()

    seen = [
        camp.type(camp.code(START), START, camp.coordinator),
        camp.scan(camp.payload(START), START, camp.coordinator),
    ]

    assert [type(outcome) for outcome in seen] == [NotEnrolled, NotEnrolled]


def test_whoever_left_the_cohort_is_no_longer_on_its_list(camp: Camp) -> None:
    camp.open()
    table = queries.MEMBERSHIP
    who = camp.trainees[0].person_id
    camp.do(lambda s: s.connection().execute(table.update().where(table.c.person_id == who).values(left_at=START)))

    assert isinstance(camp.type(camp.code(START), START), NotEnrolled)


def test_without_anything_open_the_next_activity_is_named(camp: Camp) -> None:
    outcome = camp.type(WRONG, START - HOUR)

    assert isinstance(outcome, NothingOpen)
    assert outcome.following is not None
    assert outcome.following.id == camp.lecture
    assert camp.type(WRONG, START + 24 * HOUR) == NothingOpen(None)


@pytest.mark.parametrize(
    "payload", ["c-", "c-zzz", "c-1-2-3", "c-9999-1-" + "a" * 24, "c-zzzzzzzzzzzzz-1-" + "a" * 24, "c-" + "x" * 62]
)
def test_a_payload_that_is_not_ours_is_wrong(camp: Camp, payload: str) -> None:
    camp.open()

    assert camp.scan(payload, START) == WrongCode()


def test_a_payload_with_another_activitys_number_put_in_is_wrong(camp: Camp) -> None:
    camp.open()
    camp.open(camp.visit)
    parts = camp.payload(START).split("-")
    parts[1] = to_base36(camp.visit)

    assert camp.scan("-".join(parts), START) == WrongCode()


def test_an_account_that_is_linked_to_nobody_is_refused(camp: Camp) -> None:
    camp.open()
    code = camp.code(START)

    with pytest.raises(NotLinked):
        camp.do(
            lambda s: checkin.record_arrival(s, speaker=None, claim=Typed(code), at=START, received_at=START, now=START)
        )


def test_the_eighth_wrong_code_makes_wait_and_the_right_one_does_not_help_before(camp: Camp) -> None:
    camp.open()

    tries = [camp.type(WRONG, START) for _ in range(8)]
    during = camp.type(camp.code(START), START)
    after = camp.type(camp.code(START + 30 * SECOND), START + 30 * SECOND)

    assert tries == [WrongCode(left) for left in range(7, 0, -1)] + [SlowDown(START + 30 * SECOND)]
    assert during == SlowDown(START + 30 * SECOND)
    assert isinstance(after, Arrived)


def test_a_success_forgets_the_wrong_codes(camp: Camp) -> None:
    camp.open()
    camp.type(WRONG, START)

    camp.type(camp.code(START), START)

    assert camp.count(queries.GUESS) == 0


def test_wrong_codes_are_forgiven_after_an_hour(camp: Camp) -> None:
    camp.open()
    for _ in range(7):
        camp.type(WRONG, START)

    assert camp.type(WRONG, START + 61 * MINUTE) == WrongCode(7)


def test_a_scan_still_works_for_somebody_who_mistyped_too_often(camp: Camp) -> None:
    camp.open()
    for _ in range(8):
        camp.type(WRONG, START)

    assert isinstance(camp.scan(camp.payload(START), START), Arrived)


def test_whom_a_coordinator_marked_missing_only_a_coordinator_lets_in_again(camp: Camp) -> None:
    camp.open()
    camp.type(camp.code(START), START)
    camp.do(
        lambda s: checkin.mark(
            s,
            speaker=camp.coordinator,
            activity_id=camp.lecture,
            person_id=camp.trainees[0].person_id,
            to=Status.MISSING,
            now=START,
        )
    )

    assert isinstance(camp.scan(camp.payload(START), START), MarkedMissing)
    assert camp.arrivals() == [None]


def test_what_is_open_now_is_what_still_waits(camp: Camp) -> None:
    camp.open()
    camp.open(camp.visit)
    camp.type(camp.code(START), START)

    found = camp.see(lambda s: checkin.open_now(s, speaker=camp.trainees[0], now=START))

    assert [activity.id for activity in found.waiting] == [camp.visit]
    assert [done.activity.id for done in found.done] == [camp.lecture]
    assert found.following is None


def test_a_check_in_takes_three_statements_and_the_rules_are_read_once_a_batch(camp: Camp) -> None:
    camp.open()
    code, seen = camp.code(START), []
    event.listen(camp.database.connect(), "before_cursor_execute", lambda *a: seen.append(a[2]))

    kinds = camp.do(lambda session: [type(arrive(session, camp, who, code)) for who in camp.trainees])

    assert kinds == [Arrived] * 3
    statements = [line.split()[0] for line in seen if not line.startswith("BEGIN")]
    assert statements == ["SELECT", "SELECT", "SELECT", "SELECT", "INSERT", "INSERT"]
    assert arrivals.REMEMBERED == HOUR


def arrive(session: Session, camp: Camp, who: Speaker, code: str) -> Outcome:
    return checkin.record_arrival(session, speaker=who, claim=Typed(code), at=START, received_at=START, now=START)
