from datetime import datetime, timedelta

import pytest

from bot.checkin import gate
from bot.checkin import service as checkin
from bot.checkin.gate import BadPersonCode, Gated, GateOutcome, NoneOpen, NotAKeeper, OldPersonCode, OwnCode
from bot.checkin.outcomes import AlreadyIn, Arrived, TooEarly
from bot.errors import NotLinked
from bot.people import service as people
from bot.people.service import Speaker
from tests.support.checkin_camp import START, Camp

HOUR = timedelta(hours=1)


def payload(camp: Camp, number: int = 0, at: datetime = START) -> str:
    """The code on a trainee's phone."""
    step = int(at.timestamp() // gate.HALF_DAY)
    return camp.do(lambda s: gate.payload_of(people.secret(s, gate.SECRET), camp.trainees[number].person_id, step))


def scan(camp: Camp, text: str, who: Speaker | None = None, at: datetime = START) -> GateOutcome:
    """Scan it."""
    return camp.do(
        lambda s: checkin.scan_person(s, speaker=who or camp.coordinator, payload=text, at=at, received_at=at, now=at)
    )


def test_a_scanned_person_is_recorded_once_by_whoever_scanned(camp: Camp) -> None:
    camp.open()

    first, second = scan(camp, payload(camp)), scan(camp, payload(camp))

    assert isinstance(first, Gated)
    assert isinstance(first.outcome, Arrived)
    assert isinstance(second, Gated)
    assert isinstance(second.outcome, AlreadyIn)
    row = camp.attendance()
    assert row is not None
    assert (row.method, row.way, row.marked_by) == ("hand", "gate", camp.coordinator.person_id)


def test_a_code_of_the_day_before_yesterday_is_old_and_one_of_this_morning_is_not(camp: Camp) -> None:
    camp.open()
    old = payload(camp, at=START - 48 * HOUR)

    assert scan(camp, old) == OldPersonCode()
    assert isinstance(scan(camp, payload(camp), at=START + HOUR), Gated)


@pytest.mark.parametrize("text", ["p-", "p-1-1-" + "0" * 24, "p-zz", "p-" + "x" * 60])
def test_a_payload_that_is_not_ours_is_no_persons_code(camp: Camp, text: str) -> None:
    camp.open()

    assert scan(camp, text) == BadPersonCode()


def test_a_truncated_or_altered_code_records_nobody(camp: Camp) -> None:
    camp.open()
    good = payload(camp)
    altered = good[:-1] + ("0" if good[-1] != "0" else "1")

    assert [scan(camp, text) for text in (good[:-1], altered)] == [BadPersonCode()] * 2
    assert camp.arrivals() == []


def test_only_those_who_keep_the_check_in_may_scan(camp: Camp) -> None:
    _, _, stranger = camp.stranger_cohort()
    camp.open()

    assert scan(camp, payload(camp), camp.trainees[1]) == NotAKeeper()
    assert scan(camp, payload(camp), stranger) == NotAKeeper()
    assert scan(camp, payload(camp), camp.trainees[0]) == OwnCode()
    with pytest.raises(NotLinked):
        camp.do(lambda s: checkin.scan_person(s, speaker=None, payload="p-", at=START, received_at=START, now=START))


def test_before_the_doors_and_without_a_check_in_nothing_is_recorded(camp: Camp) -> None:
    none = scan(camp, payload(camp))
    camp.open(at=START - 2 * HOUR)
    early = scan(camp, payload(camp, at=START - 2 * HOUR), at=START - 2 * HOUR)

    assert isinstance(none, NoneOpen)
    assert [one.id for one in none.coming] == [camp.lecture]
    assert isinstance(early, Gated)
    assert isinstance(early.outcome, TooEarly)
    assert camp.arrivals() == []
